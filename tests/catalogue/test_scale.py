"""However large a source is: each record comes once and whole, into database and index, in every protocol of `served`.

`make soak` does with a hundred thousand records what is done here with some hundred.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
import psutil
import pytest
from tests.catalogue import served
from tests.catalogue.served import Said, Served
from tests.catalogue.services import documents, emptied, pid_of, rows, streamed
from tests.portal import portal_of, serve

from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.package import to_package
from ckanext.aivision.services.stack import Stack, ckan_command

RECORDS = int(os.environ.get("AIVISION_SCALE_RECORDS", "120"))
LONGEST = 60 + RECORDS / 50  # seconds
# The reader with most of its own and the one of RDF, which holds most at a time; the others nightly.
BY_DAY = ("dcat-rdf", "dcat-us")
KINDS = [pytest.param(kind, marks=() if kind in BY_DAY else pytest.mark.nightly) for kind in served.PORTALS]
MOST_MEMORY = 400 * 10**6  # bytes
# With fewer records a fifth of them is too few for a rate.
RATES_FROM = 20_000


class Harvested(NamedTuple):
    """A harvest by `ckan aivision harvest`: the run's account, and the most memory that its process held, in bytes.

    spent: processor seconds up to then of its process, of PostgreSQL and of Solr, at moments of the run (UTC).
    """

    account: dict[str, Any]
    peak: int
    spent: list[tuple[datetime.datetime, float]]


class Kept(NamedTuple):
    """What the catalogue has: identifiers as often as they are there, and digests of content by identifier.

    read: of the records as they were read (`Said`, as the source has it). wanted: of the packages to be made of those.
    """

    identifiers: Counter[str]
    read: dict[str, bytes]
    wanted: dict[str, bytes]
    stored: dict[str, bytes]
    changed: list[datetime.datetime]


@pytest.mark.timeout(20 * LONGEST)
@pytest.mark.parametrize("kind", KINDS)
def test_every_record_is_there_once_and_whole_in_database_and_index(
    stack: Stack, corpus_at_hand: Path, tmp_path: Path, kind: str
) -> None:
    emptied(stack)
    source = served.of_kind(kind, corpus_at_hand, RECORDS)
    with serve(portal_of(corpus_at_hand, source.copies)) as address:
        url = _address(source, kind, address, tmp_path)
        first = _harvest(stack, url, kind, tmp_path)
        kept, indexed = _kept(stack, kind), _indexed(stack)
        _assert_whole(stack, source, kind, kept, indexed)
        again = _harvest(stack, url, kind, tmp_path)
    number = kept.identifiers.total()
    assert (again.account["counts"]["new"], again.account["counts"]["changed"]) == (0, 0)
    assert rows(stack, "SELECT count(*) FROM aivision_record WHERE state = 'active'") == [(number,)]
    _assert_even(kind, first, again, kept.changed)


def _assert_whole(stack: Stack, source: Served, kind: str, kept: Kept, indexed: Kept) -> None:
    """served = read = stored = indexed, in identifiers and in content; what cannot be kept is refused by name."""
    said: dict[str, bytes] = {}
    for record in source.said():
        if record.can_be_kept:
            # Of an identifier that stands twice the first record is kept; two real ones are white space alone.
            said.setdefault(record.identifier, _digest_said(record, kind))
    once, left_out = Counter(said.keys()), sum(1 for _ in source.said()) - len(said)
    assert _differing(kept.identifiers, once) == _differing(indexed.identifiers, once) == []
    assert _differing(kept.read, said) == []
    assert _differing(kept.stored, kept.wanted) == _differing(indexed.stored, kept.wanted) == []
    assert rows(stack, "SELECT count(*) FROM package WHERE state = 'active'") == [(len(said),)]
    assert rows(stack, "SELECT count(*) FROM aivision_record WHERE NOT indexed") == [(0,)]
    refused = rows(stack, "SELECT code FROM aivision_problem WHERE severity = 'error'")
    assert len(refused) == left_out
    assert {code for (code,) in refused} <= {"identifier-missing", "identifier-repeated", "title-missing"}


def _differing(some: Mapping[str, Any], others: Mapping[str, Any]) -> list[str]:
    """The first identifiers of which the two do not have the same."""
    return sorted(key for key in some.keys() | others.keys() if some.get(key) != others.get(key))[:5]


def _assert_even(kind: str, first: Harvested, again: Harvested, changed: list[datetime.datetime]) -> None:
    """Neither memory nor the processor time for a record grows with their number."""
    started, fifth = datetime.datetime.fromisoformat(first.account["started"]).replace(tzinfo=None), len(changed) // 5
    moments = (started, changed[fifth]), (changed[-fifth - 1], changed[-1])
    (begin, begin_spent), (end, end_spent) = ((_seconds(*part), _spent(first, *part)) for part in moments)
    print(
        f"{kind}: {len(changed):,} records in {_seconds(started, changed[-1]):,.0f} s; records/s, and milliseconds of "
        f"processors a record: of the first fifth {fifth / begin:.0f}, {1000 * begin_spent / fifth:.2f}; of the last "
        f"{fifth / end:.0f}, {1000 * end_spent / fifth:.2f}; all {_spent(first, started, changed[-1]):,.0f} s; peak "
        f"{first.peak / 1e6:.0f} MB, again {again.peak / 1e6:.0f} MB; load average {os.getloadavg()[0]:.1f}"
    )
    assert max(first.peak, again.peak) < MOST_MEMORY
    assert len(changed) < RATES_FROM or end_spent < 1.5 * begin_spent


def _seconds(begin: datetime.datetime, end: datetime.datetime) -> float:
    return (end - begin).total_seconds()


def _spent(harvested: Harvested, begin: datetime.datetime, end: datetime.datetime) -> float:
    """Processor seconds between two moments."""
    at = [max((spent for when, spent in harvested.spent if when <= moment), default=0.0) for moment in (begin, end)]
    return at[1] - at[0]


def _address(source: Served, kind: str, portal: str, folder: Path) -> str:
    return str(served.write_exchange(source, folder)) if kind == "uk-metadata-exchange" else f"{portal}/{source.path}"


def _harvest(stack: Stack, url: str, kind: str, folder: Path) -> Harvested:
    account = folder / "account.json"
    account.unlink(missing_ok=True)
    words = ["aivision", "harvest", url, "--kind", kind, "--account", str(account)]
    allowed = ["--allow-host", urlsplit(url).netloc] if "://" in url else []
    with (folder / "said.txt").open("w+") as said:
        command = [*ckan_command(stack.ini), *words, *allowed]
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        peak, spent = _watched(process, stack)
        said.seek(0)
        assert process.returncode == 0, said.read()[-2000:]
    read: dict[str, Any] = json.loads(account.read_bytes())
    assert read["state"] == "finished", read
    return Harvested(read, peak, spent)


def _watched(process: subprocess.Popen[bytes], stack: Stack) -> tuple[int, list[tuple[datetime.datetime, float]]]:
    """Waits for the end of a process; gives the most memory that it held (VmHWM, proc(5)), in bytes, and `spent`."""
    peak, spent, end = 0, [], time.monotonic() + 10 * LONGEST
    watched = [psutil.Process(pid) for pid in (process.pid, pid_of(stack, "solr"), _postmaster(stack))]
    try:
        while process.poll() is None:
            assert time.monotonic() < end, "the harvest takes too long"
            lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            peak = max([peak, *(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))])
            spent.append(
                (datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None), _processor_seconds(watched))
            )
            time.sleep(0.2)
    finally:
        process.kill()
        process.wait(60)
    return peak, spent


def _postmaster(stack: Stack) -> int:
    return int((stack.data / "postgres" / "postmaster.pid").read_text().split()[0])


def _processor_seconds(processes: list[psutil.Process]) -> float:
    """Of processes and their children; of those children too that have ended."""
    seconds = 0.0
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            seconds += sum(sum(one.cpu_times()[:4]) for one in (process, *process.children()))
    return seconds


_LEDGER = """
    SELECT record.identifier, record.dataset, package.extras ->> 'identifier', package.title, package.notes,
        (SELECT array_agg(url ORDER BY position) FROM resource WHERE package_id = package.id AND state = 'active'),
        record.last_changed
    FROM aivision_record AS record LEFT JOIN package ON package.id = record.package_id AND package.state = 'active'
    WHERE record.state = 'active'
"""


def _kept(stack: Stack, kind: str) -> Kept:
    kept = Kept(Counter(), {}, {}, {}, [])
    for identifier, text, stored_as, title, notes, urls, changed in streamed(stack, _LEDGER):
        dataset = msgspec.json.decode(text, type=Dataset)
        assert stored_as == identifier
        kept.identifiers[identifier] += 1
        addresses = [item.url for item in dataset.distribution if item.url]
        said = Said(dataset.identifier, dataset.title, dataset.description or "", addresses)
        kept.read[identifier] = _digest_said(said, kind)
        kept.wanted[identifier] = _digest_package(to_package(dataset))
        kept.stored[identifier] = _digest(title, notes, urls or [])
        kept.changed.append(changed)
    kept.changed.sort()
    return kept


def _indexed(stack: Stack) -> Kept:
    """What the search finds, and what package_search gives out of it (`data_dict`)."""
    kept = Kept(Counter(), {}, {}, {}, [])
    for document in documents(stack, "data_dict,extras_identifier,res_url"):
        package = json.loads(document["data_dict"])
        identifier = next(extra["value"] for extra in package["extras"] if extra["key"] == "identifier")
        assert document["extras_identifier"] == identifier
        assert document.get("res_url", []) == [resource["url"] for resource in package["resources"]]
        kept.identifiers[identifier] += 1
        kept.stored[identifier] = _digest_package(package)
    return kept


def _digest_said(said: Said, kind: str) -> bytes:
    """A graph has no order, and says one thing once."""
    addresses = sorted(set(said.addresses)) if kind == "dcat-rdf" else said.addresses
    return _digest(said.title, said.notes, addresses)


def _digest_package(package: dict[str, Any]) -> bytes:
    return _digest(package["title"], package.get("notes"), [item.get("url", "") for item in package["resources"]])


def _digest(title: str, notes: str | None, addresses: list[str]) -> bytes:
    text = msgspec.json.encode((title, notes or "", addresses))
    return hashlib.blake2b(text, digest_size=16).digest()
