"""What a store has of each record of one source, in about 90 bytes each: a country's catalogue has half a million."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import msgspec

from ckanext.aivision.harvesters.mapping.digests import Digests

_HASH, _ID = 32, 16
_GONE, _SEEN = 1, 2


class Entry(msgspec.Struct, frozen=True):
    """What the catalogue holds of one record of a source. gone: the source did not have it the last time."""

    content_hash: str
    package_id: str | None = None
    gone: bool = False


class Ledger:
    """The entries of one source by identifier, and which of them a reading has seen.

    It does not keep the identifiers: `missing` is given them again.
    """

    def __init__(self, entries: Iterable[tuple[str, Entry]] = ()) -> None:
        """entries: by identifier, each of which may come once only."""
        self._numbers = Digests()
        self._hashes, self._ids, self._flags = bytearray(), bytearray(), bytearray()
        # What has another form than SHA-256 and UUID.
        self._odd: dict[int, Entry] = {}
        self.active = 0
        for identifier, entry in entries:
            self._add(identifier, entry)

    def _add(self, identifier: str, entry: Entry) -> None:
        if not self._numbers.add(identifier):
            return
        packed = _packed(entry)
        if packed is None:
            self._odd[len(self._flags)] = entry
            packed = bytes(_HASH + _ID)
        self._hashes += packed[:_HASH]
        self._ids += packed[_HASH:]
        self._flags.append(_GONE if entry.gone else 0)
        self.active += not entry.gone

    def __len__(self) -> int:
        return len(self._flags)

    def get(self, identifier: str) -> Entry | None:
        """The entry of a record, or None if the store does not have it."""
        number = self._numbers.number(identifier)
        if number is None:
            return None
        if number in self._odd:
            return self._odd[number]
        package_id = bytes(self._ids[_ID * number : _ID * (number + 1)])
        return Entry(
            self._hash(number),
            str(uuid.UUID(bytes=package_id)) if any(package_id) else None,
            bool(self._flags[number] & _GONE),
        )

    def present_hash(self, identifier: str) -> str | None:
        """The content hash of a record that the source had the last time; None for others."""
        number = self._numbers.number(identifier)
        return self._hash(number) if number is not None and not self._flags[number] & _GONE else None

    def _hash(self, number: int) -> str:
        odd = self._odd.get(number)
        return odd.content_hash if odd is not None else self._hashes[_HASH * number : _HASH * (number + 1)].hex()

    def see(self, identifier: str) -> None:
        """Notes that a reading of the source has shown a record."""
        number = self._numbers.number(identifier)
        if number is not None:
            self._flags[number] |= _SEEN

    def missing(self, identifiers: Iterable[str]) -> list[str]:
        """Those of the identifiers that no reading has shown and that were not gone before, sorted."""
        numbers = ((identifier, self._numbers.number(identifier)) for identifier in identifiers)
        return sorted(identifier for identifier, number in numbers if number is not None and not self._flags[number])


class Present:
    """The content hashes of what a ledger has and the source had the last time."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __len__(self) -> int:
        return self._ledger.active

    def get(self, identifier: str, /) -> str | None:
        """The content hash of a record, or None if it is not there."""
        return self._ledger.present_hash(identifier)


def _packed(entry: Entry) -> bytes | None:
    """The two identifiers of an entry in bytes, or None if they are written in another way than they would be read."""
    try:
        digest = bytes.fromhex(entry.content_hash)
        package_id = uuid.UUID(entry.package_id) if entry.package_id is not None else None
    except ValueError:
        return None
    if len(digest) != _HASH or digest.hex() != entry.content_hash:
        return None
    if package_id is None:
        return digest + bytes(_ID)
    return digest + package_id.bytes if package_id.int and str(package_id) == entry.package_id else None
