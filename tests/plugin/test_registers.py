"""Registers of guidance, cooperation and training: entries are no datasets, and some come with the software."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from tests.plugin.conftest import Reader, execute
from tests.processes import run_python

from ckanext.aivision.catalogue.registers.shipped import fingerprint, shipped_entries

# A site of its own, since CKAN loads schemas once in a process.
SITE = """
import sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
client = make_app(load_config(sys.argv[1]))._wsgi_app.test_client()
for path in ("/", "/dataset/", "/guidance/", "/training/"):
    answer = client.get(path)
    header, _, page = answer.get_data(as_text=True).partition("</header>")
    marks = ["policy" if "Policy" in header else "-", "ours" if "register-search" in page else "-"]
    print(path, answer.status_code, *marks)
"""
OWN_TYPE = """
scheming_version: 2
dataset_type: guidance
about: A type of the site's own
dataset_fields: [{field_name: title, label: Title}, {field_name: name, label: Address, preset: dataset_slug}]
resource_fields: []
"""
REGISTERS = ("guidance", "cooperation", "training")
SHIPPED = [(register, entry.name) for register in REGISTERS for entry in shipped_entries(register)]
TEXT = "Principles for the quality of river data."


@pytest.fixture
def fields(organization: str) -> dict[str, Any]:
    """The fields of an entry of guidance."""
    return {
        "type": "guidance",
        "name": f"river-framework-{uuid.uuid4().hex[:8]}",
        "title": "River data framework",
        "notes": TEXT,
        "owner_org": organization,
        "country": ["GB"],
        "kind": "guidance",
        "body": "River office",
        "status": "published",
        "issued": "2026-01",
        "sources": [{"title": "Text", "url": "https://rivers.example.gov/framework", "seen": "2026-11-30"}],
    }


@pytest.fixture
def save(ckan: Any, site_user: dict[str, Any], fields: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Saves an entry as the API does; other fields replace those of `fields`."""

    def call(**others: Any) -> dict[str, Any]:
        saved: dict[str, Any] = ckan.get_action("package_create")(dict(site_user), {**fields, **others})
        return saved

    return call


@pytest.fixture
def loaded(ckan: Any) -> Callable[..., dict[str, str]]:
    """Loads the shipped entries; gives each one's outcome by name."""
    from ckanext.aivision.catalogue.registers.load import load

    return lambda **options: {one.name: one.outcome for one in load(**options)}


@pytest.fixture
def show(ckan: Any) -> Callable[[str], dict[str, Any]]:
    def call(name: str) -> dict[str, Any]:
        shown: dict[str, Any] = ckan.get_action("package_show")({"ignore_auth": True}, {"id": name})
        return shown

    return call


@pytest.fixture
def patch(ckan: Any, site_user: dict[str, Any]) -> Callable[..., Any]:
    return lambda name, **changes: ckan.get_action("package_patch")(dict(site_user), {"id": name, **changes})


def read_inputs(reader: Reader, path: str) -> dict[str, Any]:
    """What a browser would send from the form, with every value of an input that is there twice."""
    forms = lxml.html.fromstring(reader.get(path).get_data(as_text=True)).forms
    found: dict[str, Any] = {}
    for name, value in next(form for form in forms if form.get("id") == "dataset-edit").form_values():
        found.setdefault(name, []).append(value)
    return {**found, "save": ""}


def count_evaluations(package_id: str) -> int:
    import ckan.model as model
    import sqlalchemy as sa

    count = sa.text("SELECT count(*) FROM aivision_evaluation WHERE package_id = :id")
    return int(model.Session.execute(count, {"id": package_id}).scalar() or 0)


def test_every_shipped_entry_is_on_the_list_of_its_register_and_has_a_page_with_its_sources(
    loaded: Callable[..., dict[str, str]], raw: Callable[[str], str]
) -> None:
    loaded()
    lists = {register: raw(f"/{register}/") for register in REGISTERS}
    for register in REGISTERS:
        for entry in shipped_entries(register):
            assert f'href="/{register}/{entry.name}"' in lists[register]
    for register in REGISTERS:
        entry = shipped_entries(register)[0]
        text = html.unescape(raw(f"/{register}/{entry.name}"))
        assert all(f'href="{source.url}"' in text for source in entry.sources)
        assert "seen on 30 November 2026" in text
        assert 'href="/guidance/"' in text


def test_loading_again_changes_nothing(loaded: Callable[..., dict[str, str]]) -> None:
    loaded()
    # Other tests change the first ones.
    outcomes = loaded()
    assert {outcomes[name] for _, name in SHIPPED[5:]} == {"unchanged"}


def test_loading_updates_what_an_earlier_version_loaded(
    loaded: Callable[..., dict[str, str]], show: Any, patch: Any
) -> None:
    loaded()
    name = SHIPPED[0][1]
    before = show(name)["notes"]
    older = {**show(name), "notes": "As it was in an earlier version."}
    patch(name, notes=older["notes"], loaded=fingerprint(older))
    assert loaded(dry_run=True)[name] == "updated"
    assert show(name)["notes"] == older["notes"]
    assert loaded()[name] == "updated"
    assert show(name)["notes"] == before
    assert loaded()[name] == "unchanged"


def test_loading_leaves_what_somebody_has_changed_or_deleted(
    loaded: Callable[..., dict[str, str]], show: Any, patch: Any, ckan: Any, site_user: dict[str, Any]
) -> None:
    loaded()
    (_, edited), (_, deleted) = SHIPPED[1], SHIPPED[2]
    patch(edited, notes="In our own words.")
    ckan.get_action("package_delete")(dict(site_user), {"id": deleted})
    outcomes = loaded()
    assert (outcomes[edited], outcomes[deleted]) == ("edited here", "deleted here")
    assert show(edited)["notes"] == "In our own words."
    assert show(deleted)["state"] == "deleted"


def test_an_entry_saved_in_the_form_belongs_to_whoever_saved_it(
    loaded: Callable[..., dict[str, str]], sysadmin: Reader
) -> None:
    loaded()
    register, name = SHIPPED[3]
    sysadmin.post(f"/{register}/edit/{name}", **read_inputs(sysadmin, f"/{register}/edit/{name}"))
    assert loaded()[name] == "edited here"


def test_a_dataset_of_the_same_name_is_left_alone(
    loaded: Callable[..., dict[str, str]], show: Any, ckan: Any, site_user: dict[str, Any], dataset: Any
) -> None:
    loaded()
    name = SHIPPED[4][1]
    ckan.get_action("dataset_purge")(dict(site_user), {"id": name})
    dataset(name=name)
    assert loaded()[name] == "name taken"
    assert show(name)["type"] == "dataset"


def test_an_organization_that_does_not_exist_is_refused(loaded: Callable[..., dict[str, str]]) -> None:
    from ckanext.aivision.errors import UsageError

    with pytest.raises(UsageError, match="no-such-office: there is no such organization"):
        loaded(organization="no-such-office")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sources": []}, "sources"),
        ({"sources": [{"title": "Text", "url": "javascript:alert(1)"}]}, "sources"),
        ({"sources": [{"url": "https://rivers.example.gov", "seen": "yesterday"}]}, "sources"),
        ({"issued": "31/12/2025"}, "issued"),
        ({"issued": "2026-02-30"}, "issued"),
        ({"next_review": "soon"}, "next_review"),
        ({"kind": "treaty"}, "kind"),
        ({"country": []}, "country"),
        ({"body": ""}, "body"),
        ({"criteria": ["no-such-criterion"]}, "criteria"),
        ({"cited_as": ["DOC 99"]}, "cited_as"),
        ({"priorities": ["cheap"]}, "priorities"),
    ],
)
def test_the_schema_refuses(save: Callable[..., Any], ckan: Any, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ckan.ValidationError) as refused:
        save(**wrong)
    assert field in refused.value.error_dict


@pytest.mark.parametrize("day", ["2026", "2026-02", "2026-02-28"])
def test_a_date_is_as_exact_as_it_is_known(save: Callable[..., dict[str, Any]], day: str) -> None:
    assert save(issued=day)["issued"] == day


def test_an_editor_adds_and_changes_an_entry_in_the_form(
    reader: Any, person: Any, organization: str, show: Any, fields: dict[str, Any]
) -> None:
    editor, name = reader(person("editor", organization)), fields["name"]
    typed = {
        **{key: fields[key] for key in ("name", "title", "notes", "owner_org", "country", "kind", "body", "status")},
        "sources-0-title": "Text",
        "sources-0-url": "https://rivers.example.gov/framework",
    }
    answer = editor.post("/guidance/new", **{**read_inputs(editor, "/guidance/new"), **typed})
    assert answer.headers["Location"].endswith(f"/guidance/{name}")
    entry = show(name)
    assert (entry["type"], entry["state"], entry["private"]) == ("guidance", "active", False)
    assert entry["sources"] == [{"title": "Text", "url": "https://rivers.example.gov/framework"}]
    path = f"/guidance/edit/{name}"
    editor.post(path, **{**read_inputs(editor, path), "notes": "In other words.", "criteria": "licence-open"})
    assert (show(name)["notes"], show(name)["criteria"]) == ("In other words.", ["licence-open"])
    assert "In other words." in reader("").text(f"/guidance/{name}")


def test_a_form_without_a_source_says_so_and_keeps_what_was_typed(
    reader: Any, person: Any, organization: str, fields: dict[str, Any]
) -> None:
    editor = reader(person("editor", organization))
    typed = {"name": fields["name"], "title": "Rivers without a source", "notes": TEXT}
    answer = editor.post("/guidance/new", 200, **{**read_inputs(editor, "/guidance/new"), **typed})
    text = answer.get_data(as_text=True)
    assert "Give the web address of at least one public source" in text
    assert "Rivers without a source" in text


def test_only_editors_of_its_organization_change_an_entry(
    reader: Any, person: Any, organization: str, save: Callable[..., dict[str, Any]], cabinet_office: str
) -> None:
    name = save()["name"]
    for somebody in (person("member", organization), person("editor", cabinet_office), person()):
        reader(somebody).get(f"/guidance/edit/{name}", 403)
        reader(somebody).post(f"/guidance/edit/{name}", 403, save="", title="Mine")
    reader("").get(f"/guidance/edit/{name}", 403)
    reader("").get("/guidance/new", 403)
    reader("").get(f"/guidance/{name}")


def test_hostile_text_is_shown_as_text(save: Callable[..., dict[str, Any]], raw: Callable[[str], str]) -> None:
    hostile = "<script>alert(1)</script>"
    part = {"clause": hostile, "about": hostile}
    name = save(title=hostile, notes=hostile, body=hostile, clauses=[part])["name"]
    for path in (f"/guidance/{name}", "/guidance/"):
        assert hostile not in raw(path)


def test_an_entry_is_not_evaluated(save: Callable[..., dict[str, Any]], patch: Any, ckan: Any) -> None:
    entry = save()
    patch(entry["name"], notes="In other words.")
    assert count_evaluations(entry["id"]) == 0
    with pytest.raises(ckan.ObjectNotFound):
        ckan.get_action("aivision_score_show")({"user": ""}, {"id": entry["name"]})


def test_only_a_search_that_names_the_register_finds_entries(
    save: Callable[..., dict[str, Any]], dataset: Any, ckan: Any, raw: Callable[[str], str], organization: str
) -> None:
    entry, name = save(), dataset(title="River framework dataset")
    office = ckan.get_action("organization_show")({"user": ""}, {"id": organization})["name"]

    def found(**asked: Any) -> set[str]:
        results = ckan.get_action("package_search")({"user": ""}, {"rows": 1000, **asked})["results"]
        return {row["name"] for row in results}

    for asked in ({}, {"q": "river"}, {"fq": f"owner_org:{organization}"}, {"fq": "-dataset_type:harvest"}):
        assert entry["name"] not in found(**asked)
        assert name in found(**asked)
    assert found(fq="dataset_type:guidance") >= {entry["name"]}
    assert name not in found(fq="+dataset_type:(guidance OR training)")
    for path in ("/dataset/", "/dataset/?q=river", "/feeds/dataset.atom", f"/organization/{office}"):
        assert entry["name"] not in raw(path)
        assert name in raw(path)


def test_an_entry_is_in_no_list_of_datasets(save: Callable[..., dict[str, Any]], dataset: Any, ckan: Any) -> None:
    entry, name = save()["name"], dataset(title="Levels of rivers")
    ask, current = ckan.get_action("package_list"), ckan.get_action("current_package_list_with_resources")
    every, rows = ask({"user": ""}, {}), current({"user": ""}, {"limit": 1000})
    for names in (every, [row["name"] for row in rows]):
        assert (name in names, entry in names) == (True, False)
    assert [one for at in range(len(every)) for one in ask({"user": ""}, {"limit": 1, "offset": at})] == every
    with pytest.raises(ckan.ValidationError):
        ask({"user": ""}, {"limit": "some"})


def test_an_address_of_a_dataset_leads_to_the_entrys_page(save: Callable[..., Any], reader: Any) -> None:
    entry = save()
    for given in (entry["name"], entry["id"]):
        assert reader("").get(f"/dataset/{given}", 302).location.endswith(f"/guidance/{entry['name']}")
    hidden = f"/dataset/{save(name=f'hidden-{uuid.uuid4().hex[:8]}', private=True)['name']}"
    reader("").get(hidden, 404)


def test_filters_of_a_register_narrow_it(save: Callable[..., dict[str, Any]], raw: Callable[[str], str]) -> None:
    name = save(kind="licence", country=["XX"])["name"]
    assert name in raw("/guidance/?aivision_entry_kind=licence&vocab_aivision_entry_country=XX")
    assert name not in raw("/guidance/?aivision_entry_kind=statute")
    assert name not in raw("/training/")
    assert "Another country (" in raw("/guidance/")


def test_an_entry_is_not_in_dcat_schema_org_or_croissant(
    save: Callable[..., dict[str, Any]], dataset: Any, ckan: Any, raw: Callable[[str], str], reader: Any
) -> None:
    name, other = save(title="Framework for river data")["name"], dataset(title="Levels of rivers")
    for fq in (None, "dataset_type:guidance"):
        catalog = ckan.get_action("dcat_catalog_show")({"user": ""}, {"format": "ttl", "fq": fq})
        assert "Framework for river data" not in catalog
    assert "Levels of rivers" in ckan.get_action("dcat_catalog_show")({"user": ""}, {"format": "ttl"})
    with pytest.raises(ckan.ObjectNotFound):
        ckan.get_action("dcat_dataset_show")({"user": ""}, {"id": name, "format": "ttl"})
    reader("").get(f"/dataset/{name}.ttl", 404)
    assert "Framework for river data" not in raw(f"/dataset/{name}/croissant.jsonld")
    assert "ld+json" in raw(f"/dataset/{other}")
    assert "ld+json" not in raw(f"/guidance/{name}")


def test_an_entry_that_an_earlier_version_evaluated_is_in_no_figure(
    save: Callable[..., dict[str, Any]], published: Any, snapshot: Any, ckan: Any
) -> None:
    from ckanext.aivision.catalogue.evaluations.tallies import tallies

    entry, real = save(), published()
    columns = "country, publisher, score, coverage, grade, rubric_version, reference_date, evaluation, point"
    execute(
        f"INSERT INTO aivision_evaluation (package_id, {columns}) "
        f"SELECT :entry, {columns} FROM aivision_evaluation WHERE package_id = :real",
        entry=entry["id"],
        real=real["id"],
    )
    before = sum(tally.scored for tally in tallies() or ())
    snapshot()
    rows = ckan.get_action("aivision_evaluation_list")({"user": ""}, {"fields": "name", "limit": 1000})["evaluations"]
    assert real["name"] in {row["name"] for row in rows}
    assert entry["name"] not in {row["name"] for row in rows}
    execute("DELETE FROM aivision_evaluation WHERE package_id = :entry", entry=entry["id"])
    assert sum(tally.scored for tally in tallies() or ()) == before


def test_a_criterion_leads_to_the_entries_that_list_it_or_that_it_cites(
    save: Callable[..., dict[str, Any]], raw: Callable[[str], str]
) -> None:
    listing = save(criteria=["licence-open"])["name"]
    cited = save(name=f"cited-{uuid.uuid4().hex[:8]}", cited_as=["UK OGL"])["name"]
    document = save(name=f"document-{uuid.uuid4().hex[:8]}", cited_as=["DOC"])["name"]
    other = save(name=f"other-{uuid.uuid4().hex[:8]}", criteria=["title-descriptive"])["name"]
    text = raw("/best-practice/criteria/licence-open")
    assert all(f'href="/guidance/{name}"' in text for name in (listing, cited, document))
    assert other not in text
    assert 'href="/best-practice/criteria/licence-open"' in raw(f"/guidance/{listing}")


def test_the_header_leads_to_the_registers(raw: Callable[[str], str]) -> None:
    assert 'href="/guidance/"' in raw("/").split("</header>")[0]


@pytest.mark.long
def test_a_site_that_lists_no_schema_of_ours_keeps_its_own_types_and_has_no_registers(
    stack: Any, tmp_path: Path, save: Callable[..., dict[str, Any]]
) -> None:
    save()
    (tmp_path / "own_schemas").mkdir()
    (tmp_path / "own_schemas" / "__init__.py").touch()
    (tmp_path / "own_schemas" / "guidance.yaml").write_text(OWN_TYPE)
    schemas = "ckanext.aivision.config:schemas/ai_ready_dataset.yaml own_schemas:guidance.yaml"
    text = re.sub(r"(?m)^(scheming\.dataset_schemas = ).*(\n\s+.*)*", rf"\g<1>{schemas}", stack.ini.read_text())
    (tmp_path / "ckan.ini").write_text(text)
    done = run_python("-c", SITE, tmp_path / "ckan.ini", environment={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["/ 200 - -", "/dataset/ 200 - -", "/guidance/ 200 - -", "/training/ 404 - -"]
