"""The page of a dataset asks the database as often for fifty files as for one, and shows what it showed before."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

Dataset = dict[str, Any]


@pytest.fixture
def dataset(ckan: Any, site_user: dict[str, Any], organization: str) -> Callable[..., Dataset]:
    """Publishes a dataset with so many files."""

    def make(files: int, **fields: Any) -> Dataset:
        resources = [{"url": f"https://rivers.example.gov/{n}.csv", "name": f"Part {n}"} for n in range(files)]
        package = {
            "name": f"levels-{uuid.uuid4().hex[:8]}",
            "title": "River levels",
            "country": "GB",
            "license_id": "none",
            "owner_org": organization,
            "resources": resources,
        }
        made: Dataset = ckan.get_action("package_create")(dict(site_user), package | fields)
        return made

    return make


@pytest.fixture
def statements(ckan: Any) -> Iterator[list[str]]:
    """The statements that the database is asked."""
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        asked.append(statement)

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)


def test_a_page_asks_as_often_for_many_files_as_for_few(
    ckan_application: Any, dataset: Callable[..., Dataset], statements: list[str]
) -> None:
    client, numbers = ckan_application.test_client(), []
    for made in (dataset(2), dataset(9)):
        client.get(f"/dataset/{made['name']}")
        statements.clear()
        answer = client.get(f"/dataset/{made['name']}")
        assert answer.status_code == 200
        assert f"Part {len(made['resources']) - 1}" in answer.get_data(as_text=True)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1], statements


def test_a_file_with_a_view_has_it_on_the_page(
    ckan: Any, site_user: dict[str, Any], ckan_application: Any, dataset: Callable[..., Dataset], monkeypatch: Any
) -> None:
    import ckan.model as model

    made = dataset(2)
    first = made["resources"][0]["id"]
    # There is no plugin of this type here: CKAN would show none of them, whoever asks.
    model.Session.add(model.ResourceView(resource_id=first, title="Map", view_type="map", order=0))
    model.Session.commit()
    monkeypatch.setattr("ckan.lib.datapreview.get_view_plugin", lambda view_type: view_type == "map")
    seen = []
    package = model.Package.get(made["id"])
    for resource in made["resources"]:
        for context in ({**site_user, "for_view": True, "package": package}, dict(site_user)):
            found = ckan.get_action("resource_view_list")(context, {"id": resource["id"]})
            seen.append([view["title"] for view in found])
    assert seen == [["Map"], ["Map"], [], []]


def test_views_of_a_private_dataset_are_for_those_who_may_see_it(
    ckan: Any, dataset: Callable[..., Dataset], person: Callable[..., str]
) -> None:
    import ckan.model as model
    from ckan.plugins import toolkit

    made = dataset(1, private=True)
    package = model.Package.get(made["id"])
    for user in ("", person()):
        context = {"user": user, "for_view": True, "package": package, "ignore_auth": False}
        with pytest.raises(toolkit.NotAuthorized):
            ckan.get_action("resource_view_list")(context, {"id": made["resources"][0]["id"]})


def test_the_page_counts_its_followers_and_offers_to_follow_only_to_people(
    ckan: Any, ckan_application: Any, dataset: Callable[..., Dataset], person: Callable[..., str]
) -> None:
    made, readers = dataset(1), [person(), person()]
    for reader in readers:
        ckan.get_action("follow_dataset")({"user": reader, "ignore_auth": True}, {"id": made["id"]})
    page = ckan_application.test_client().get(f"/dataset/{made['name']}").get_data(as_text=True)
    count = page[page.index("Followers") :][:120]
    assert ">2<" in "".join(count.split())
    assert "/dataset/follow/" not in page
    ckan.get_action("user_delete")({"ignore_auth": True, "user": readers[0]}, {"id": readers[0]})
    page = ckan_application.test_client().get(f"/dataset/{made['name']}").get_data(as_text=True)
    assert ">1<" in "".join(page[page.index("Followers") :][:120].split())


def test_what_a_reader_may_do_is_worked_out_once_a_page_and_for_each_reader(
    ckan_application: Any,
    reader: Callable[[str], Any],
    dataset: Callable[..., Dataset],
    person: Callable[..., str],
    organization: str,
) -> None:
    from ckan.plugins import toolkit

    made, editor = dataset(1), person("editor", organization)
    address, edit = f"/dataset/{made['name']}", f"/dataset/edit/{made['name']}"
    for user, may in ((editor, True), ("", False), (editor, True)):
        assert (edit in reader(user).get(address).get_data(as_text=True)) is may
    with ckan_application.test_request_context(address, method="POST"):
        # A request that changes something may change rights as well.
        assert toolkit.h.check_access("package_update", {"id": made["id"]}) is False
