"""Datasets that a catalogue had before our form came stay as they are, and can be edited."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.posted_form import CHECKED
from ckanext.aivision.record import Dataset, Moment


@pytest.fixture
def older(ckan: Any, site_user: dict[str, Any], dataset: Callable[..., str]) -> Callable[..., str]:
    """Gives the name of a dataset that is stored as another schema left it: extras are set, or gone where None."""

    def store(license_id: str | None = None, **extras: str | None) -> str:
        import ckan.model as model
        from ckan.lib.search import rebuild

        name = dataset()
        package = model.Package.get(name)
        package.license_id = license_id
        for key, value in extras.items():
            package.extras.pop(key, None)
            if value is not None:
                package.extras[key] = value
        model.repo.commit()
        rebuild(name)
        return name

    return store


def checked(context: dict[str, Any]) -> dict[str, Any]:
    """The context of an action that people or programs ask for by POST."""
    return {**context, CHECKED: True}


def edit(ckan: Any, context: dict[str, Any], name: str, **changed: Any) -> dict[str, Any]:
    saved: dict[str, Any] = ckan.get_action("package_patch")(dict(context), {"id": name, **changed})
    return saved


def test_a_dataset_without_country_and_licence_can_be_edited(
    ckan: Any, site_user: dict[str, Any], older: Callable[..., str]
) -> None:
    saved = edit(ckan, site_user, older(country=None), title="River levels, mended")
    assert (saved["title"], saved.get("country"), saved.get("license_id")) == ("River levels, mended", None, None)


@pytest.mark.parametrize("licence", ["cc-by", "uk-ogl", "notspecified", "a licence of ours"])
def test_a_stored_licence_stays(ckan: Any, site_user: dict[str, Any], older: Callable[..., str], licence: str) -> None:
    saved = edit(ckan, site_user, older(licence), title="River levels, mended")
    assert (saved["title"], saved["license_id"]) == ("River levels, mended", licence)


def test_a_stored_choice_that_is_on_no_list_of_ours_stays_and_another_is_refused(
    ckan: Any, site_user: dict[str, Any], older: Callable[..., str]
) -> None:
    name = older("cc-by", access_rights="members only")
    assert edit(ckan, site_user, name, title="River levels, mended")["access_rights"] == "members only"
    with pytest.raises(toolkit.ValidationError, match="is not on the list"):
        edit(ckan, site_user, name, access_rights="friends only")


def test_what_a_dataset_has_cannot_be_taken_away(
    ckan: Any, site_user: dict[str, Any], older: Callable[..., str]
) -> None:
    name = older("cc-by", country="GB")
    for field in ("country", "license_id"):
        with pytest.raises(toolkit.ValidationError, match="Missing value"):
            edit(ckan, site_user, name, **{field: ""})


@pytest.mark.parametrize("licence", ["cc-by", "OGL-UK-3.0", "CC-BY-4.0"])
def test_a_new_dataset_may_have_any_licence_of_the_sites_register_and_of_ours(
    ckan: Any, site_user: dict[str, Any], organization: str, licence: str
) -> None:
    new = {"name": f"levels-{licence.lower().replace('.', '-')}", "title": "River levels", "owner_org": organization}
    made = ckan.get_action("package_create")(dict(site_user), {**new, "country": "GB", "license_id": licence})
    assert made["license_id"] == licence
    assert licence not in (made["license_title"], None)


def test_a_harvester_that_knows_neither_country_nor_licence_is_not_refused(
    ckan: Any, site_user: dict[str, Any], organization: str
) -> None:
    new = {"name": "levels-of-others", "title": "River levels", "owner_org": organization}
    made = ckan.get_action("package_create")(dict(site_user), new)
    assert (made.get("country"), made.get("license_id")) == (None, None)
    # ckanext-dcat sends what a source does not say as an empty text, and a date as it is written there.
    read = {"name": "levels-of-a-feed", "country": "", "license_id": "", "modified": "last winter"}
    made = ckan.get_action("package_create")(dict(site_user), {**new, **read})
    assert (made.get("country"), made.get("license_id"), made["modified"]) == (None, None, "last winter")
    for field in ("country", "license_id"):
        with pytest.raises(toolkit.ValidationError, match="Missing value"):
            ckan.get_action("package_create")(checked(site_user), {**new, "name": "levels-typed", field: ""})


def test_a_licence_that_is_in_no_register_is_refused_with_what_to_do(
    ckan: Any, site_user: dict[str, Any], organization: str
) -> None:
    new = {"name": "levels-mine", "title": "River levels", "owner_org": organization, "country": "GB"}
    with pytest.raises(toolkit.ValidationError, match="Choose one from the list"):
        ckan.get_action("package_create")(dict(site_user), {**new, "license_id": "mine"})


def test_the_register_has_the_sites_licences_and_ours_each_once(ckan: Any, site_user: dict[str, Any]) -> None:
    listed = [row["id"] for row in ckan.get_action("license_list")(dict(site_user), {})]
    assert {"cc-by", "uk-ogl", "notspecified", "OGL-UK-3.0", "us-pd", "none"} <= set(listed)
    assert len(listed) == len(set(listed))


def test_a_sites_own_register_is_extended_and_its_titles_are_kept(
    ckan: Any, site_user: dict[str, Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue.licence_register import ExtendedRegister

    path = tmp_path / "licences.json"
    path.write_text('[{"id": "none", "title": "Ask us"}, {"id": "office", "title": "Office licence"}]')
    monkeypatch.setitem(toolkit.config, "licenses_group_url", f"file://{path}")
    register = ExtendedRegister()
    assert (register["none"].title, register["office"].title) == ("Ask us", "Office licence")
    assert "OGL-UK-3.0" in {licence.id for licence in register.licenses}
    assert "cc-by" not in {licence.id for licence in register.licenses}


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("publisher", "Council", [{"name": "Council"}]),
        ("publisher", '{"name": "Council"}', [{"name": "Council"}]),
        ("contact", "data@council.example.gov.uk", [{"email": "data@council.example.gov.uk"}]),
        ("spatial_coverage", "Leeds", [{"text": "Leeds"}]),
        ("spatial_coverage", '{"type": "Point"}', [{"text": '{"type": "Point"}'}]),
        ("temporal_coverage", "since the flood", [{"start": "since the flood"}]),
        ("language", "en-GB", "en-GB"),
        ("language", "7", 7),
        ("issued", "soon", "soon"),
        ("bureau_code", "15-11", "15-11"),
    ],
)
def test_a_value_that_another_schema_left_is_shown_and_stays_until_it_is_changed(
    ckan: Any, site_user: dict[str, Any], older: Callable[..., str], field: str, value: str, shown: Any
) -> None:
    import ckan.model as model

    name = older("cc-by", **{field: value})
    found = ckan.get_action("package_show")({**site_user, "use_cache": False}, {"id": name})
    assert found[field] == shown
    edit(ckan, site_user, name, title="River levels, mended")
    assert model.Package.get(name).extras[field] == value


def test_such_a_value_can_be_changed(ckan: Any, site_user: dict[str, Any], older: Callable[..., str]) -> None:
    name = older("cc-by", publisher="Council", issued="soon")
    saved = edit(ckan, site_user, name, publisher=[{"name": "City Council"}], issued="2026-11-30")
    assert (saved["publisher"], saved["issued"]) == ([{"name": "City Council"}], "2026-11-30")
    with pytest.raises(toolkit.ValidationError, match="Write the date"):
        edit(ckan, checked(site_user), name, issued="later")


class StoppedDay(datetime.date):
    """A date as programs have it that stop the clock for their tests, such as freezegun."""


def test_a_dataset_can_be_saved_while_the_tests_of_another_extension_have_stopped_the_clock(
    ckan: Any, site_user: dict[str, Any], dataset: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue.evaluations import evaluation_store
    from ckanext.aivision.catalogue.tables import records

    read, day = records.datasets, StoppedDay(2019, 10, 1)
    changed = {"metadata_modified": Moment("2019-10-01", day, "day")}

    def read_on_that_day(ids: list[str], *others: Any) -> list[tuple[str, Dataset]]:
        return [(id, msgspec.structs.replace(dataset, **changed)) for id, dataset in read(ids, *others)]

    monkeypatch.setattr(evaluation_store, "today", lambda: day)
    monkeypatch.setattr(records, "datasets", read_on_that_day)
    name = dataset()
    edit(ckan, site_user, name, title="River levels, mended")
    id = ckan.get_action("package_show")(dict(site_user), {"id": name})["id"]
    evaluation = evaluation_store.find(id)
    assert evaluation is not None
    assert evaluation.reference_date == datetime.date(2019, 10, 1)


def adopted(stack: Any, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stack.ckan("aivision", "adopt", "--format", "json", *words))
    return found


def test_adopt_tells_what_there_is_and_changes_nothing(
    ckan: Any, site_user: dict[str, Any], older: Callable[..., str], stack: Any, tmp_path: Path, organization: str
) -> None:
    name = older("uk-ogl", country=None, ward="Headingley", limitation="Bins in parks are missing", publisher="Council")
    before = ckan.get_action("package_show")(dict(site_user), {"id": name})
    path = tmp_path / "map.yaml"
    found = adopted(stack, "--write-map", str(path))
    fields = {field["name"]: field for field in found["fields"]}
    assert (fields["ward"]["read_as"], fields["ward"]["proposed"]) == ("", "")
    assert (fields["limitation"]["read_as"], fields["limitation"]["proposed"]) == ("", "limitations")
    assert {row["id"]: row["meaning"] for row in found["licences"]}["uk-ogl"] == "OGL-UK-3.0"
    assert ckan.get_action("organization_show")(dict(site_user), {"id": organization})["name"] in found["organizations"]
    assert "limitation: limitations" in path.read_text()
    assert found["refusals"] == []
    assert ckan.get_action("package_show")(dict(site_user), {"id": name}) == before


def test_adopt_states_the_country_of_an_organization_as_the_dry_run_said(
    ckan: Any, site_user: dict[str, Any], older: Callable[..., str], stack: Any, organization: str
) -> None:
    import ckan.model as model

    from ckanext.aivision.catalogue.tables.records import datasets

    id = ckan.get_action("package_show")(dict(site_user), {"id": older("uk-ogl", country=None)})["id"]
    office = ckan.get_action("organization_show")(dict(site_user), {"id": organization})["name"]
    only = ("--country", "GB", "--organization", office)
    assert office in adopted(stack, *only, "--dry-run")["organizations"]
    assert next(datasets([id]))[1].country == "XX"
    assert office in adopted(stack, *only, "--yes")["organizations"]
    assert office not in adopted(stack)["organizations"]
    model.Session.expire_all()
    assert next(datasets([id]))[1].country == "GB"


def refused(*words: str) -> str:
    """What `adopt` says when it refuses to begin: one line, and nothing is shown or written."""
    from click.testing import CliRunner

    from ckanext.aivision.cli.ckan.group import aivision

    done = CliRunner().invoke(aivision, ["adopt", *words])
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    return str(done.stderr)


def test_adopt_refuses_what_it_could_not_do_before_it_looks(ckan: Any, organization: str, tmp_path: Path) -> None:
    there, nowhere = tmp_path / "there.yaml", tmp_path / "nowhere" / "map.yaml"
    there.write_text("mine")
    assert "give --country too" in refused("--organization", organization)
    assert "no organization `nobody`" in refused("--country", "GB", "--organization", "nobody")
    for option in ("--write-map", "--write-schema"):
        assert "exists already" in refused(option, str(there))
        assert "there is no directory" in refused(option, str(nowhere))
    assert there.read_text() == "mine"


def test_adopt_says_what_it_would_write_and_writes_nothing_in_a_dry_run(
    ckan: Any, site_user: dict[str, Any], organization: str, stack: Any, tmp_path: Path
) -> None:
    from tests.processes import run_ckan

    path = tmp_path / "map.yaml"
    office = ckan.get_action("organization_show")(dict(site_user), {"id": organization})["name"]
    stated = ("--country", "US", "--organization", office)
    done = run_ckan(stack.ini, "aivision", "adopt", "--dry-run", "--write-map", str(path), *stated)
    assert f"would write {path}" in done.stderr
    # The organization has no datasets.
    assert "nothing to change" in done.stderr
    assert not path.exists()


def test_adopt_names_datasets_that_no_organization_gives_a_country(
    ckan: Any, older: Callable[..., str], stack: Any
) -> None:
    import ckan.model as model

    before = adopted(stack)["unowned"]
    model.Package.get(older(country=None)).owner_org = None
    model.repo.commit()
    assert adopted(stack)["unowned"] == before + 1
    assert "of no organization without a country" in stack.ckan("aivision", "adopt")
