"""The vocabularies against what agencies and portals really wrote."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ckanext.aivision.normalise import contacts, dates, frequencies, languages, licences, media_types, text

Values = dict[str, Counter[str]]


def _us_records(corpus: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((corpus / "us").glob("*.data.json.gz")):
        with gzip.open(path) as catalogue:
            yield from json.load(catalogue)["dataset"]


def _uk_records(corpus: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((corpus / "uk").glob("*.ckan.ndjson.gz")):
        with gzip.open(path) as lines:
            yield from map(json.loads, lines)


def _counted(records: Iterable[dict[str, Any]], fields: dict[str, str], nested: str) -> Values:
    """kind -> every text that stands in its field, with how often; a field of a distribution has a dot before it."""
    found: Values = {kind: Counter() for kind in fields}
    for record in records:
        for kind, field in fields.items():
            rows = record.get(nested) or [] if field.startswith(".") else [record]
            for row in rows:
                found[kind].update(text.many(row.get(field.removeprefix("."))))
    return found


@pytest.fixture(scope="module")
def us(real_corpus: Path) -> Values:
    fields = {
        "licence": "license",
        "rhythm": "accrualPeriodicity",
        "language": "language",
        "modified": "modified",
        "issued": "issued",
        "period": "temporal",
        "media type": ".mediaType",
        "format": ".format",
    }
    return _counted(_us_records(real_corpus), fields, "distribution")


@pytest.fixture(scope="module")
def uk(real_corpus: Path) -> Values:
    fields = {"licence": "license_id", "modified": "metadata_modified", "format": ".format"}
    return _counted(_uk_records(real_corpus), fields, "resources")


def _ids(values: Counter[str], read: Callable[[str], Any]) -> Counter[str | None]:
    ids: Counter[str | None] = Counter()
    for written, count in values.items():
        ids[read(written).id] += count
    return ids


def _dated(moment_or_period: Any) -> bool:
    return any(getattr(moment_or_period, field, None) is not None for field in ("value", "start", "end"))


READERS: dict[str, Callable[[str], bool]] = {
    "licence": lambda written: licences.clean(written).id is not None,
    "rhythm": lambda written: frequencies.clean(written).id is not None,
    "language": lambda written: languages.clean(written).id is not None,
    "media type": lambda written: media_types.clean(written).id is not None,
    "format": lambda written: media_types.from_format(written).id is not None,
    "modified": lambda written: _dated(dates.moment(written)),
    "issued": lambda written: _dated(dates.moment(written)),
    "period": lambda written: _dated(dates.period(written)),
}

# The most that may stay unread, of a hundred: what is left are mistakes, applications, and words that say nothing.
US_UNREAD = [
    ("licence", 1.5),
    ("rhythm", 0.2),
    ("language", 0.1),
    ("modified", 0.2),
    ("issued", 0.1),
    ("period", 1.2),
    ("media type", 2.0),
    ("format", 0.5),
]
UK_UNREAD = [("licence", 0.1), ("modified", 0.1), ("format", 1.5)]


def _unread_share(values: Counter[str], reads: Callable[[str], bool]) -> float:
    said = Counter({written: count for written, count in values.items() if not text.is_placeholder(written)})
    assert said
    return 100 * sum(count for written, count in said.items() if not reads(written)) / said.total()


@pytest.mark.parametrize(("kind", "most"), US_UNREAD)
def test_little_of_what_us_agencies_wrote_stays_unread(us: Values, kind: str, most: float) -> None:
    assert _unread_share(us[kind], READERS[kind]) <= most


@pytest.mark.parametrize(("kind", "most"), UK_UNREAD)
def test_little_of_what_uk_portals_wrote_stays_unread(uk: Values, kind: str, most: float) -> None:
    assert _unread_share(uk[kind], READERS[kind]) <= most


@pytest.mark.parametrize(
    ("id", "count"), [("us-pd", 8971), ("CC0-1.0", 2160), ("ODC-By-1.0", 57), ("CC-BY-SA-3.0", 37), ("none", 704)]
)
def test_us_licences_are_as_many_as_were_counted_by_hand(us: Values, id: str, count: int) -> None:
    assert _ids(us["licence"], licences.clean)[id] == count


@pytest.mark.parametrize(("id", "count"), [("open-unnamed", 461), ("OGL-UK-3.0", 385), ("restricted", 24)])
def test_uk_licences_are_as_many_as_were_counted_by_hand(uk: Values, id: str, count: int) -> None:
    assert _ids(uk["licence"], licences.clean)[id] == count


def test_the_licence_of_no_us_record_is_made_up_from_a_web_address(us: Values) -> None:
    hosts = ("easinfo.epa.gov", "cfpub.epa.gov", "ofmpub.epa.gov", "wamssoprd.epa.gov", "sharepoint.com", "gsa.inl.gov")
    applications = [written for written in us["licence"] if any(host in written for host in hosts)]
    assert len(applications) >= 5
    assert [written for written in applications if licences.clean(written).id is not None] == []


def test_only_addresses_of_forms_and_words_are_no_e_mail_address(real_corpus: Path) -> None:
    points = [record.get("contactPoint") for record in _us_records(real_corpus)]
    written = [str(point["hasEmail"]) for point in points if isinstance(point, dict) and point.get("hasEmail")]
    refused = [address for address in written if contacts.email(address) is None]
    assert len(refused) < len(written) / 100
    assert [address for address in refused if "@" in address] == []


def test_plain_text_of_every_description_holds_no_tags(real_corpus: Path) -> None:
    tags = ("<p>", "</p>", "<br", "<span", "</span>", "<div", "</a>", "&lt;p", "&nbsp;", "&amp;")
    described = [str(record.get("description") or "") for record in _us_records(real_corpus)]
    described += [str(record.get("notes") or "") for record in _uk_records(real_corpus)]
    marked = [markup for markup in described if "<" in markup or "&" in markup]
    assert len(marked) > 1000
    assert [text.plain(markup)[:200] for markup in marked if any(tag in text.plain(markup) for tag in tags)] == []
