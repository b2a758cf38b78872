"""Only packages of the types in `ckanext.aivision.dataset_types` are datasets: evaluated, compared and given out."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan.plugins import toolkit
from tests.plugin.conftest import execute
from tests.plugin.test_changes import Follower

from ckanext.aivision.errors import UsageError

SETTING = "ckanext.aivision.dataset_types"


@pytest.fixture
def other() -> str:
    """A type of a test's own."""
    return f"geodata-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def lists_types(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Restarts the site with other types in the setting, and runs the jobs that follow."""
    from ckanext.aivision.catalogue.jobs.type_changes import apply_types, type_changes_job

    def restart(*types: str) -> None:
        ckan.config[SETTING] = list(types)
        apply_types()
        type_changes_job()

    monkeypatch.setitem(ckan.config, "ckanext.aivision.country", "GB")
    before = ckan.config[SETTING]
    yield restart
    import ckan.model as model

    model.Session.rollback()
    restart(*before)


@pytest.fixture
def layer(ckan: Any, site_user: dict[str, Any], organization: str, other: str) -> Callable[..., str]:
    """Saves a package of another type; gives its id."""

    def save(**fields: Any) -> str:
        new = {
            "name": f"layer-{uuid.uuid4().hex[:8]}",
            "title": "Flood zones",
            "type": other,
            "owner_org": organization,
        }
        resources = [{"url": "https://zones.example.gov/zones.gpkg", "format": "GPKG"}]
        made = ckan.get_action("package_create")(
            dict(site_user), {"owner_org": organization, **new, "resources": resources, **fields}
        )
        return str(made["id"])

    return save


@pytest.fixture
def follower(reader: Any) -> Follower:
    return Follower(reader(""))


@pytest.fixture
def score(ckan: Any) -> Callable[[str], float | None]:
    """The score that anybody is given of a package; None for none."""

    def read(id: str) -> float | None:
        try:
            found: float = ckan.get_action("aivision_score_show")({"user": ""}, {"id": id})["score"]
        except toolkit.ObjectNotFound:
            return None
        return found

    return read


@pytest.fixture
def counted(snapshot: Any) -> Callable[[], int]:
    """How many UK datasets a new snapshot has."""
    return lambda: sum(row.data_sets for row in snapshot().countries if row.code == "GB")


def indexed_grade(ckan: Any, id: str) -> str | None:
    """The grade that the search index has of a package; None for none."""
    asked = {"fq": f"id:{id}", "rows": 0, "facet.field": ["aivision_grade"]}
    found = ckan.get_action("package_search")({"user": ""}, asked)
    assert found["count"] == 1
    return next((item["name"] for item in found["search_facets"]["aivision_grade"]["items"]), None)


def test_a_package_of_another_type_is_neither_evaluated_nor_counted_nor_given_out(
    layer: Any, score: Any, counted: Any, follower: Follower, reader: Any, lists_types: Any
) -> None:
    before = counted()
    id = layer()
    assert score(id) is None
    assert counted() == before
    assert follower.kinds() == {}
    assert id not in reader("").text("/data.json")
    reader("").get(f"/dataset/{id}/dcat-us.json", 404)


def test_searches_of_another_type_have_no_facets_of_ours(ckan: Any, other: str) -> None:
    import ckan.plugins as plugins

    plugin = plugins.get_plugin("aivision")
    assert list(plugin.dataset_facets(OrderedDict(tags="Tags"), other)) == ["tags"]
    assert "aivision_grade" in plugin.dataset_facets(OrderedDict(tags="Tags"), "dataset")


def test_its_organization_changing_does_not_have_it_evaluated(
    ckan: Any, site_user: dict[str, Any], layer: Any, cabinet_office: str
) -> None:
    import ckan.model as model

    from ckanext.aivision.catalogue.jobs.evaluate_changes import evaluate_organization_job

    id = layer()
    ckan.get_action("package_owner_org_update")(dict(site_user), {"id": id, "organization_id": cabinet_office})
    evaluate_organization_job(cabinet_office)
    rows = sa.text("SELECT count(*) FROM aivision_evaluation WHERE package_id = :id")
    assert model.Session.execute(rows, {"id": id}).scalar() == 0


def test_a_type_that_is_added_is_evaluated_compared_and_given_out(
    ckan: Any, other: str, layer: Any, score: Any, counted: Any, follower: Follower, lists_types: Any
) -> None:
    before, id = counted(), layer()
    draft = layer(private=True)
    lists_types("dataset", other)
    assert (score(id) or 0) > 0
    assert indexed_grade(ckan, id) in set("ABCDE")
    assert counted() == before + 1
    kinds = follower.kinds()
    assert (kinds[id], draft in kinds) == ("created", False)
    later = layer()
    assert (score(later) or 0) > 0
    assert follower.kinds()[later] == "created"


def test_a_type_that_is_removed_is_out_of_the_next_snapshot_and_has_no_grade(
    ckan: Any, other: str, layer: Any, score: Any, counted: Any, follower: Follower, lists_types: Any
) -> None:
    before = counted()
    lists_types("dataset", other)
    id = layer()
    assert counted() == before + 1
    follower.read_on()
    lists_types("dataset")
    assert (score(id), indexed_grade(ckan, id)) == (None, None)
    assert counted() == before
    assert follower.kinds() == {id: "deleted"}
    execute("UPDATE package SET title = 'Flood zones, 2027' WHERE id = :id", id=id)
    assert follower.kinds() == {}


def test_a_rescore_does_what_the_job_would_have_done(
    ckan: Any, other: str, layer: Any, score: Any, lists_types: Any
) -> None:
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore
    from ckanext.aivision.catalogue.tables.dataset_types import store_types

    id = layer()
    for types, has_score in ((["dataset", other], True), (["dataset"], False)):
        ckan.config[SETTING] = types
        store_types()
        rescore()
        assert ((score(id) is not None), (indexed_grade(ckan, id) is not None)) == (has_score, has_score)


def test_a_package_that_is_being_saved_while_its_type_is_added_is_not_missed(
    ckan: Any, other: str, layer: Any, follower: Follower, lists_types: Any
) -> None:
    import ckan.model as model

    from ckanext.aivision.catalogue.tables.dataset_types import store_types

    id = layer(private=True)
    ckan.config[SETTING] = ["dataset", other]
    with model.meta.engine.connect() as connection:
        connection.execute(sa.text("UPDATE package SET private = FALSE WHERE id = :id"), {"id": id})
        start = threading.Thread(target=store_types)
        start.start()
        connection.commit()
    start.join(60)
    assert follower.kinds()[id] == "created"


def test_a_start_with_the_same_types_changes_nothing(ckan: Any, follower: Follower, published: Any) -> None:
    from ckanext.aivision.catalogue.tables.dataset_types import store_types

    published()
    follower.read_on()
    assert not any(store_types())
    assert follower.kinds() == {}


@pytest.mark.parametrize(
    ("types", "message"),
    [
        (["dataset", "Geo Data"], "`Geo Data` is no name of a type"),
        (["dataset", "guidance"], "`guidance` has entries of a register"),
    ],
)
def test_a_setting_that_lists_no_types_of_datasets_is_refused_with_the_reason(
    ckan: Any, lists_types: Any, types: list[str], message: str
) -> None:
    from ckanext.aivision.catalogue.registers.types import registers
    from ckanext.aivision.catalogue.tables.dataset_types import check_types

    ckan.config[SETTING] = types
    try:
        with pytest.raises(UsageError, match=message):
            check_types(not_allowed=registers())
    finally:
        ckan.config[SETTING] = ["dataset"]
