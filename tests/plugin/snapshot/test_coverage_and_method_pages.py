"""`/best-practice/coverage` and `/best-practice/method`: what is counted, and how."""

from __future__ import annotations

import html
import json
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.plugin.snapshot.conftest import NOON, words
from tests.records import record

from ckanext.aivision.compare.coverage import national_catalogues
from ckanext.aivision.compare.coverage_sentence import coverage_sentence
from ckanext.aivision.compare.method_text import method_text
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.files import SnapshotFiles

COVERAGE, METHOD = "/best-practice/coverage", "/best-practice/method"
LEAST = 5
DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture(scope="module")
def stored(ckan_application: Any, cabinet_office: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A storage with a snapshot of datasets of the Cabinet Office, one of an office in no register, and US ones of a
    source; and the name of the source."""
    from ckan.plugins import toolkit

    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import Source
    from ckanext.aivision.snapshot.build import build

    storage, name = tmp_path_factory.mktemp("storage"), f"rivers-{uuid.uuid4().hex[:8]}"
    records = storage / "data.json"
    records.write_text(json.dumps({"dataset": [record(number) for number in range(LEAST)]}))
    with ckan_application.test_request_context(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(toolkit.config, "ckan.storage_path", str(storage))
        admin = {
            "ignore_auth": True,
            "user": toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"],
        }
        office = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": "Office of nowhere"}
        nowhere = toolkit.get_action("organization_create")(dict(admin), office)["id"]
        for number, owner in enumerate([*[cabinet_office] * LEAST, nowhere]):
            package = {"name": f"levels-{number}-{uuid.uuid4().hex[:8]}", "title": "River levels", "country": "GB"}
            package |= {"owner_org": owner, "license_id": "OGL-UK-3.0"}
            toolkit.get_action("package_create")(dict(admin), package)
        given = {"name": name, "url": f"https://rivers.example.gov/{name}.json", "title": "Portal of the rivers"}
        given |= {"license": "us-pd", "kind": "dcat-us", "country": "US"}
        toolkit.get_action("aivision_source_create")(dict(admin), given)
        harvest_into_ckan(Source(name=name, url=str(records), kind="dcat-us", profile="dcat-us-1.1", country="US"))
        build(lambda: NOON)
    return str(storage), name


@pytest.fixture
def covered(ckan: Any, stored: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The catalogue with these figures; gives the name of the source."""
    storage, name = stored
    monkeypatch.setitem(ckan.config, "ckan.storage_path", storage)
    return name


@pytest.mark.usefixtures("covered")
def test_the_sentences_of_the_page_and_of_the_comparison_are_made_from_the_figures(raw: Callable[[str], str]) -> None:
    from ckanext.aivision.snapshot.coverage import read_coverage
    from ckanext.aivision.snapshot.read import newest

    made = newest()
    assert made is not None
    found = read_coverage(made)
    assert found is not None
    page, comparison = words(raw(COVERAGE)), words(raw("/best-practice"))
    for country in found.countries:
        sentence = coverage_sentence(country)
        assert sentence in page
        assert sentence in comparison
        assert sum(one.data_sets for one in country.bodies) == country.data_sets
        assert sum(country.looked_at.values()) == 0, "only the metadata was looked at"
    assert found.countries[1].unplaced == 1
    assert "1 body of the UK government" in page


def test_a_source_stands_with_its_protocol_licence_and_last_harvest(covered: str, raw: Callable[[str], str]) -> None:
    text = raw(COVERAGE)
    row = text.split("Portal of the rivers")[1].split("</tr>")[0]
    cells = words(f'role="main">{row}</article>')
    assert "US public domain" in cells
    assert "Project Open Data" in cells or "DCAT-US" in cells
    assert "yes" in cells
    assert " UTC" in cells
    assert f'href="https://rivers.example.gov/{covered}.json"' in text
    assert "published in this catalogue itself" in text


def test_a_credential_in_an_address_is_never_shown(
    files: SnapshotFiles, source: Any, snapshot: Any, harvested: Any, raw: Callable[[str], str]
) -> None:
    name = source(url="https://reader:very-secret@rivers.example.gov/data.json?api_key=very-secret", country="US")
    harvested(name, [record(number) for number in range(100, 103)])
    snapshot(lambda: NOON)
    text = raw(COVERAGE)
    assert "very-secret" not in text
    row = text.split(name)[1].split("</tr>")[0]
    assert '"Without log-in">no<' in row


@pytest.mark.usefixtures("covered")
def test_the_national_catalogues_stand_with_their_day_and_source(raw: Callable[[str], str]) -> None:
    text = raw(COVERAGE)
    for one in national_catalogues().values():
        assert f"{one.datasets:,}" in text
        assert f'href="{one.source_address}"' in text
    assert "at most 0.0 per cent" in words(text)


@pytest.mark.usefixtures("covered")
def test_agencies_counted_and_left_out_and_levels_add_up(raw: Callable[[str], str]) -> None:
    text = words(raw(COVERAGE)).split("United Kingdom Agencies")[1]
    assert text.startswith(" 1 counted; 1 left out of means over agencies")
    assert "5 datasets are placed with a public body of an official register; 1 are not" in text
    assert "metadata of all 6; links of 0; files of 0" in text


@pytest.mark.usefixtures("covered")
def test_the_method_is_the_text_of_the_docs_with_the_figures_of_today(raw: Callable[[str], str]) -> None:
    page, shown = words(raw(METHOD)), (DOCS / "method.md").read_text(encoding="utf-8")
    for line in method_text().splitlines()[1:]:
        assert line in shown
    plain = re.sub(r"[*`]|^- |^## ", "", method_text(), flags=re.MULTILINE)
    for sentence in re.findall(r"^[A-Z][^|\n]*[.:]$", plain, flags=re.MULTILINE):
        assert "".join(sentence.split()) in "".join(page.split())
    assert "In the figures of 29 November 2026, 14:05 UTC" in page
    assert f"UK: 6 datasets of 2 agencies, of which 1 have at least {LEAST} datasets and are counted." in page


@pytest.mark.usefixtures("covered")
def test_the_weights_add_up_and_every_gate_is_named(raw: Callable[[str], str]) -> None:
    text = words(raw(METHOD))
    shares = re.findall(r"([\d.]+) per cent", text.split("Share of the weights")[1].split("What limits a grade")[0])
    assert len(shares) == len(DIMENSIONS)
    assert sum(map(float, shares)) == pytest.approx(100, abs=0.5)
    for gate in load().gates:
        assert f"{gate.label} {gate.limit}" in text


@pytest.mark.usefixtures("covered")
@pytest.mark.parametrize("path", [COVERAGE, METHOD])
def test_the_pages_have_no_choices_stay_small_and_their_links_lead_somewhere(
    path: str, reader: Any, raw: Callable[[str], str]
) -> None:
    for asked in ("country=US", "theme=", "x=%3Cscript%3Ealert(1)%3C/script%3E"):
        assert "<script>alert" not in reader("").get(f"{path}?{asked}", 400).get_data(as_text=True)
    text = raw(path)
    assert len(text.encode()) < 100_000
    main = text.split('role="main"')[1].split("</article>")[0]
    for address in {html.unescape(one).split("#")[0] for one in re.findall(r'href="(/[^"]*)"', main)}:
        reader("").get(address)


def test_without_a_snapshot_the_pages_say_so(files: SnapshotFiles, reader: Any) -> None:
    assert "The first figures are being computed" in reader("").text(COVERAGE)
    assert "What this does not cover" in reader("").text(METHOD)
