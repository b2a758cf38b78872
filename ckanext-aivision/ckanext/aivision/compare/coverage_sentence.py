"""Who is counted, in one sentence made from the figures: what any page can show beside a comparison."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.aivision.compare.coverage import Bodies, CountryCoverage

# Sorts of agencies that are named; the others are added up.
MOST_NAMED = 4


def coverage_sentence(country: CountryCoverage, _: Callable[[str], str] = str) -> str:
    """`The UK here is 1,063 datasets of 56 agencies: 27 Scottish councils (61 per cent of the datasets), ...`.

    Sorts of agencies by the number of their datasets. _: looks a text up in the reader's language.
    """
    if not country.data_sets:
        return _("The {country} has no datasets here.").format(country=country.label)
    # A rest of one sort is shorter by its name.
    named = country.bodies if len(country.bodies) == MOST_NAMED + 1 else country.bodies[:MOST_NAMED]
    rest = country.bodies[len(named) :]
    parts = [_part(one, country.data_sets, _) for one in named]
    if rest:
        others = sum(one.agencies for one in rest)
        share = share_in_words(sum(one.data_sets for one in rest), country.data_sets, _)
        parts.append(_("{number} others ({share})").format(number=f"{others:,}", share=share))
    datasets = (
        _("1 dataset") if country.data_sets == 1 else _("{number} datasets").format(number=f"{country.data_sets:,}")
    )
    agencies = _("1 agency") if country.agencies == 1 else _("{number} agencies").format(number=f"{country.agencies:,}")
    return _("The {country} here is {datasets} of {agencies}: {parts}.").format(
        country=country.label, datasets=datasets, agencies=agencies, parts=", ".join(parts)
    )


def share_in_words(part: int, whole: int, _: Callable[[str], str] = str) -> str:
    """`61 per cent of the datasets`; never 0 of some, and never 100 of less than all. whole: more than 0."""
    share = 100 * part / whole
    if 0 < share < 1:
        return _("less than 1 per cent of the datasets")
    if 99 < share < 100:
        return _("more than 99 per cent of the datasets")
    return _("{share} per cent of the datasets").format(share=f"{share:.0f}")


def _part(one: Bodies, data_sets: int, _: Callable[[str], str]) -> str:
    words = _(one.one) if one.agencies == 1 else _(one.many)
    return _("{number} {bodies} ({share})").format(
        number=f"{one.agencies:,}", bodies=words, share=share_in_words(one.data_sets, data_sets, _)
    )
