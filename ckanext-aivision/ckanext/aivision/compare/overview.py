"""Compare two countries: overall, by dimension, by criterion and by publisher. Pure: no clock, no I/O."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ckanext.aivision.compare.estimates.country import country, publishers
from ckanext.aivision.compare.estimates.differences import (
    LEAST_DATA_SETS,
    LEAST_PUBLISHERS,
    comparable_weights,
    reasons_left_out,
)
from ckanext.aivision.compare.estimates.figures import Comparison, LeftOut, Method, Overview, Sensitivity
from ckanext.aivision.compare.estimates.intervals import LEVEL, Array
from ckanext.aivision.compare.estimates.measures import DRAWS, Measures, in_words
from ckanext.aivision.compare.estimates.sample import CriterionLike, Sample, sample
from ckanext.aivision.compare.estimates.sensitivity import sensitivity
from ckanext.aivision.compare.lens import through
from ckanext.aivision.compare.notes import SAMPLES_BANNER, note_on_samples, notes
from ckanext.aivision.compare.tallies.known_share import LEAST_KNOWN
from ckanext.aivision.compare.tallies.tally import Tally, merged, without_samples
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.registry import DIMENSIONS


def overview(
    tallies: Sequence[Tally],
    criteria: Sequence[CriterionLike],
    countries: tuple[str, str] = ("US", "GB"),
    seed: int = 0,
    lens: Lens | None = None,
) -> Overview:
    """Compares two countries.

    tallies: in any order, several of one publisher are added up. criteria: the rubric's, in its order.
    countries: ISO 3166-1 alpha-2; differences are the first minus the second. seed: of the bootstrap and of the random
    weightings; the same tallies and seed give the same figures. lens: through which the countries are compared as well.
    Samples are compared only where neither country has a real record, and `banner` says so then.
    Either country, or both, may be without datasets; the figures that need them are None then, and `notes` say so.
    Raises UsageError if tallies were made under different versions of the rubric.
    """
    known = merged(tallies)
    everything = without_samples(known, countries)
    samples_only = any(tally.sample for tally in everything if tally.country in countries)
    left_out = 0 if samples_only else sum(tally.data_sets for tally in known if tally.sample)
    compared = [tally for tally in everything if tally.country in countries]
    labels = [COUNTRIES.get(code, code) for code in countries]
    samples = {
        code: sample([tally for tally in compared if tally.country == code], criteria, DIMENSIONS) for code in countries
    }
    both = list(samples.values())
    out = reasons_left_out(both, labels, criteria)
    measures = Measures(samples, labels, criteria, out, seed)
    overall, by_criterion = measures.overall(), measures.criteria()
    described = [country(one, code, label) for (code, one), label in zip(samples.items(), labels, strict=True)]
    listed = [row for code, one in samples.items() for row in publishers(one, code)]
    others = _others(everything, countries)
    comparable = comparable_weights(criteria, DIMENSIONS, out)[:, 0]
    found = Overview(
        rubric_version=everything[0].rubric_version if everything else "",
        first_date=min((tally.first_date for tally in compared), default=None),
        last_date=max((tally.last_date for tally in compared), default=None),
        method=Method(LEVEL, DRAWS, seed, LEAST_PUBLISHERS, LEAST_DATA_SETS, 100 * LEAST_KNOWN),
        notes=notes(described, overall, by_criterion, listed, others) + note_on_samples(left_out),
        countries=described,
        overall=overall,
        dimensions=measures.dimensions(),
        criteria=by_criterion,
        left_out=[LeftOut(criteria[index].id, in_words(criteria[index].id), reason) for index, reason in out.items()],
        sensitivity=_sensitivity(both, comparable, overall.comparison, seed),
        publishers=listed,
        other_countries=others,
        samples=samples_only,
        banner=SAMPLES_BANNER if samples_only else "",
    )
    return found if lens is None else with_lens(found, compared, criteria, lens)


def with_lens(found: Overview, tallies: Sequence[Tally], criteria: Sequence[CriterionLike], lens: Lens) -> Overview:
    """An overview with the comparison through one more lens; tallies and criteria as it was made from."""
    codes, labels = [row.code for row in found.countries], [row.label for row in found.countries]
    compared = [tally for tally in without_samples(merged(tallies), codes) if tally.country in codes]
    return msgspec.structs.replace(found, lens=through(lens, compared, criteria, codes, labels, found.method.seed))


def _sensitivity(samples: Sequence[Sample], weights: Array, overall: Comparison, seed: int) -> Sensitivity:
    """Of a difference that can be stated at all."""
    found = sensitivity(samples[0], samples[1], weights, seed)
    if overall.distinguishable is None and found.by_publisher is not None:
        return Sensitivity(found.weightings, None, None, overall.note)
    return found


def _others(tallies: Sequence[Tally], countries: Sequence[str]) -> dict[str, int]:
    others: dict[str, int] = {}
    for tally in tallies:
        if tally.country not in countries:
            others[tally.country] = others.get(tally.country, 0) + tally.data_sets
    return others
