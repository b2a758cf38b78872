"""What a portal offers of its catalogue, if only the address of the site is known, and which of it tells the most."""

from __future__ import annotations

import shlex
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec

from ckanext.aivision.errors import AivisionError, SourceError
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.robots import robots_file
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.offers import candidates
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.protocols.recognition import api_of
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import Source, load_sources, shown_address
from ckanext.aivision.record import Dataset, Distribution

# One address is asked once or twice, and waited for a short time: there are many of them, and most are not there.
LIMITS = Limits(connect=5, read=20, total=60, retries=1, longest_wait=5)
_SAMPLE = 10
# With less than this share of the datasets of the largest one, an offer is a part of the catalogue.
_PART = 0.5
# What the records themselves do not tell.
_NOT_COUNTED = ("identifier", "title", "profile", "country", "source", "raw", "beside", "unread", "distribution")


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A catalogue that a site gives out.

    datasets: how many it says it has; None if it does not say. read: of a sample. fields: how many fields of a dataset
    and its files are filled in, on average.
    """

    kind: str
    address: str
    datasets: int | None
    read: int
    fields: float


def is_site(source: Source) -> bool:
    """Whether an address may be that of a site, whose catalogue is somewhere below it."""
    if not source.is_remote or source.kind or source.name in load_sources() or api_of(source):
        return False
    parts = urlsplit(source.url)
    return not parts.query and "." not in parts.path.rpartition("/")[2]


def find_offers(source: Source, session: Session) -> list[Offer]:
    """The catalogues of a site, the one that tells the most first; those that robots.txt forbids are not asked for.

    session: with short limits. If the address itself gives a catalogue in one document, it is the only one.
    """
    parts = urlsplit(source.url)
    robots = robots_file(session, urlunsplit((parts.scheme, parts.netloc, "", "", "")))
    found: list[Offer] = []
    for candidate in candidates(source.url):
        if not candidate.kind and parts.path in ("", "/"):
            continue  # Its front page, behind which the others are.
        if robots.refusal(candidate.url):
            continue
        offer = _offer_at(candidate, session)
        if offer is None or (offer.kind, offer.address) in [(one.kind, one.address) for one in found]:
            continue
        if not candidate.kind and not KINDS[offer.kind].is_api:
            return [offer]
        found.append(offer)
    most = max((offer.datasets or 0 for offer in found), default=0)
    return sorted(found, key=lambda offer: (-_is_whole(offer, most), -round(offer.fields, 1)))


def nothing_found(source: Source, error: SourceError) -> SourceError:
    """The error for a site that offers nothing. error: of the attempt to read the address itself."""
    return SourceError(
        f"{shown_address(source.url)}: no catalogue can be read there ({error.__cause__ or error}), nor in the places "
        "below it that config/offers.yaml lists; give the address of its data.json, DCAT or API"
    )


def _is_whole(offer: Offer, most: int) -> bool:
    return offer.datasets is None or offer.datasets >= _PART * most


def _offer_at(source: Source, session: Session) -> Offer | None:
    """What an address gives; None if it gives no dataset."""
    reading = open_source(source, session, _SAMPLE)
    taken = []
    try:
        taken = [record.dataset for record in reading if record.dataset is not None]
    except AivisionError:
        return None
    if not taken or (source.kind and reading.source.kind != source.kind):
        return None
    # A document that ended within the sample has told how many there are.
    datasets = reading.expected if reading.expected is not None else (len(taken) if reading.complete else None)
    fields = sum(map(_filled, taken)) / len(taken)
    kind, address = reading.source.kind, shown_address(source.url)
    return Offer(kind=kind, address=address, datasets=datasets, read=len(taken), fields=fields)


def _filled(dataset: Dataset) -> int:
    """The fields of a dataset and of its files that say something."""
    of_files = {name for file in dataset.distribution for name in _names(file)}
    return len([name for name in _names(dataset) if name not in _NOT_COUNTED]) + len(of_files - {"unread"})


def _names(record: Dataset | Distribution) -> list[str]:
    values: dict[str, Any] = msgspec.structs.asdict(record)
    return [name for name, value in values.items() if value not in (None, "", [], {}, False)]


def harvest_command(offer: Offer) -> str:
    """The command that harvests an offer into a directory."""
    return f"aivision harvest {shlex.quote(offer.address)} --kind {offer.kind} --into DIRECTORY"
