"""What a site offers of its catalogue, if only the address of the site is known."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib import resources
from urllib.parse import urlsplit, urlunsplit

import msgspec

from ckanext.aivision.errors import FetchRefused, SourceError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.protocols.ckan.addresses import action_address
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.recognition import api_behind, api_of, protocol_of, recognise_document
from ckanext.aivision.harvesters.sources.source import Source, resolve, shown_address

_CKAN = "ckan"


class _Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    path: str
    kind: str


@functools.cache
def _places() -> tuple[_Place, ...]:
    path = resources.files("ckanext.aivision.config") / "offers.yaml"
    return tuple(msgspec.yaml.decode(path.read_bytes(), type=list[_Place]))


def find_offer(url: str, session: Session) -> Source:
    """The source that an address is, or else the first one of config/offers.yaml that answers below it.

    Only the beginning of a document is read. The source has the kind that was found, and the name of `url`.

    Raises UsageError for what is no address, and SourceError, with what the address itself answers, if nothing does.
    """
    refusal: SourceError | None = None
    for source in candidates(url):
        try:
            kind = _kind_at(source, session)
        except FetchRefused:
            raise
        except SourceError as error:
            refusal = refusal or error
            continue
        if kind:
            return msgspec.structs.replace(source, kind=kind)
    tried = ", ".join(place.path for place in _places() if place.path)
    reason = f" ({refusal})" if refusal is not None else ""
    raise SourceError(
        f"{shown_address(url)}: no catalogue can be read there{reason}, and below it there is no CKAN API, {tried}; "
        "give the address of its data.json, CKAN portal or DCAT"
    )


def offer_at(url: str, address: str, kind: str) -> Source | None:
    """The source that `find_offer` found before, without asking again; None if it is none of those of `url`.

    address: as it was shown. kind: that was found.
    """
    for source in candidates(url):
        if shown_address(source.url) == address and source.kind in ("", kind):
            return msgspec.structs.replace(source, kind=kind)
    return None


def candidates(url: str) -> Iterator[Source]:
    """The address itself, of no stated kind, and what sites usually have below it. Raises UsageError if it is none."""
    given = resolve(url)
    yield given
    parts = urlsplit(given.url)
    if parts.query:
        return
    for place in _places():
        path = f"{parts.path.rstrip('/')}/{place.path}" if place.path else parts.path
        address = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        yield msgspec.structs.replace(given, url=address, kind=place.kind)


def _kind_at(source: Source, session: Session) -> str:
    """The kind of what a source's address answers; empty if it is none of ours, or another than the source's."""
    api = api_of(source)
    if api == _CKAN:
        return api if _is_ckan(source.url, session) else ""
    if api and not source.kind:
        return api  # Its address can be of nothing else.
    with session.stream(source.url, accept=source.accept) as opened:
        head = Document(opened, source.name, source.url).head
        if api:
            found_api = protocol_of(api).serves(msgspec.structs.replace(source, kind=""), head, session)
            return api if found_api else ""
        if behind := api_behind(source, head, session):
            return behind
        found = recognise_document(head, source.kind)
    name = found.protocol.kind.name if found is not None else ""
    return name if source.kind in ("", name) else ""


def _is_ckan(url: str, session: Session) -> bool:
    address, params = action_address(url, "package_search")
    answer = session.json(address, {**params, "rows": 0})
    return isinstance(answer, dict) and answer.get("success") is True
