"""Responsible: does the record cover the people behind the data, and how the data can mislead?"""

from __future__ import annotations

import re

from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.facts.distributions import leads_nowhere, linked
from ckanext.aivision.scoring.facts.evidence import (
    find_fact,
    find_mention,
    listed,
    own_statement,
    statement,
    without_distributions,
)
from ckanext.aivision.scoring.facts.personal_data import find_unprotected_personal_data
from ckanext.aivision.scoring.facts.table_quality import PLACE, looks_personal, profiled
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, failed, not_applicable, passed, unknown, valued

# Columns that hold the errors of others: `moe`, `estimate_se`, `ci_lower`, `Upper 95% CI`.
_ERROR_COLUMN = re.compile(
    r"(?:^|[\W_])(?:moe|margins? ?of ?error|standard[\W_]?errors?|std[\W_]?err(?:or)?|se|rse|cv|ci|[lu]cl|"
    r"confidence[\W_]?(?:interval|limit)s?|uncertaint(?:y|ies)|error)(?:$|[\W_])",
    re.IGNORECASE,
)
_LONGEST_COLUMN = 100
_OF_PEOPLE = ("personal_data_measures", "system_of_records")
# What kind of personal data there are, without what was done about them; and "no personal data" in so many words.
_WITHOUT_MEASURES, _BARE_DENIAL = 0.75, 0.25


@criterion("personal-data-addressed", without_measures=_WITHOUT_MEASURES, bare=_BARE_DENIAL)
def personal_data_addressed(dataset: Dataset, context: Context) -> Finding:
    if (seen := find_unprotected_personal_data(dataset)) is not None:
        # No more than silence, and no less: what follows from it beyond that is for the gates of the grade.
        said = f"people are named and not protected: {seen}"
        return (failed if context.carries("personal_data") else unknown)("personal_data", said)
    said = dataset.personal_data or ""
    measures = own_statement(dataset.personal_data_measures)
    # "None" is an answer here, and the best one; elsewhere it stands for no answer.
    nobody = said.lower() == "none"
    answered = nobody or not is_placeholder(said)
    if nobody or (answered and measures is not None):
        return passed("personal_data", f"{said}: {measures}" if measures else f"{said} in the data")
    records = statement(dataset.system_of_records)
    if measures is None and records is not None and not leads_nowhere(records):
        # A system of records is one of people, by law (5 U.S.C. 552a), and its notice says how they are protected.
        return passed("system_of_records", records)
    if answered:
        value = _WITHOUT_MEASURES
        return valued(value, "personal_data", f"{said}, but not what was done to protect people")
    looked_for = "whether people can be identified"
    found = find_fact(dataset, context, "personal_data", measures, "personal_data", looked_for, *_OF_PEOPLE)
    if found.value == 0 and (told := find_mention(dataset, "no_personal_data")) is not None:
        return valued(_BARE_DENIAL, told.field, f"{told.evidence}: but not what the data are about instead")
    return found


@criterion("representativeness-described")
def representativeness_described(dataset: Dataset, context: Context) -> Finding:
    return find_fact(dataset, context, "biases", dataset.biases, "biases", "who or what the data cover poorly")


@criterion("uses-described")
def uses_described(dataset: Dataset, context: Context) -> Finding:
    halves = (
        find_fact(dataset, context, "uses", dataset.uses, "uses", "intended or unsuitable uses", "unsuitable_uses"),
        find_fact(dataset, context, "unsuitable_uses", dataset.unsuitable_uses, "unsuitable_uses", "unsuitable uses"),
    )
    told = [half for half in halves if half.value]
    if not told:
        return halves[0]
    return passed(told[0].field, " / ".join(half.evidence for half in told))


@criterion("uncertainty-described")
def uncertainty_described(dataset: Dataset, context: Context) -> Finding:
    if own_statement(dataset.uncertainty) is None:
        columns = [name for item in dataset.distribution for name in item.columns]
        if errors := [name for name in columns if _ERROR_COLUMN.search(name[:_LONGEST_COLUMN])]:
            return passed("distribution[].columns", f"columns with margins of error: {listed(errors)}")
    return find_fact(dataset, context, "uncertainty", dataset.uncertainty, "uncertainty", "margins of error")


@criterion("personal-data-answered")
def personal_data_answered(dataset: Dataset, context: Context) -> Finding:
    """Which columns they are is for those who can mend it: the evaluation is public, so it tells their number."""
    if not linked(dataset):
        return without_distributions(dataset, context, PLACE)
    flagged = looks_personal(dataset, context)
    if flagged:
        said = personal_data_addressed(dataset, context)
        seen = f"columns that look like personal data: {flagged}"
        if said.value is None or said.value == 0:
            return context.absent("personal_data", f"{seen}; whether they are", dataset)
        return valued(said.value, said.field, f"{seen}; {said.evidence}")
    if any(not found.refusal for _, found in profiled(dataset, context)):
        return not_applicable(PLACE, "no column of its files looks like personal data")
    return unknown(PLACE, "columns that look like personal data: no file was profiled")
