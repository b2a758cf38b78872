"""Stored link checks and file profiles of datasets."""

from __future__ import annotations

from collections.abc import Sequence

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.catalogue.observations import file_profiles, links
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.facts.distributions import linked
from ckanext.aivision.scoring.observations.observations import NOTHING, Observed

_ANYTHING = sa.text("SELECT EXISTS (SELECT FROM aivision_link) OR EXISTS (SELECT FROM aivision_file_profile)")


def observed(datasets: Sequence[Dataset]) -> list[Observed]:
    """What is held of the addresses of each dataset; of links and of files nothing if none was ever looked at."""
    if not model.Session.execute(_ANYTHING).scalar():
        return [NOTHING] * len(datasets)
    urls = [[str(item.url) for item in linked(dataset)] for dataset in datasets]
    known = file_profiles.find({url for some in urls for url in some})
    found = []
    for some, answered in zip(urls, links.observed(datasets), strict=True):
        files = {url: known[url] for url in some if url in known}
        found.append(Observed(links=answered.links, files=files or None) if files else answered)
    return found
