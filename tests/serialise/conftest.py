"""Records of both countries, for what becomes of them in a package; and the form's schema."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
import yaml
from tests.corpora import CORPORA, REAL

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.normalise import dates, languages, licences, media_types, themes
from ckanext.aivision.normalise.geography import places
from ckanext.aivision.record import Agent, Dataset, Distribution, PeriodOfTime, Term

Package = dict[str, Any]

# Of each of the real corpus's 23 catalogues every 12th record of the first 300: some 300 in all. Of our own all 24.
_READ, _EVERY = 300, 18 if REAL in CORPORA else 1


# A record that says all that the form has a place for.
EVERYTHING = Dataset(
    identifier="https://doi.org/10.5555/river",
    title="Weekly river levels",
    profile="aivision",
    country="GB",
    description="Levels in metres, measured every week.",
    keyword=["rivers", "levels", "gauges"],
    theme=[themes.clean("http://publications.europa.eu/resource/authority/data-theme/ENVI")],
    language=[languages.clean("en")],
    type="time series",
    issued=dates.moment("2001-05"),
    modified=dates.moment("2026-11-01"),
    next_update=dates.moment("2026-12-01"),
    accrual_periodicity=Term("R/P1W", "R/P1W", "uri"),
    publisher=Agent(
        "River office", None, "https://rivers.example.gov", "GB-RIV", ["Department of Water", "Government"]
    ),
    creator=[Agent(name="Gauging team", identifier="https://rivers.example.gov/gauging")],
    contact_point=[Agent("Data desk", "data@rivers.example.gov", "https://rivers.example.gov/ask")],
    license=licences.clean("OGL-UK-3.0"),
    rights=["Contains mapping data of another body."],
    access_rights=Term("restricted", "restricted", "id"),
    access_procedure="Apply to the data desk.",
    ai_use="allowed",
    ai_use_terms="Training of models is allowed.",
    temporal=[PeriodOfTime("1990-01-01/..", datetime.date(1990, 1, 1), None, True)],
    temporal_resolution="P7D",
    spatial=[place for place in (places.location("-5.7,49.9,1.8,55.8"), places.location("England")) if place],
    spatial_resolution="30",
    landing_page="https://rivers.example.gov/levels",
    page=["https://rivers.example.gov/methods"],
    conforms_to=["https://www.w3.org/TR/tabular-data-model/"],
    described_by="https://rivers.example.gov/columns.csv",
    described_by_type="text/csv",
    security_classification=Term("OFFICIAL", "OFFICIAL", "id"),
    in_series="Hydrometry",
    version="2.1",
    version_notes="Two gauges were added.",
    bibliographic_citation="River office (2026): Weekly river levels.",
    other_identifier=["RIV-7"],
    provenance="Gauge readings, checked every night.",
    derived_from=["https://rivers.example.gov/raw"],
    code_repository="https://github.com/example/rivers",
    system_of_records="https://rivers.example.gov/notice",
    quality="97 % of planned readings were taken.",
    collection="A sensor reads the level every week.",
    collection_type="sensor",
    preprocessing="Spikes are removed.",
    annotation="Floods are marked by hand.",
    limitations="Floods between two readings do not show.",
    biases="Small streams are covered poorly.",
    uncertainty="Each level is good to 2 cm.",
    personal_data="aggregated",
    personal_data_measures="Observers are not named.",
    uses="Flood studies.",
    unsuitable_uses="Navigation.",
    social_impact="Insurers may use it.",
    maintenance_plan="Kept up until 2035.",
    distribution=[
        Distribution(
            title="River levels, CSV",
            description="One row a week and gauge.",
            access_url="https://rivers.example.gov/levels",
            download_url="https://rivers.example.gov/levels.csv",
            media_type=media_types.clean("text/csv"),
            format=media_types.from_format("CSV"),
            byte_size=1234,
            checksum="9f86d081884c7d659a2feaa0c55ad015",
            checksum_algorithm="MD5",
            license=licences.clean("CC-BY-4.0"),
            issued=dates.moment("2026-11-01"),
            modified=dates.moment("2026-11-02"),
            conforms_to=["https://www.rfc-editor.org/rfc/rfc4180"],
            described_by="https://rivers.example.gov/columns.csv",
            described_by_type="text/csv",
            columns=["gauge", "week", "level"],
            role="data",
        )
    ],
)


def read(path: Path, kind: str, country: str, profile: str | None = None) -> list[Dataset]:
    with Session() as session:
        harvest = open_source(resolve(str(path), kind, profile, country), session, limit=_READ)
        return [item.dataset for item in harvest if item.dataset is not None]


@pytest.fixture(scope="session")
def corpus_records(corpus_at_hand: Path) -> list[Dataset]:
    found = []
    for folder, kind, country in (("us", "dcat-us", "US"), ("uk", "ckan", "GB")):
        for path in sorted((corpus_at_hand / folder).iterdir()):
            found += read(path, kind, country)[::_EVERY]
    return found


@pytest.fixture(scope="session")
def sample_records(samples: Path) -> list[Dataset]:
    return [
        *read(samples / "us.data.json", "dcat-us", "US"),
        *read(samples / "uk.ckan.ndjson", "ckan", "GB", "data-gov-uk"),
    ]


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    path = resources.files("ckanext.aivision.config") / "schemas" / "ai_ready_dataset.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def steward(ckan_application: Any) -> dict[str, str]:
    """A steward's token for requests, with an organisation of her own."""
    from ckan.plugins import toolkit

    name = f"steward-{uuid.uuid4().hex[:8]}"
    with ckan_application.test_request_context():
        site = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        context = {"ignore_auth": True, "user": site}
        user = {"name": name, "email": f"{name}@rivers.example.gov", "password": uuid.uuid4().hex}
        toolkit.get_action("user_create")(dict(context), user)
        members = [{"name": name, "capacity": "editor"}]
        office = {"name": f"office-of-{name}", "title": "River office", "users": members}
        toolkit.get_action("organization_create")(dict(context), office)
        token = toolkit.get_action("api_token_create")(dict(context), {"user": name, "name": "form"})["token"]
    return {"name": name, "organization": office["name"], "token": token}


class Form:
    """A steward in a browser without scripts: opens a form, types into fields that it has, presses its button."""

    def __init__(self, application: Any, steward: dict[str, str]) -> None:
        self._client = application.test_client()
        self._as_steward = {"Authorization": steward["token"]}

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        # In a thread of its own, as a server would: within the test's request everybody would be the same user.
        options |= {"method": method, "headers": self._as_steward, "buffered": True}
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(self._client.open, path, **options).result(60)
        import ckan.model as model

        # What the test's own session has read before is not what the server has stored by now.
        model.Session.rollback()
        return answer

    def send(self, path: str, **typed: str) -> str:
        """Sends the form at a path with what is typed into fields it must have; gives the path that it leads to."""
        page = self._ask("GET", path)
        assert page.status_code == 200, f"{path}: {page.status_code}"
        document = lxml.html.fromstring(page.get_data(as_text=True))
        form = next(form for form in document.forms if form.get("id") in ("dataset-edit", "resource-edit"))
        for name, value in typed.items():
            form.fields[name] = value
        (button,) = form.xpath(".//button[@type='submit' and contains(@class, 'btn-primary')]")
        fields = {**dict(form.form_values()), button.get("name"): button.get("value", "")}
        answer = self._ask("POST", form.get("action") or path, data=fields)
        errors = lxml.html.fromstring(answer.get_data(as_text=True)).xpath("//*[contains(@class, 'error-explanation')]")
        assert answer.status_code == 302, [error.text_content() for error in errors] or f"{path}: {answer.status_code}"
        return urlsplit(answer.headers["Location"]).path

    def press(self, path: str) -> None:
        """Presses a button that stands alone."""
        answer = self._ask("POST", path)
        assert answer.status_code == 302, f"{path}: {answer.status_code}"


@pytest.fixture
def form(ckan_application: Any, steward: dict[str, str]) -> Form:
    return Form(ckan_application, steward)


@pytest.fixture
def created(ckan: Any, steward: dict[str, str]) -> Callable[..., Package]:
    """A dataset saved through the API."""

    def make(**fields: Any) -> Package:
        essentials = {"title": "River levels", "country": "GB", "license_id": "none"}
        own = {"name": f"given-{uuid.uuid4().hex[:8]}", "owner_org": steward["organization"]}
        package: Package = ckan.get_action("package_create")({"user": steward["name"]}, essentials | own | fields)
        return package

    return make


@pytest.fixture
def harvested(ckan: Any, tmp_path: Path) -> Callable[[list[Dataset]], list[Package]]:
    """Harvests the sources' own records of one country and gives the datasets that they become."""
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.catalogue.sources.source_store import identifiers
    from ckanext.aivision.catalogue.tables.rows import package_id
    from ckanext.aivision.harvesters.sources.source import Source

    def harvest(records: list[Dataset]) -> list[Package]:
        first = records[0]
        name = f"given-{uuid.uuid4().hex[:8]}"
        if first.country == "US":
            path, kind = tmp_path / "data.json", "dcat-us"
            path.write_text(json.dumps({"dataset": [record.raw for record in records]}))
        else:
            path, kind = tmp_path / "packages.ckan.ndjson", "ckan"
            path.write_text("".join(json.dumps(record.raw) + "\n" for record in records))
        source = Source(name=name, url=str(path), kind=kind, profile=first.profile, country=first.country)
        assert harvest_into_ckan(source).counts.new > 0
        ids = [package_id(name, identifier) for identifier in identifiers(name)]
        return [ckan.get_action("package_show")({"ignore_auth": True}, {"id": id}) for id in ids]

    return harvest
