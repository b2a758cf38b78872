"""Responsible: what is worth how much that is said of people, of gaps, of uses and of errors."""

from __future__ import annotations

from tests.scoring.conftest import Cases

CSV = {"download_url": "https://rivers.example/levels.csv"}
# Profiles that have a place for none of it.
US = {"profile": "dcat-us-1.1"}
UK = {"profile": "data-gov-uk"}

CASES: Cases = {
    "personal-data-addressed": [
        (1, {"personal_data": "none"}),
        (1, {"personal_data": "aggregated", "personal_data_measures": "Counts under five are left out."}),
        (1, {"personal_data": "present", "system_of_records": "https://rivers.example/notices/7"}),
        (1, {**US, "description": "Direct identifiers have been removed from the file."}),
        (1, {**UK, "description": "The survey data have been anonymised."}),
        (0.75, {"personal_data": "pseudonymised"}),
        (0.5, {"description": "Small numbers are suppressed to protect the confidentiality of patients."}),
        (0, {"personal_data": "TBD"}),
        (0, {"description": "Meetings of Alcoholics Anonymous, and fire suppression systems."}),
        (0, {}),
        (None, US),
        (None, UK),
    ],
    "representativeness-described": [
        (1, {"biases": "Small streams are covered poorly."}),
        (1, {**US, "description": "The sample is not representative of rural hospitals."}),
        (1, {**UK, "description": "The survey is subject to selection bias."}),
        (0.5, {"description": "Floods of small streams are undercounted."}),
        (0, {"biases": "none known"}),
        (0, {"description": "Grants for underrepresented minorities; the contact is the sales representative."}),
        (0, {}),
        (None, US),
    ],
    "uses-described": [
        (1, {"uses": "Flood studies and plans.", "unsuitable_uses": "Navigation of any kind."}),
        (1, {**US, "description": "These data are intended for flood studies."}),
        (1, {**UK, "description": "The map should not be used for navigation."}),
        (0.5, {"uses": "Flood studies and plans."}),
        (0.75, {"uses": "Flood studies and plans.", "description": "The levels should not be used for navigation."}),
        (0.25, {"description": "The levels should not be used for navigation."}),
        (0, {"uses": "TBD", "unsuitable_uses": "n/a"}),
        (0, {"description": "The drug should not be used for children; the programme is intended for farmers."}),
        (0, {}),
        (None, UK),
    ],
    "uncertainty-described": [
        (1, {"uncertainty": "Each level is good to 2 cm."}),
        (1, {"distribution": [{**CSV, "columns": ["gauge", "level", "level_se"]}]}),
        (1, {**US, "description": "Estimates are given with 95% confidence intervals."}),
        (1, {**UK, "description": "Standard errors of the estimates are in the second table."}),
        (0.5, {"description": "Margins of error are given for each county."}),
        (0, {"distribution": [{**CSV, "columns": ["gauge", "level", "server"]}]}),
        (0, {"description": "Confidence of the public in vaccines, and economic uncertainty."}),
        (0, {}),
        (None, US),
    ],
}
