"""How many catalogues a process writes at once: each keeps a thread busy for as long as its reader reads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator

from ckan.plugins import toolkit

_SETTING = "ckanext.aivision.limit_catalogues_at_once"
_lock = threading.Lock()
# By the address of the reader; all of them under the empty one.
_open: Counter[str] = Counter()


class AtOnce(Exception):
    """So many are being written that there is no room for another. own: whether all of them are of the same address."""

    def __init__(self, own: bool) -> None:
        super().__init__("too many catalogues are being downloaded")
        self.own = own


class Slot:
    """The right to write a catalogue; it is given back once, however the writing ends."""

    def __init__(self, who: str) -> None:
        """who: the address of the reader; empty for one who is logged in. Raises AtOnce."""
        most, own = toolkit.config[f"{_SETTING}_of_all"], toolkit.config[_SETTING]
        with _lock:
            if 0 < most <= _open[""]:
                raise AtOnce(own=False)
            if who and 0 < own <= _open[who]:
                raise AtOnce(own=True)
            self._places = {"", who}
            _open.update(self._places)

    def until_the_end(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces. Of an answer that nobody reads no piece is asked for: `release` then."""
        try:
            yield from pieces
        finally:
            self.release()

    def release(self) -> None:
        """Does nothing the second time."""
        with _lock:
            for place in self._places:
                _open[place] -= 1
                if not _open[place]:
                    del _open[place]
            self._places = set()
