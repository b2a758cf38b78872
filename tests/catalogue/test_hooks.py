"""Other plugins hear of what a harvest writes and deletes in bulk, as they hear of what CKAN's own actions do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.catalogue.test_equivalence import differences
from tests.records import record

SourceFile = Callable[[list[Any]], Path]
Heard = list[list[Any]]


@pytest.fixture
def load(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[type], Any]:
    """Loads a plugin that is no installed package's."""
    from ckan.plugins import core

    def loaded(plugin: type) -> Any:
        service = plugin(name=plugin.__name__.lower())
        monkeypatch.setitem(core._PLUGINS_SERVICE, service.name, service)
        return service

    return loaded


def recorder() -> type:
    """A plugin that keeps what it hears, with the state of the package in the database then."""
    import ckan.model as model
    import ckan.plugins as plugins

    class Recorder(plugins.Plugin):
        plugins.implements(plugins.IPackageController, inherit=True)
        plugins.implements(plugins.IDomainObjectModification, inherit=True)

        def __init__(self, **named: Any) -> None:
            super().__init__(**named)
            self.heard: Heard = []

        def create(self, entity: Any) -> None:
            self.heard.append(["create", entity.title])

        def edit(self, entity: Any) -> None:
            self.heard.append(["edit", entity.title])

        def delete(self, entity: Any) -> None:
            self.heard.append(["delete", entity.title])

        def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
            self.heard.append(["after_dataset_create", *self._told(context, pkg_dict)])

        def after_dataset_update(self, context: Any, pkg_dict: dict[str, Any]) -> None:
            self.heard.append(["after_dataset_update", *self._told(context, pkg_dict)])

        def after_dataset_delete(self, context: Any, pkg_dict: dict[str, Any]) -> None:
            self.heard.append(["after_dataset_delete", model.Package.get(pkg_dict["id"]).title, context["user"]])

        def notify(self, entity: Any, operation: str) -> None:
            self.heard.append(["notify", type(entity).__name__, getattr(entity, "url", None), operation])

        def _told(self, context: Any, told: dict[str, Any]) -> list[Any]:
            extras = {extra["key"]: extra["value"] for extra in told.get("extras", ())}
            tags = sorted(tag["name"] for tag in told.get("tags", ()))
            resources = [(item["url"], item.get("format")) for item in told["resources"]]
            known = {key: told.get(key) for key in ("title", "notes", "owner_org", "license_id", "type", "url")}
            stands = context["model"].Package.get(told["id"]).title
            return [context["user"], known, extras, tags, resources, stands]

    return Recorder


@pytest.fixture
def heard(load: Callable[[type], Any]) -> Callable[[], Heard]:
    """What a plugin heard since this was last asked, of packages and resources."""
    plugin = load(recorder())

    def taken() -> Heard:
        told, plugin.heard = plugin.heard, []
        return sorted(told, key=repr)

    return taken


def problems(source: str) -> list[tuple[str, str, str, str, str]]:
    import ckan.model as model
    import sqlalchemy as sa

    model.Session.rollback()
    statement = (
        "SELECT identifier, code, severity, location, message FROM aivision_problem"
        " WHERE run_id IN (SELECT id FROM aivision_run WHERE source = :source) ORDER BY id"
    )
    return [tuple(row) for row in model.Session.execute(sa.text(statement), {"source": source})]


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on every dataset goes through CKAN's own actions."""
    from ckanext.aivision.catalogue.writer.prepare import Preparation

    return lambda: monkeypatch.setattr(Preparation, "prepared", lambda self, batch: ([], list(batch)))


def test_a_plugin_hears_of_bulk_writes_what_it_hears_of_ckans_own(
    ckan: Any, into_ckan: Any, found: Any, publisher: Any, tmp_path: Path, heard: Any, one_by_one: Any, monkeypatch: Any
) -> None:
    """Six datasets made, one changed, one deleted: in bulk, and each by package_create, _update and _delete."""
    monkeypatch.setitem(ckan.config, "ckanext.aivision.gone_days", 0)
    office, name = publisher
    first = [record(number, **office) for number in range(6)]
    changed = [record(0, **office, distribution=[{"downloadURL": "https://rivers.example.gov/new.csv"}]), *first[1:]]

    def steps(path: Path, last_one_singly: bool) -> Iterator[Heard]:
        for records in (first, changed):
            path.write_text(json.dumps({"dataset": records}))
            into_ckan(path)
            yield heard()
        if last_one_singly:
            id = next(package["id"] for package in found(name) if package["identifier"] == "river-5")
            ckan.get_action("package_delete")({"ignore_auth": True, "user": site_user(ckan)}, {"id": id})
        else:
            path.write_text(json.dumps({"dataset": changed[:5]}))
            into_ckan(path)
        yield heard()

    in_bulk = list(steps(tmp_path / "bulk.json", last_one_singly=False))
    forget_packages(name)
    one_by_one()
    singly = list(steps(tmp_path / "single.json", last_one_singly=True))
    assert [len(step) for step in in_bulk] == [30, 5, 3]
    assert [kinds(step) for step in in_bulk] == [kinds(step) for step in singly]
    assert differences(singly, in_bulk) == []


def kinds(step: Heard) -> dict[str, int]:
    """How often each hook was called, and with which operation."""
    return dict(Counter(f"{told[0]} {told[1]} {told[-1]}" if told[0] == "notify" else told[0] for told in step))


def site_user(ckan: Any) -> str:
    name: str = ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return name


def forget_packages(publisher: str) -> None:
    """Takes a publisher's datasets out of the index, so that a search finds only what comes after."""
    from ckan.lib.search.common import make_connection

    make_connection().delete(q=f'organization:"{publisher}"', commit=True)


def test_a_hook_that_raises_is_a_warning_that_names_the_plugin_and_the_run_goes_on(
    into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile, load: Callable[[type], Any]
) -> None:
    import ckan.plugins as plugins
    import sqlalchemy as sa

    class Broken(plugins.Plugin):
        plugins.implements(plugins.IPackageController, inherit=True)
        plugins.implements(plugins.IOrganizationController, inherit=True)

        def create(self, entity: Any) -> None:
            raise RuntimeError("this plugin is broken")

        def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
            context["session"].execute(sa.text("SELECT no_such_column"))

        def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
            raise KeyError("no such field")

        def after_dataset_show(self, context: Any, pkg_dict: dict[str, Any]) -> None:
            if not context.get("use_cache", True):
                raise ValueError("not shown")

    office, name = publisher
    load(Broken)
    run = into_ckan(source_file([record(number, **office) for number in range(2)]))
    assert (run.state, run.counts.new, run.counts.refused) == ("finished", 2, 0)
    assert len(found(name)) == 2
    met = problems(run.source)
    assert {(code, severity) for _, code, severity, _, _ in met} == {("hook-failed", "warning")}
    assert sorted({where for _, _, _, where, _ in met}) == [
        "hook broken.after_dataset_create",
        "hook broken.after_dataset_show",
        "hook broken.before_dataset_index",
        "hook broken.create",
    ]
    assert run.warnings == len(met) == 9
    told = next(message for identifier, _, _, where, message in met if where.endswith(".create") and identifier)
    assert "the plugin broken raised in create: RuntimeError: this plugin is broken" in told


def test_what_a_hook_has_ckan_index_stands(
    ckan: Any, into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile, load: Callable[[type], Any]
) -> None:
    import ckan.plugins as plugins

    class Patching(plugins.Plugin):
        plugins.implements(plugins.IPackageController, inherit=True)

        def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
            patch = {"id": pkg_dict["id"], "title": f"{pkg_dict['title']}, curated"}
            ckan.get_action("package_patch")({"ignore_auth": True, "user": context["user"]}, patch)

    office, name = publisher
    load(Patching)
    assert into_ckan(source_file([record(number, **office) for number in range(3)])).warnings == 0
    assert sorted(package["title"][-12:] for package in found(name)) == [f"n {number}, curated" for number in range(3)]


def test_hooks_that_a_crash_cut_off_are_called_by_the_next_run(
    into_ckan: Any, publisher: Any, source_file: SourceFile, heard: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue.ckan.dataset_hooks import Hooks
    from ckanext.aivision.catalogue.index.solr import Indexing

    office, _ = publisher
    source = source_file([record(1, **office)])
    with monkeypatch.context() as patched:
        # The crash: the batch is committed, and the process is gone before Solr or a plugin hears of it.
        patched.setattr(Indexing, "add", lambda self, documents: None)
        patched.setattr(Hooks, "after_write", lambda self, packages: None)
        into_ckan(source)
    assert heard() == []
    assert into_ckan(source).counts.unchanged == 1
    assert [told[0] for told in heard()].count("after_dataset_create") == 1


def test_the_usual_portal_has_no_hook_to_call(ckan: Any) -> None:
    from ckanext.aivision.catalogue.ckan.dataset_hooks import Hooks
    from ckanext.aivision.catalogue.hook_calls import HookCalls
    from ckanext.aivision.catalogue.index.show_hooks import ShowHooks

    assert {"activity", "dcat", "scheming_datasets"} <= set(ckan.config["ckan.plugins"])
    assert not Hooks(site_user(ckan), HookCalls()).any
    assert not ShowHooks(HookCalls()).any
