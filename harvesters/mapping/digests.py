"""A set of texts that takes little memory: a reading of a country's catalogue remembers half a million identifiers."""

from __future__ import annotations

import hashlib
import os
from array import array

_FEWEST_SLOTS = 1024
_BYTES = array("I").itemsize


class Digests:
    """The texts that were added, numbered from 0 in that order.

    Of each it keeps a digest of 64 bits and a slot: about 16 bytes, where a set of the texts takes 150. The digests are
    made with a secret of this process, so nobody can write texts that are taken for one another, and by chance any two
    of half a million are with a probability of 1 in 100 million.
    """

    def __init__(self) -> None:
        self._secret = os.urandom(16)
        self._digests = array("Q")
        # Open addressing with linear probing: the number of a text plus 1, or 0 where a slot is free.
        self._slots = array("I", bytes(_BYTES * _FEWEST_SLOTS))

    def __len__(self) -> int:
        return len(self._digests)

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self.number(text) is not None

    def number(self, text: str) -> int | None:
        """The number of a text, or None if it was not added."""
        number = self._slots[self._slot(self._digest(text))]
        return number - 1 if number else None

    def add(self, text: str) -> bool:
        """Adds a text; says whether it was new."""
        digest = self._digest(text)
        slot = self._slot(digest)
        if self._slots[slot]:
            return False
        self._digests.append(digest)
        self._slots[slot] = len(self._digests)
        if 3 * len(self._digests) > 2 * len(self._slots):
            self._grow()
        return True

    def _digest(self, text: str) -> int:
        # A lone surrogate, which a record's JSON may have, has no UTF-8 form.
        encoded = text.encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(encoded, digest_size=8, key=self._secret).digest(), "little")

    def _slot(self, digest: int) -> int:
        """The slot of a digest, or the free one that it would take."""
        slots, digests = self._slots, self._digests
        last = len(slots) - 1
        slot = digest & last
        while (number := slots[slot]) and digests[number - 1] != digest:
            slot = (slot + 1) & last
        return slot

    def _grow(self) -> None:
        self._slots = array("I", bytes(2 * _BYTES * len(self._slots)))
        for number, digest in enumerate(self._digests, 1):
            self._slots[self._slot(digest)] = number
