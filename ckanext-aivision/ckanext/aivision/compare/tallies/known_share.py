"""Whether enough is known for a mean, and the explanation if not.

Every form (page, picture, text alternative, terminal, JSON) follows this rule, as the figures themselves have no mean
where it says so.
"""

from __future__ import annotations

from ckanext.aivision.compare.tallies.tally import CriterionTally

LEAST_KNOWN = 0.5  # share of a country's datasets; what is known of fewer is seldom a fair sample of the rest
TOO_LITTLE = "too little known"

# A criterion that is failed by less than this share of those who do not pass it, the others being unknown, cannot tell
# good practice from silence. Up to this share of unknown results, silence does not matter.
_HARDLY_ANY = 0.05
_MOST_DECIMALS = 4


def too_little_known(share: float) -> bool:
    """share: 0 to 1, of the datasets, or of the questions by weight, that have an answer."""
    return share < LEAST_KNOWN


def reason_without_mean(counts: CriterionTally, agencies_share: float | None = None) -> str:
    """Why a criterion has no mean: `said by 2 % of datasets (605 of 29,026)`. Empty if it has one.

    counts: of the datasets by result. agencies_share: 0 to 1, the mean of the agencies' own shares of known
    results, where that is counted too: one large agency cannot answer for a country.

    A mean over the few who say something says nothing of the others, and where formats make the absence of a sentence
    unknown, nearly nobody can fail: the mean is that of those who pass, however many they are.
    """
    known, applicable = counts.known, counts.known + counts.unknown
    if not applicable:
        return "applies to none of the datasets"
    few = too_little_known(known / applicable)
    few_agencies = agencies_share is not None and too_little_known(agencies_share)
    if not (few or few_agencies or _hardly_fails(counts)):
        return ""
    verb = "known for" if counts.failed else "said by"
    reason = f"{verb} {percent(known, applicable)} of datasets ({known:,} of {applicable:,})"
    if few or not few_agencies or agencies_share is None:
        return reason
    return f"{reason}, but for only {percent(agencies_share, 1)} of those of an average agency"


def reason_without_group_mean(share: float, agencies_share: float) -> str:
    """As `reason_without_mean`, for several criteria together.

    share: 0 to 1, of the questions, by weight, that have an answer. agencies_share: the mean of the agencies' own.
    """
    if too_little_known(share):
        return f"known for {percent(share, 1)} of the questions, by weight"
    if too_little_known(agencies_share):
        return (
            f"known for {percent(share, 1)} of the questions, by weight, "
            f"but for only {percent(agencies_share, 1)} of those of an average agency"
        )
    return ""


def percent(part: float, whole: float) -> str:
    """A share as `2 %`, with decimals where it would otherwise be written as none, as all, or as the least needed."""
    value = 100 * part / whole if whole else 0.0
    for decimals in range(_MOST_DECIMALS):
        text = f"{value:.{decimals}f}"
        if float(text) not in (0, 100, 100 * LEAST_KNOWN) or float(text) == value:
            break
    return f"{text} %"


def _hardly_fails(counts: CriterionTally) -> bool:
    silent = counts.failed + counts.unknown
    often_unknown = counts.unknown > _HARDLY_ANY * (counts.known + counts.unknown)
    return often_unknown and counts.failed < _HARDLY_ANY * silent
