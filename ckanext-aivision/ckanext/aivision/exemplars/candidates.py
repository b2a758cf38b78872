"""Record and result -> a candidate to be shown as an example."""

from __future__ import annotations

import msgspec

from ckanext.aivision.exemplars.excerpts import excerpt_of
from ckanext.aivision.exemplars.quality import is_personal, is_refused, quality_of
from ckanext.aivision.exemplars.rules import load_rules
from ckanext.aivision.exemplars.selection import Candidate
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.results import Result

_LONGEST_EVIDENCE = 300


def candidate_of(id: str, agency: str, dataset: Dataset, result: Result, score: float | None) -> Candidate | None:
    """What a dataset can show of a criterion that it passes; None if nothing, or nothing that may be shown.

    id: of the dataset in the catalogue. agency: its id or that of the publisher. score: the dataset's, 0 to 100 points.
    """
    rule = load_rules().get(result.criterion)
    if rule is None or result.result != "pass":
        return None
    found = excerpt_of(dataset, result, rule)
    if found is None or is_refused(found, rule):
        return None
    moment = dataset.modified or dataset.issued
    return Candidate(
        criterion=result.criterion,
        id=id,
        agency=agency,
        quality=round(quality_of(found, rule, dataset.title, score), 3),
        key=" ".join(found.text.lower().split()),
        place=found.place,
        # It quotes more of the record than is shown.
        evidence="" if is_personal(result.evidence, rule) else result.evidence[:_LONGEST_EVIDENCE],
        excerpt=msgspec.json.encode(found.part).decode(),
        day=moment.value.isoformat() if moment is not None and moment.value is not None else "",
    )
