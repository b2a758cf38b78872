"""The state of a source between runs, so that the next run asks only for changes."""

from __future__ import annotations

import datetime
import hashlib

import msgspec

from ckanext.aivision.harvesters.sources.source import Source


class SourceState(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What one reading stores for the next. Plain JSON (`msgspec.json`), to be kept beside the source's ledger.

    address: a digest of the address it was made at; at another address it says nothing.
    etag, last_modified: of the document that was last read to the end, as the server wrote them (RFC 9110, 8.8).
    watermark: every change up to this moment has been seen (UTC, the source's own dates).
    full_ended: when the last full reading ended. Only a full one shows what is gone.
    cursor: where to continue an interrupted paged reading; empty if there is none.
    began, newest: of that broken reading: when it began, and the newest change it had seen.
    requests: (minutes since 1970, requests in that minute) of the last hour, where requests are budgeted.
    """

    address: str = ""
    etag: str = ""
    last_modified: str = ""
    watermark: datetime.datetime | None = None
    full_ended: datetime.datetime | None = None
    cursor: str = ""
    began: datetime.datetime | None = None
    newest: datetime.datetime | None = None
    requests: tuple[tuple[int, int], ...] = ()

    def full_is_due(self, source: Source, on: datetime.datetime) -> bool:
        """Whether everything must be read again, for what is gone does not show in a reading of changes."""
        if self.watermark is None or self.full_ended is None:
            return True
        return on - self.full_ended >= datetime.timedelta(days=source.full_every_days)

    def ended(self, on: datetime.datetime, full: bool) -> SourceState:
        """The state after a paged reading that came to the end.

        full: whether it saw the whole source from its first page to its last.
        """
        # What changed after the reading began may stand where it had passed by.
        seen = [min(self.newest, self.began or on)] if self.newest is not None else []
        if self.watermark is not None:
            seen.append(self.watermark)
        watermark = max(seen, default=None)
        return msgspec.structs.replace(
            self, watermark=watermark, full_ended=on if full else self.full_ended, cursor="", began=None, newest=None
        )


def state_of(source: Source, known: SourceState | None) -> SourceState:
    """The state to begin a reading with: the known one, or an empty one where it is of another address."""
    address = hashlib.blake2b(source.url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    if known is not None and known.address == address:
        return known
    return SourceState(address=address)
