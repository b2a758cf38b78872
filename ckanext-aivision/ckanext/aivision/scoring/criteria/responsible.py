"""Responsible: does the record cover the people behind the data, and how the data can mislead?"""

from __future__ import annotations

import re

from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.facts.distributions import addressed, is_home_page
from ckanext.aivision.scoring.facts.evidence import listed, stated, statement, without_distributions
from ckanext.aivision.scoring.facts.table_quality import PLACE, looks_personal, profiled
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, not_applicable, passed, unknown, valued

# Columns that hold the errors of others: `moe`, `estimate_se`, `ci_lower`, `Upper 95% CI`.
_ERROR_COLUMN = re.compile(
    r"(?:^|[\W_])(?:moe|margins? ?of ?error|standard[\W_]?errors?|std[\W_]?err(?:or)?|se|rse|cv|ci|[lu]cl|"
    r"confidence[\W_]?(?:interval|limit)s?|uncertaint(?:y|ies)|error)(?:$|[\W_])",
    re.IGNORECASE,
)
_LONGEST_COLUMN = 100


@criterion("personal-data-addressed")
def personal_data_addressed(dataset: Dataset, context: Context) -> Finding:
    said = dataset.personal_data or ""
    measures = statement(dataset.personal_data_measures)
    # "None" is an answer here, and the best one; elsewhere it stands for no answer.
    nobody = said.lower() == "none"
    answered = nobody or not is_placeholder(said)
    if nobody or (answered and measures is not None):
        return passed("personal_data", f"{said}: {measures}" if measures else f"{said} in the data")
    records = statement(dataset.system_of_records)
    if measures is None and records is not None and not is_home_page(records):
        # A system of records is one of people, by law (5 U.S.C. 552a), and its notice says how they are protected.
        return passed("system_of_records", records)
    if answered:
        half = context.partly(0.75, "personal_data")
        return valued(half, "personal_data", f"{said}, but not what was done to protect people")
    looked_for = "whether people can be identified"
    return stated(dataset, context, "personal_data", measures, "personal_data", looked_for)


@criterion("representativeness-described")
def representativeness_described(dataset: Dataset, context: Context) -> Finding:
    return stated(dataset, context, "biases", dataset.biases, "biases", "who or what the data cover poorly")


@criterion("uses-described")
def uses_described(dataset: Dataset, context: Context) -> Finding:
    """Half for what the data are meant for, half for what they are not."""
    halves = (
        stated(dataset, context, "uses", dataset.uses, "uses", "intended uses"),
        stated(dataset, context, "unsuitable_uses", dataset.unsuitable_uses, "unsuitable_uses", "unsuitable uses"),
    )
    told = [half for half in halves if half.value]
    if not told:
        return halves[0]
    value = sum(half.value or 0 for half in told) / 2
    evidence = " / ".join(half.evidence for half in told)
    return valued(context.partly(value, "uses", "unsuitable_uses"), told[0].field, evidence)


@criterion("uncertainty-described")
def uncertainty_described(dataset: Dataset, context: Context) -> Finding:
    if statement(dataset.uncertainty) is None:
        columns = [name for item in dataset.distribution for name in item.columns]
        if errors := [name for name in columns if _ERROR_COLUMN.search(name[:_LONGEST_COLUMN])]:
            return passed("distribution[].columns", f"columns with margins of error: {listed(errors)}")
    return stated(dataset, context, "uncertainty", dataset.uncertainty, "uncertainty", "margins of error")


@criterion("personal-data-answered")
def personal_data_answered(dataset: Dataset, context: Context) -> Finding:
    """Which columns they are is for those who can mend it: the evaluation is public, so it tells their number."""
    if not addressed(dataset):
        return without_distributions(dataset, context, PLACE)
    flagged = looks_personal(dataset, context)
    if flagged:
        said = personal_data_addressed(dataset, context)
        seen = f"columns that look like personal data: {flagged}"
        if said.value is None or said.value == 0:
            return context.absent("personal_data", f"{seen}; whether they are")
        return valued(said.value, said.field, f"{seen}; {said.evidence}")
    if any(not found.refusal for _, found in profiled(dataset, context)):
        return not_applicable(PLACE, "no column of its files looks like personal data")
    return unknown(PLACE, "columns that look like personal data: no file was profiled")
