"""Which source a catalogue without our change feed is."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.documents.directory import is_harvested
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.offers import find_offer, offer_at
from ckanext.aivision.harvesters.sources.source import Source


class _Account(msgspec.Struct):
    """What run.json says of the source of a copy."""

    source: str
    url: str
    kind: str


def source_at(url: str, into: Path, session: Session) -> Source:
    """What the catalogue at an address offers; what it offered before, if `into` has a copy of it.

    Another offer of the same catalogue may have other identifiers, by which the whole copy would seem to be gone.

    Raises UsageError for what is no address, or a directory of something else, and SourceError if nothing can be read.
    """
    if is_harvested(into):
        path = into / "run.json"
        try:
            last = msgspec.json.decode(path.read_bytes(), type=_Account)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: not a report of a run ({error}); choose another directory") from error
        before = offer_at(url, last.url, last.kind)
        if before is None:
            raise UsageError(f"{into}: is a copy of {last.source}, not of {url}; choose another directory")
        return before
    return find_offer(url, session)
