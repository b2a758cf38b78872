"""Facts about the links of a dataset, from the link checks."""

from __future__ import annotations

import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from ckanext.aivision.normalise import media_types
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.facts.distributions import linked, restriction
from ckanext.aivision.scoring.facts.evidence import listed, without_distributions
from ckanext.aivision.scoring.facts.formats import format_of
from ckanext.aivision.scoring.observations.observations import Link
from ckanext.aivision.scoring.registry import Context
from ckanext.aivision.scoring.results import Finding, not_applicable, unknown, valued

PLACE = "distribution[].url"
LEAST_PRECISE = 0.01  # DCAT 3, 6.8.10: a size may be approximated
_MADE_FOR_REQUEST = datetime.timedelta(hours=1)


def is_declared_as_page(distribution: Distribution) -> bool:
    """Whether the metadata say that a page, or a service that may answer with one, is at the address.

    What they say nothing of is a file: to say what it is can only mend that.
    """
    found = format_of(distribution)
    return found is not None and found.kind in ("page", "service")


# What is no data, whatever a record declares for it.
_NO_DATA = ("page", "document", "image", "program")
# A fault that shows what is there in the place of the data.
_OTHER_THAN_DATA = ("page-instead-of-data", "login-page", "empty")


def contradiction(distribution: Distribution, link: Link) -> str:
    """What an address serves in the place of the data that are declared for it, in words; empty if it does not.

    Only a media type that says what it is contradicts: `text/plain` and `application/octet-stream` do not.
    """
    declared = format_of(distribution)
    if link.state != "reachable" or link.fault or declared is None or declared.kind not in ("data", "archive"):
        return ""
    key = media_types.from_format(link.media_type).id if link.media_type else None
    served = media_types.traits(key) if key is not None else None
    if served is None or served.kind not in _NO_DATA:
        return ""
    return f"{link.url}: serves {link.media_type}, where {declared.key} is stated"


def serves_other(distribution: Distribution, link: Link) -> str:
    """Why an address gives no data, where checks have shown it; empty if they have not."""
    if link.fault in _OTHER_THAN_DATA and link.lasts and not is_declared_as_page(distribution):
        return line(link)
    return contradiction(distribution, link)


def checked(dataset: Dataset, context: Context) -> list[tuple[Distribution, Link]]:
    """The distributions whose address was checked, with what that told."""
    links = context.observed.links or {}
    return [(item, links[str(item.url)]) for item in linked(dataset) if item.url in links]


def share_of(
    dataset: Dataset, context: Context, good: list[str], bad: list[str], what: str, field: str = "distribution"
) -> Finding:
    """The share of addresses that are good. good, bad: a line of evidence each; what is unknown is in neither.

    what: what was looked for. field: a bad answer is no worse than silence where the profile has no
    place for this.
    """
    if not linked(dataset):
        return without_distributions(dataset, context, PLACE)
    if not good and not bad:
        return unknown(PLACE, _why_unknown(dataset, context, what))
    value = len(good) / (len(good) + len(bad))
    if value < 1 and (reason := restriction(dataset)) is not None:
        return not_applicable(PLACE, reason)
    if value < 1 and not context.carries(field):
        return unknown(PLACE, f"{what}: {listed(bad, 2)}")
    count = f"{what}: {len(good)} of {len(good) + len(bad)}"
    return valued(value, PLACE, f"{count}; not {listed(bad, 2)}" if bad else count)


def _why_unknown(dataset: Dataset, context: Context, what: str) -> str:
    found = checked(dataset, context)
    if not found:
        return f"{what}: not checked yet"
    first = next((link for _, link in found if link.fault), None)
    return f"{what}: not known yet" + (f"; {first.url}: {first.detail or first.fault}" if first is not None else "")


def changed_on(link: Link) -> datetime.date | None:
    """The day (UTC) on which a file last changed, as its server says (Last-Modified, RFC 9110, 8.8.2).

    None if it does not answer or does not say, and where it says the moment of the request: then it has made the
    file for it.
    """
    if link.state != "reachable" or link.fault or not link.last_modified:
        return None
    try:
        moment = parsedate_to_datetime(link.last_modified).astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError):
        return None
    if link.checked_at is not None and link.checked_at - moment < _MADE_FOR_REQUEST:
        return None
    return moment.date()


def line(link: Link) -> str:
    """An address with what was wrong with it, and since when."""
    since = f" since {link.failing_since:%Y-%m-%d}" if link.failing_since is not None else ""
    return f"{link.url}: {link.detail or link.fault}{since}"


def is_encrypted(link: Link) -> bool:
    try:
        return urlsplit(link.location or link.url).scheme.lower() == "https"
    except ValueError:
        return False


def agreements(distribution: Distribution, link: Link, context: Context) -> list[tuple[bool, str]]:
    """The facts of a file that can be held against what is served: whether each is stated rightly, with its evidence.

    A size may be off by a hundredth. Of checksums SHA-256 is compared, which is the one that a check computes.
    """
    found = []
    if link.byte_size is not None:
        stated = distribution.byte_size
        right = stated is not None and abs(stated - link.byte_size) <= LEAST_PRECISE * link.byte_size
        if right or context.carries("distribution.byte_size"):
            said = "no size" if stated is None else f"{stated:,} bytes"
            found.append((right, f"{link.url}: {said} stated, {link.byte_size:,} bytes served"))
    checksum = (distribution.checksum or "").strip().lower()
    if link.checksum is not None and len(checksum) in (0, len(link.checksum)):
        right = checksum == link.checksum
        if right or context.carries("distribution.checksum"):
            found.append((right, f"{link.url}: {'another' if checksum else 'no'} checksum stated"))
    return found
