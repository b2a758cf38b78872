"""The pages around the comparison: home, about, the statements, and the look of the site."""

from __future__ import annotations

import re
import types
import uuid
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tests.plugin.test_features import site

from ckanext.aivision.scoring.registry import DIMENSIONS

STATEMENTS = ("/accessibility", "/privacy")
CARD = ("og:title", "og:description", "og:type", "og:url", "twitter:card")
Page = Callable[..., str]


@pytest.fixture
def page(ckan_application: Any) -> Page:
    """A page as a visitor gets it who has not been here before."""

    def get(path: str) -> str:
        answer = ckan_application.test_client().get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        text: str = answer.get_data(as_text=True)
        return text

    return get


@pytest.fixture(scope="module")
def of_both_countries(ckan_application: Any, cabinet_office: str) -> str:
    """A real dataset of each country, in the figures; gives the name of the British one."""
    from ckan.plugins import toolkit

    from ckanext.aivision.snapshot.build import build

    names = {code: f"levels-{uuid.uuid4().hex[:8]}" for code in ("US", "GB")}
    with ckan_application.test_request_context():
        user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        for code, name in names.items():
            package = {"name": name, "title": "River levels", "notes": "Levels of rivers.", "owner_org": cabinet_office}
            file = {"url": "https://rivers.example.gov/levels.csv", "format": "CSV", "description": "Weekly levels."}
            more = {"country": code, "license_id": "OGL-UK-3.0" if code == "GB" else "us-pd", "resources": [file]}
            toolkit.get_action("package_create")({"ignore_auth": True, "user": user}, package | more)
        build()
    return names["GB"]


@pytest.fixture
def configured(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Changes settings of this extension while a test runs."""

    def change(**settings: object) -> None:
        for name, value in settings.items():
            monkeypatch.setitem(ckan.config, f"ckanext.aivision.{name}", value)

    return change


def words(text: str) -> str:
    """What a reader sees of HTML."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_without_a_snapshot_the_home_page_says_so_at_once(no_snapshot: None, page: Page) -> None:
    text = page("/")
    assert "The first figures are being computed" in text
    assert 'name="q"' in text
    assert "There are no figures to cite yet." in page("/about")


def test_samples_alone_are_called_samples(ckan: Any, page: Page, snapshot: Any) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.compare.comparison_notes import SAMPLES_BANNER
    from ckanext.aivision.harvesters.sources.source import load_sources

    for name in ("sample-us", "sample-uk"):
        assert harvest_into_ckan(load_sources()[name]).state == "finished"
    snapshot()
    text = page("/")
    assert SAMPLES_BANNER in text
    assert text.index(SAMPLES_BANNER) < text.index("aivision-measures")


def test_the_home_page_gives_the_finding_of_the_snapshot_and_a_row_a_dimension(
    of_both_countries: str, page: Page
) -> None:
    from ckanext.aivision.compare.home_sentence import headline
    from ckanext.aivision.snapshot.read import newest

    found = newest()
    assert found is not None
    figures = found.figures()
    assert figures is not None
    text = page("/")
    assert headline(figures) in unescape(text)
    for id in DIMENSIONS:
        row = text.split(f'id="dimension-{id}"')[1].split("</ul>")[0]
        assert [label for label in ("US", "UK") if f"</i> {label} " in row] == ["US", "UK"], id
        assert f'/best-practice#dimension-{id}"' in row
    assert "Figures as of" in text
    assert len(text) < 100_000
    said = words(text)
    for label in ("US", "UK"):
        assert re.search(rf"The {label} here is [\d,]+ datasets? of [\d,]+ agenc(y|ies): [\d,]+ ", said), label


def test_the_home_page_says_how_many_datasets_of_which_sources_are_counted(
    of_both_countries: str, harvested: Any, source: Any, snapshot: Any, page: Page
) -> None:
    from tests.records import record

    from ckanext.aivision.snapshot.read import newest

    for name in (source(), source()):
        harvested(name, [record(1, identifier=f"{name}-1")])
    snapshot()
    found = newest()
    assert found is not None
    sizes = {size.code: size.data_sets for size in found.manifest.countries}
    said = words(page("/"))
    assert re.search(rf"\b{sizes['US']:,} datasets? of \d+ agenc(y|ies) in the United States and ", said)
    assert re.search(rf"\b{sizes['GB']:,} datasets? of \d+ agenc(y|ies) in the United Kingdom, from 2 sources\.", said)


@pytest.mark.parametrize("path", ["/", "/about", *STATEMENTS])
def test_every_link_of_these_pages_leads_somewhere(
    of_both_countries: str, page: Page, ckan_application: Any, path: str
) -> None:
    text = page(path)
    own = {unescape(address) for address in re.findall(r'href="(/[^"]*)"', text)} | {path}
    for address in sorted(own):
        target, _, part = address.partition("#")
        answer = ckan_application.test_client().get(target or path)
        assert answer.status_code == 200, address
        if part and not answer.is_streamed:
            assert f'id="{part}"' in answer.get_data(as_text=True), address


def test_about_says_plainly_that_the_operator_has_said_nothing(page: Page) -> None:
    said = words(page("/about"))
    assert "The operator of this site has not said who it is." in said
    assert "The operator of this site has given no address to write to." in said
    assert "Creative Commons Attribution 4.0" in said


def test_the_operators_settings_are_shown_on_all_pages_that_need_them(
    of_both_countries: str, configured: Callable[..., None], page: Page
) -> None:
    configured(
        operator="Office for Public Data",
        contact="data@office.example.gov",
        figures_licence="CC-BY-4.0",
        source_code="https://code.example.gov/aivision",
    )
    about = page("/about")
    assert "This site is run by Office for Public Data." in about
    assert "https://creativecommons.org/licenses/by/4.0/" in about
    assert re.search(r"Office for Public Data \(20\d\d\)\. Best practice", about)
    for path in ("/about", *STATEMENTS):
        text = page(path)
        assert 'href="mailto:data@office.example.gov"' in text, path
        assert "Run by Office for Public Data" in text, path
        assert 'href="https://code.example.gov/aivision"' in text, path


@pytest.mark.parametrize(
    "contact", ['"><script>alert(1)</script>', "javascript:alert(1)", 'a@b.example"onclick=alert(1)', "a@b?bcc=c@d"]
)
def test_a_contact_that_is_no_address_is_shown_as_words(
    configured: Callable[..., None], page: Page, contact: str
) -> None:
    configured(contact=contact, operator=contact, source_code=contact)
    text = page("/about")
    assert "<script>alert(1)" not in text
    assert "onclick=alert" not in re.sub(r">[^<]*<", "><", text)
    assert not re.search(r'href="(javascript|mailto):', text)
    assert contact in unescape(text)


def test_what_the_operator_adds_is_markdown_without_scripts(configured: Callable[..., None], page: Page) -> None:
    configured(privacy_text="Kept for **30 days**.<script>alert(1)</script>", accessibility_text="Audited *twice*.")
    privacy = page("/privacy")
    assert "<strong>30 days</strong>" in privacy
    assert "<script>alert(1)" not in privacy
    assert "<em>twice</em>" in page("/accessibility")


def test_each_clause_of_the_declaration_leads_to_its_page_if_there_is_one(page: Page, ckan_application: Any) -> None:
    text = page("/about").split('id="declaration"')[1].split("<h2")[0]
    assert 'href="/best-practice"' in text
    for path, label in (
        ("/guidance", "Guidance and regulation"),
        ("/cooperation", "Cooperation"),
        ("/training", "Skills"),
    ):
        is_there = ckan_application.test_client().get(path, follow_redirects=True).status_code == 200
        assert (re.search(rf'href="{path}/?"', text) is not None) is is_there, path
        assert is_there or f"{label}: not on this site" in text


def test_the_accessibility_statement_has_the_parts_of_the_model(page: Page) -> None:
    text = page("/accessibility")
    headings = [words(heading) for heading in re.findall(r"<h[1-4][^>]*>.*?</h[1-4]>", text, re.DOTALL)]
    for part in (
        "How accessible this site is",
        "Feedback and contact",
        "Enforcement procedure",
        "Compliance status",
        "Non-accessible content",
        "Non-compliance with the accessibility regulations",
        "Disproportionate burden",
        "Preparation of this statement",
    ):
        assert part in headings
    assert "Section 508" in text


def test_the_cookies_that_are_set_are_those_that_the_privacy_page_names(page: Page, ckan_application: Any) -> None:
    client = ckan_application.test_client()
    # The second answer shows for how long a browser keeps it.
    set_now = [line for _ in range(2) for line in client.get("/dataset/").headers.getlist("Set-Cookie")]
    names = {line.partition("=")[0] for line in set_now}
    table = page("/privacy").split('id="cookies-table"')[1].split("</table>")[0]
    assert names
    assert names <= set(re.findall(r"<code>(.*?)</code>", table))
    assert not any("expires" in line.lower() or "max-age" in line.lower() for line in set_now)
    assert "until you close the browser" in table


def test_a_cookie_that_is_kept_longer_is_said_to_be(ckan: Any, monkeypatch: pytest.MonkeyPatch, page: Page) -> None:
    monkeypatch.setitem(ckan.config, "SESSION_PERMANENT", True)
    monkeypatch.setitem(ckan.config, "PERMANENT_SESSION_LIFETIME", 30 * 86_400)
    assert "30 days after your last visit" in page("/privacy")


def test_every_page_says_what_it_is_to_other_sites_and_in_its_title(
    of_both_countries: str, page: Page, ckan: Any
) -> None:
    package = ckan.get_action("package_show")({}, {"id": of_both_countries})
    own = ("/", "/about", *STATEMENTS, "/best-practice", "/best-practice/criteria/licence-open", "/dataset/")
    dataset = f"/dataset/{package['name']}"
    of_it = (dataset, f"{dataset}/files", f"/dataset/groups/{package['name']}")
    resource = f"{dataset}/resource/{package['resources'][0]['id']}"
    for path in (*own, *of_it, resource, "/organization/", f"/organization/{package['organization']['name']}"):
        head = page(path).split("</head>")[0]
        counted = {tag: len(re.findall(rf'(?:property|name)="{tag}" content="[^"]+"', head)) for tag in CARD}
        assert counted == dict.fromkeys(CARD, 1), path
        assert f'content="{ckan.config["ckan.site_url"]}{path}"' in head
        title = words(head.split("<title>")[1].split("</title>")[0])
        assert title
        assert "- -" not in title, title


def test_an_address_cannot_break_out_of_the_tags(page: Page) -> None:
    head = page('/dataset/?q="><script>alert(1)</script>').split("</head>")[0]
    assert "<script>alert" not in head


def test_the_look_is_our_own_and_loads_nothing_from_elsewhere(page: Page, ckan_application: Any) -> None:
    text = page("/")
    assert '<link rel="shortcut icon" href="/aivision/mark.svg"' in text
    assert "theme.css" in text
    assert "ckan-logo.png" not in text
    assert "Powered by" in text
    mark = ckan_application.test_client().get("/aivision/mark.svg")
    assert mark.mimetype == "image/svg+xml"
    assert not re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//', text)


def test_an_operators_own_logo_title_and_icon_win(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    from ckan.lib.app_globals import app_globals

    for name, value in (("site_logo", "/own.png"), ("site_title", "Our own title"), ("favicon", "/own.ico")):
        monkeypatch.setattr(app_globals, name, value)
    for path in ("/", "/about"):
        text = page(path)
        assert '<img src="/own.png"' in text
        assert '<link rel="shortcut icon" href="/own.ico"' in text
        assert "Our own title" in text
        assert "mark.svg" not in text


def test_another_catalogue_keeps_its_own_pages(stack: Any, tmp_path: Path) -> None:
    paths = ("/", "/about", *STATEMENTS)
    lines = stack.ini.read_text().splitlines()
    without = [line for line in lines if not line.startswith(("ckanext.aivision.site_pages", "ckan.theme"))]
    assert len(without) == len(lines) - 2

    own = tmp_path / "own.ini"
    own.write_text("\n".join(without))
    found = site(types.SimpleNamespace(ini=own), tmp_path, "aivision", paths)
    assert found["statuses"] == {"/": 200, "/about": 200, "/accessibility": 404, "/privacy": 404}


def test_a_facet_without_values_is_not_shown(of_both_countries: str, page: Page) -> None:
    text = page("/dataset/")
    assert "Country" in text
    assert "There are no Groups" not in text


def test_the_arrows_of_a_list_have_names(ckan: Any) -> None:
    from ckan.lib.pagination import Page as CkanPage

    from ckanext.aivision.helpers.pager import aivision_pager

    pages = CkanPage(collection=list(range(50)), page=2, items_per_page=20, url=lambda page, **more: f"?page={page}")
    said = [words(link) for link in re.findall(r"<a .*?</a>", str(aivision_pager(pages)), re.DOTALL)]
    assert said == ["Previous page", "1", "2", "3", "Next page"]


def test_organizations_without_a_picture_have_none(of_both_countries: str, page: Page) -> None:
    assert "placeholder-organization" not in page("/organization/")
    assert "placeholder-organization" not in page(f"/dataset/{of_both_countries}")
