"""Responsible: are the people behind the data, and the ways in which the data mislead, spoken of?"""

from __future__ import annotations

from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evidence import stated, statement
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, passed, valued


@criterion("personal-data-addressed")
def personal_data_addressed(dataset: Dataset, context: Context) -> Finding:
    said = dataset.personal_data
    # "None" is an answer here, and the best one; elsewhere it stands for no answer.
    if said and (said == "none" or not is_placeholder(said)):
        measures = statement(dataset.personal_data_measures)
        if said == "none" or measures is not None:
            return passed("personal_data", f"{said}: {measures}" if measures else f"{said} in the data")
        return valued(context.partly(0.75, "personal_data"), "personal_data", f"{said}, but not what was done to protect people")
    return stated(dataset, context, "personal_data", None, "personal_data", "whether people can be identified")


@criterion("representativeness-described")
def representativeness_described(dataset: Dataset, context: Context) -> Finding:
    return stated(dataset, context, "biases", dataset.biases, "biases", "whom or what the data cover poorly")


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
    evidence = " / ".join(half.evidence for half in told)
    value = sum(half.value or 0 for half in told) / 2
    return valued(context.partly(value, "uses", "unsuitable_uses"), told[0].field, evidence)


@criterion("uncertainty-described")
def uncertainty_described(dataset: Dataset, context: Context) -> Finding:
    return stated(dataset, context, "uncertainty", dataset.uncertainty, "uncertainty", "the errors of the figures")
