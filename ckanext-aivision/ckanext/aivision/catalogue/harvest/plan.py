"""Plan a harvest: which records are new, changed, unchanged, gone or refused. Pure: writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from ckanext.aivision.catalogue.harvest.source_ledger import Ledger
from ckanext.aivision.harvesters.mapping.content_hash import content_hash
from ckanext.aivision.record import Harvested

ChangeKind = Literal["new", "changed", "unchanged", "refused"]

# A source of at least this many datasets never loses all of them in one run without a person's yes.
SMALL_SOURCE = 5


class Change(msgspec.Struct, frozen=True):
    """One record of a run beside what the ledger said of it.

    returned: it was gone and is there again as it was, so that nothing of it has to be written but that.
    """

    kind: ChangeKind
    harvested: Harvested
    content_hash: str = ""
    package_id: str | None = None
    returned: bool = False


def plan(records: Iterable[Harvested], ledger: Ledger) -> Iterator[Change]:
    """Holds each record against what the catalogue has of its source, in the order of the source."""
    for harvested in records:
        if harvested.unchanged and harvested.identifier is not None:
            known = ledger.get(harvested.identifier)
            assert known is not None, "only what is known is read no further"
            yield Change("unchanged", harvested, known.content_hash, known.package_id)
            continue
        if harvested.dataset is None:
            yield Change("refused", harvested)
            continue
        digest = content_hash(harvested.raw, harvested.dataset.beside)
        entry = ledger.get(harvested.dataset.identifier)
        if entry is None:
            yield Change("new", harvested, digest)
        else:
            same = entry.content_hash == digest
            kind: ChangeKind = "unchanged" if same and not entry.gone else "changed"
            yield Change(kind, harvested, digest, entry.package_id, returned=same and entry.gone)


def removal_needs_confirmation(gone_count: int, ledger_count: int, max_share: float) -> bool:
    """Whether so many would be removed that a person has to confirm it.

    max_share: the largest share (0 to 1) of a source that may go in one run.
    """
    if gone_count == 0:
        return False
    if ledger_count < SMALL_SOURCE:
        return False
    return gone_count == ledger_count or gone_count > max_share * ledger_count
