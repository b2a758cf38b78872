"""A package's evaluation through a lens of this installation."""

from __future__ import annotations

from ckanext.aivision.catalogue.observations import observations
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.scoring.lenses.load import load_lens
from ckanext.aivision.scoring.lenses.view import LensView, view
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load


def lens_view(package_id: str, evaluation: Evaluation, name: str) -> LensView:
    """The record is read only where the lens asks it. Raises UsageError if there is no such lens."""
    lens, criteria = load_lens(name), load().at(evaluation.beyond)
    if not lens.has_metrics:
        return view(lens, evaluation.results, criteria)
    dataset = next(datasets([package_id]))[1]
    return view(lens, evaluation.results, criteria, dataset, observations.observed([dataset])[0])
