"""What the catalogue has of each record of a source, held in little memory."""

from __future__ import annotations

import hashlib
import tracemalloc
import uuid

from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.catalogue.harvest.source_ledger import Entry, Ledger, Present

HASHES = st.one_of(st.binary(min_size=32, max_size=32).map(bytes.hex), st.text(max_size=5))
PACKAGES = st.one_of(st.none(), st.uuids().map(str), st.just(str(uuid.UUID(int=0))), st.text(max_size=5))
ENTRIES = st.builds(Entry, content_hash=HASHES, package_id=PACKAGES, gone=st.booleans())


@given(st.dictionaries(st.text(max_size=4), ENTRIES), st.sets(st.text(max_size=4)))
def test_it_gives_each_entry_as_it_came_and_tells_what_was_not_seen(entries: dict[str, Entry], seen: set[str]) -> None:
    ledger = Ledger(entries.items())
    assert {identifier: ledger.get(identifier) for identifier in [*entries, *seen]} == {
        identifier: entries.get(identifier) for identifier in [*entries, *seen]
    }
    present = {identifier: entry.content_hash for identifier, entry in entries.items() if not entry.gone}
    assert (len(ledger), ledger.active) == (len(entries), len(present))
    assert {name: Present(ledger).get(name) for name in entries} == {name: present.get(name) for name in entries}
    for identifier in seen:
        ledger.see(identifier)
    assert ledger.missing([*entries, *seen]) == sorted(present.keys() - seen)


def test_half_a_million_entries_fit_in_60_megabytes() -> None:
    number = 4_000
    tracemalloc.start()
    try:
        hashes = (hashlib.sha256(str(at).encode()).hexdigest() for at in range(number))
        ledger = Ledger(
            (f"https://data.example.gov/{at}", Entry(digest, str(uuid.uuid4()))) for at, digest in enumerate(hashes)
        )
        assert tracemalloc.get_traced_memory()[0] / len(ledger) < 60e6 / 500_000
    finally:
        tracemalloc.stop()
