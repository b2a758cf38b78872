"""Compare two countries: overall, by dimension, by criterion, by agency and by publisher. Pure: no clock, no I/O."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

import msgspec

from ckanext.aivision.compare.answer import answer, lens_answer
from ckanext.aivision.compare.comparison_notes import SAMPLES_BANNER, note_on_samples, notes
from ckanext.aivision.compare.estimates import losses
from ckanext.aivision.compare.estimates.agency_figures import agencies
from ckanext.aivision.compare.estimates.country import country, publishers
from ckanext.aivision.compare.estimates.differences import comparable_weights, reasons_left_out
from ckanext.aivision.compare.estimates.figures import Comparison, LeftOut, Overview
from ckanext.aivision.compare.estimates.measures import DRAWS, Measures, in_words
from ckanext.aivision.compare.estimates.method import Dropped, Method, Sensitivity
from ckanext.aivision.compare.estimates.robustness.clustering import clusterings
from ckanext.aivision.compare.estimates.robustness.sensitivity import sensitivity
from ckanext.aivision.compare.estimates.sample import (
    LEAST_DATA_SETS,
    LEAST_OF_AGENCY,
    CriterionLike,
    Sample,
    of_tallies,
)
from ckanext.aivision.compare.estimates.statistics.intervals import LEAST_CLUSTERS, LEVEL, Array
from ckanext.aivision.compare.lens import through
from ckanext.aivision.compare.tallies.known_share import LEAST_KNOWN
from ckanext.aivision.compare.tallies.tally import Tally, merged, without_samples
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.registry import DIMENSIONS


@dataclasses.dataclass(frozen=True)
class About:
    """What a comparison says of its datasets beside their figures.

    first_date, last_date: of their evaluations. other_countries: datasets that are not compared, by country code.
    samples: whether all records are made up. samples_left_out: datasets that are, and are not counted beside real ones.
    """

    rubric_version: str = ""
    first_date: datetime.date | None = None
    last_date: datetime.date | None = None
    other_countries: Mapping[str, int] = dataclasses.field(default_factory=dict)
    samples: bool = False
    samples_left_out: int = 0


def overview(
    tallies: Sequence[Tally],
    criteria: Sequence[CriterionLike],
    countries: tuple[str, str] = ("US", "GB"),
    seed: int = 0,
    lens: Lens | None = None,
) -> Overview:
    """Compares two countries.

    tallies: in any order, several of one agency, publisher and source are added up. criteria: the rubric's, in its
    order. countries: ISO 3166-1 alpha-2; differences are the first minus the second. seed: of the bootstrap and of the
    random weightings; the same tallies and seed give the same figures. lens: through which the countries are compared
    as well.
    Samples are compared only where neither country has a real record, and `banner` says so then.
    Either country, or both, may be without datasets; the figures that need them are None then, and `notes` say so.
    Raises UsageError if tallies were made under different versions of the rubric.
    """
    known = merged(tallies)
    everything = without_samples(known, countries)
    samples_only = any(tally.sample for tally in everything if tally.country in countries)
    compared = [tally for tally in everything if tally.country in countries]
    about = About(
        rubric_version=everything[0].rubric_version if everything else "",
        first_date=min((tally.first_date for tally in compared), default=None),
        last_date=max((tally.last_date for tally in compared), default=None),
        other_countries=_others(everything, countries),
        samples=samples_only,
        samples_left_out=sum(tally.data_sets for tally in known) - sum(tally.data_sets for tally in everything),
    )
    return overview_of(_samples(compared, criteria, countries), criteria, about, seed, lens)


def overview_of(
    samples: Mapping[str, Sample],
    criteria: Sequence[CriterionLike],
    about: About,
    seed: int = 0,
    lens: Lens | None = None,
) -> Overview:
    """As `overview`, of samples that are arrays already.

    samples: of the two countries, by code, the first one first; with at least the criteria and all dimensions across.
    """
    labels = [COUNTRIES.get(code, code) for code in samples]
    lost, whole = _without_losses(samples, criteria)
    own = {code: one.asking([row.id for row in criteria]) for code, one in whole.items()}
    both = list(own.values())
    out = reasons_left_out(both, labels, criteria)
    measures = Measures(own, labels, criteria, out, seed)
    overall, by_criterion = measures.overall(), measures.criteria()
    described = [country(one, code, label) for (code, one), label in zip(own.items(), labels, strict=True)]
    comparable = comparable_weights(criteria, DIMENSIONS, out)[:, 0]
    listed = [row for code, one in own.items() for row in publishers(one, code)]
    said = notes(described, overall.comparison, listed, lost, about.other_countries)
    found = Overview(
        rubric_version=about.rubric_version,
        first_date=about.first_date,
        last_date=about.last_date,
        method=_method(seed),
        notes=said + note_on_samples(about.samples_left_out),
        countries=described,
        overall=overall,
        dimensions=measures.dimensions(),
        criteria=by_criterion,
        left_out=[LeftOut(criteria[index].id, in_words(criteria[index].id), reason) for index, reason in out.items()],
        sensitivity=_sensitivity(both, comparable, overall.comparison, seed),
        clustering=clusterings(both, comparable, overall.comparison, DRAWS, seed),
        dropped=lost,
        agencies=[row for code, one in own.items() for row in agencies(one, code)],
        publishers=listed,
        other_countries=dict(about.other_countries),
        samples=about.samples,
        banner=SAMPLES_BANNER if about.samples else "",
    )
    found = msgspec.structs.replace(found, notes=[answer(found), *found.notes])
    return found if lens is None else with_lens_of(found, samples, criteria, lens)


def with_lens(found: Overview, tallies: Sequence[Tally], criteria: Sequence[CriterionLike], lens: Lens) -> Overview:
    """An overview with the comparison through one more lens; tallies and criteria as it was made from."""
    codes = [row.code for row in found.countries]
    compared = [tally for tally in without_samples(merged(tallies), codes) if tally.country in codes]
    return with_lens_of(found, _samples(compared, criteria, codes), criteria, lens)


def with_lens_of(
    found: Overview, samples: Mapping[str, Sample], criteria: Sequence[CriterionLike], lens: Lens
) -> Overview:
    """As `with_lens`, of samples that are arrays already: with the rows of the lens that ask the records across too."""
    labels = [row.label for row in found.countries]
    _, own = _without_losses(samples, criteria)
    seen = through(lens, own, criteria, labels, found.method.seed)
    return msgspec.structs.replace(
        found, lens=msgspec.structs.replace(seen, verdict=lens_answer(seen, found.countries))
    )


def _samples(
    tallies: Sequence[Tally], criteria: Sequence[CriterionLike], countries: Sequence[str]
) -> dict[str, Sample]:
    """With the rubric's criteria across, and after them what else tallies have: what lenses ask of the records."""
    ids = [row.id for row in criteria]
    more = sorted({name for tally in tallies for name in tally.criteria}.difference(ids))
    return {
        code: of_tallies([tally for tally in tallies if tally.country == code], [*ids, *more], DIMENSIONS)
        for code in countries
    }


def _without_losses(
    samples: Mapping[str, Sample], criteria: Sequence[CriterionLike]
) -> tuple[list[Dropped], dict[str, Sample]]:
    """What sources lost of the rubric's criteria, and the samples without it; those come first across."""
    ids = [row.id for row in criteria]
    whole = {
        code: one.asking([*ids, *(name for name in one.criteria if name not in ids)]) for code, one in samples.items()
    }
    lost = losses.find_losses({code: one.asking(ids) for code, one in whole.items()})
    told = [
        Dropped(
            loss.country,
            losses.source_title(whole[loss.country].sources[loss.source]),
            ids[loss.criterion],
            in_words(ids[loss.criterion]),
            loss.data_sets,
        )
        for loss in lost
    ]
    return told, losses.as_unknown(whole, lost)


def _method(seed: int) -> Method:
    return Method(
        level=LEVEL,
        draws=DRAWS,
        seed=seed,
        least_agencies=LEAST_CLUSTERS,
        least_data_sets=LEAST_DATA_SETS,
        least_known=100 * LEAST_KNOWN,
        least_of_agency=LEAST_OF_AGENCY,
        correction="Holm",
        dropped_agencies=losses.LEAST_AGENCIES,
        dropped_data_sets=losses.LEAST_DATA_SETS,
        dropped_chance=losses.MOST_CHANCE,
    )


def _sensitivity(samples: Sequence[Sample], weights: Array, overall: Comparison, seed: int) -> Sensitivity:
    """Of a difference that can be stated at all."""
    found = sensitivity(samples[0], samples[1], weights, seed)
    if overall.distinguishable is None and found.by_agency is not None:
        return Sensitivity(found.weightings, None, None, overall.note)
    return found


def _others(tallies: Sequence[Tally], countries: Sequence[str]) -> dict[str, int]:
    others: dict[str, int] = {}
    for tally in tallies:
        if tally.country not in countries:
            others[tally.country] = others.get(tally.country, 0) + tally.data_sets
    return others
