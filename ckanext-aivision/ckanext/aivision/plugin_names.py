"""The names of our plugins in the site's list, `ckan.plugins`."""

from __future__ import annotations

WHOLE = "aivision"
CORE, DCAT, HARVEST, SCHEMA = FEATURES = ("aivision_core", "aivision_dcat", "aivision_harvest", "aivision_schema")
# Evaluates what is saved, and adds the fields of the search index.
EVALUATING = (WHOLE, CORE)
