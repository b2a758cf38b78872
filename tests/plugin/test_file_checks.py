"""A file is looked into: what it is, what was found, who may see it, and what of it is put into the metadata."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from tests.plugin.forms import Steward

LEVELS = b"station,level (m),day\nA1,1.5,2026-01-31\nA2,N/A,2026-01-30\n"
PEOPLE = b"station,contact\n" + b"".join(b"A%d,zebedee%d@rivers.example.gov\n" % (n, n) for n in range(20))
STATION = "station | text | code of the gauge"


@pytest.fixture
def uploaded(ckan: Any, steward: Steward, dataset: Callable[..., str]) -> Callable[..., dict[str, Any]]:
    """Uploads a file into a new dataset, as the API does; gives its resource."""
    from werkzeug.datastructures import FileStorage

    def upload(content: bytes = LEVELS, file: str = "levels.csv", state: str = "active", **fields: Any) -> Any:
        name = dataset(state=state, **{key: fields.pop(key) for key in ("private",) if key in fields})
        stored = FileStorage(io.BytesIO(content), file)
        data = {"package_id": name, "url": file, "name": file, "upload": stored, **fields}
        user = steward.reader.user
        made = ckan.get_action("resource_create")({"user": user}, data)
        return {**made, "package": name}

    return upload


def look(resource: dict[str, Any]) -> None:
    """Does what the worker does."""
    from ckanext.aivision.catalogue.jobs.inspect_file import inspect_job

    inspect_job(resource["id"])


def shown(ckan: Any, resource: dict[str, Any]) -> dict[str, Any]:
    found = ckan.get_action("aivision_file_inspection_show")({"ignore_auth": True}, {"id": resource["id"]})
    return dict(found)


def offered(ckan: Any, resource: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {offer["field"]: (offer["found"], offer["state"]) for offer in shown(ckan, resource)["offers"]}


def test_an_upload_is_looked_into_at_once(ckan: Any, uploaded: Any) -> None:
    from ckan.lib.jobs import get_queue

    resource = uploaded()
    assert shown(ckan, resource)["state"] == "waiting"
    jobs = [job.args for job in get_queue("aivision-short").jobs]
    assert [resource["id"]] in [list(args) for args in jobs]
    look(resource)
    found = shown(ckan, resource)
    assert (found["state"], found["encoding"], found["rows"], found["columns"]) == ("done", "utf-8", 2, 3)


NOTHING = "nothing-to-download"


def test_an_upload_is_a_download_although_the_site_has_no_public_address(
    ckan: Any, uploaded: Any, steward: Steward
) -> None:
    """In what is stored, beside the form, and where the file is only linked."""
    who = {"user": steward.reader.user}
    name = uploaded()["package"]
    (file,) = steward.stored(name)["resources"]
    draft = ckan.get_action("aivision_score_draft")(dict(who), {"id": name, "package": {"title": "Levels"}})
    assert NOTHING not in [gate["gate"] for gate in draft["gates"]]
    score = ckan.get_action("aivision_score_show")(dict(who), {"id": name})
    assert NOTHING not in [gate["gate"] for gate in score.get("gates", ())]
    link = {"url": file["url"], "format": "CSV", "url_type": ""}
    typed = {"id": name, "package": {"resources": [{**file, **link}]}}
    draft = ckan.get_action("aivision_score_draft")(dict(who), typed)
    assert NOTHING in [gate["gate"] for gate in draft["gates"]]


def test_it_finds_size_checksum_format_media_type_and_columns(ckan: Any, uploaded: Any) -> None:
    resource = uploaded(format="", mimetype="")
    look(resource)
    found = offered(ckan, resource)
    assert found["hash"] == (hashlib.sha256(LEVELS).hexdigest(), "new")
    assert {field: value for field, (value, _) in found.items() if field in ("size", "mimetype", "format")} == {
        "size": str(len(LEVELS)),
        "mimetype": "text/csv",
        "format": "CSV",
    }
    assert found["columns"][0].splitlines()[0] == "station | text"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"<!doctype html><p>", "text/html"),
    ],
)
def test_a_file_without_columns_still_has_a_media_type_and_a_checksum(
    ckan: Any, uploaded: Any, content: bytes, media_type: str
) -> None:
    resource = uploaded(content, "levels.dat", mimetype="")
    look(resource)
    found = offered(ckan, resource)
    assert found["mimetype"][0] == media_type
    assert found["hash"][0] == hashlib.sha256(content).hexdigest()
    assert "columns" not in found


def test_nothing_is_put_into_the_metadata_without_a_press(ckan: Any, uploaded: Any, steward: Steward) -> None:
    resource = uploaded(hash="0" * 64, columns=STATION)
    before = steward.stored(resource["package"])["resources"]
    look(resource)
    assert steward.stored(resource["package"])["resources"] == before
    assert offered(ckan, resource)["hash"][1] == "differs"


def test_the_steward_puts_what_is_ticked_into_the_metadata_and_nothing_else(
    ckan: Any, uploaded: Any, steward: Steward
) -> None:
    resource = uploaded(hash="0" * 64, columns=STATION, size="5")
    look(resource)
    address = f"/dataset/{resource['package']}/files/{resource['id']}"
    page = steward.reader.text(address)
    assert 'value="hash" id="use-hash">' in page
    steward.reader.post(f"{address}/use", field=["columns", "size"])
    (stored,) = steward.stored(resource["package"])["resources"]
    assert stored["columns"].splitlines()[0] == STATION
    assert len(stored["columns"].splitlines()) == 3
    assert (stored["size"], stored["hash"]) == (len(LEVELS), "0" * 64)
    steward.reader.post(f"{address}/use", field="hash")
    (stored,) = steward.stored(resource["package"])["resources"]
    assert stored["hash"] == hashlib.sha256(LEVELS).hexdigest()
    assert stored["hash_algorithm"].endswith("checksumAlgorithm_sha256")
    assert "The metadata already say all that was found." in steward.reader.text(address)


def test_a_column_that_looks_personal_is_told_before_the_dataset_is_public(
    uploaded: Any, steward: Steward, reader: Any
) -> None:
    resource = uploaded(PEOPLE, "people.csv", state="draft")
    look(resource)
    page = steward.reader.text(f"/dataset/{resource['package']}/files/{resource['id']}")
    assert "Some columns look like personal data." in page
    assert "replace the file before you publish" in page
    assert "zebedee" not in page
    reader("").get(f"/dataset/{resource['package']}", status=404)


def test_publishing_with_an_upload_shows_the_file_first_and_the_button_there_publishes(
    steward: Steward, dataset: Callable[..., str]
) -> None:
    name = dataset(state="draft")
    _, fields = steward.form(f"/dataset/{name}/resource/new")
    file = (io.BytesIO(PEOPLE), "people.csv")
    data = {**fields, "url_type": "upload", "url": "people.csv", "upload": file, "save": "go-metadata"}
    answer = steward.reader.post(f"/dataset/{name}/publish?to=everyone", 302, **data)
    (resource,) = steward.stored(name)["resources"]
    address = f"/dataset/{name}/files/{resource['id']}"
    assert answer.headers["Location"].endswith(address)
    assert steward.stored(name)["state"] == "draft"
    assert "Publish to everyone" in steward.reader.text(address)
    steward.reader.post(f"/dataset/{name}/publish?to=everyone", save="go-metadata", id="")
    assert (steward.stored(name)["state"], steward.stored(name)["private"]) == ("active", False)


def test_publishing_to_members_from_there_makes_it_private(uploaded: Any, steward: Steward, reader: Any) -> None:
    name = uploaded(state="draft")["package"]
    steward.reader.post(f"/dataset/{name}/publish?to=members", save="go-metadata", id="")
    assert (steward.stored(name)["state"], steward.stored(name)["private"]) == ("active", True)
    reader("").get(f"/dataset/{name}", status=404)


def test_a_steward_has_a_linked_file_fetched_and_sees_why_it_cannot_be(
    ckan: Any, steward: Steward, dataset: Callable[..., str]
) -> None:
    name = dataset(resources=[{"url": "http://127.0.0.1:9/levels.csv", "name": "Levels", "format": "CSV"}])
    (resource,) = steward.stored(name)["resources"]
    address = f"/dataset/{name}/files/{resource['id']}"
    assert "This file has not been looked into yet." in steward.reader.text(address)
    steward.reader.post(f"{address}/ask")
    assert 'hx-trigger="every 3s"' in steward.reader.text(address)
    assert "Load this page again" in steward.reader.text(address)
    look(resource)
    page = steward.reader.text(address)
    assert "The file could not be fetched:" in page
    assert "is not on the public Internet" in page
    assert not [word for word in ("ckan aivision", "--allow", "aivision profile") if word in page]


def test_a_file_is_not_queued_twice(ckan: Any, uploaded: Any, steward: Steward) -> None:
    from ckan.lib.jobs import get_queue

    resource = uploaded()
    steward.reader.post(f"/dataset/{resource['package']}/files/{resource['id']}/ask")
    assert [list(job.args) for job in get_queue("aivision-short").jobs].count([resource["id"]]) == 1


def test_what_was_found_of_a_replaced_file_is_not_put_into_the_metadata(
    ckan: Any, uploaded: Any, steward: Steward
) -> None:
    from werkzeug.datastructures import FileStorage

    resource = uploaded()
    look(resource)
    new = FileStorage(io.BytesIO(PEOPLE), "levels.csv")
    ckan.get_action("resource_patch")({"user": steward.reader.user}, {"id": resource["id"], "upload": new})
    assert shown(ckan, resource)["state"] == "waiting"
    with pytest.raises(ckan.ValidationError, match="has not been looked into"):
        ckan.get_action("aivision_file_inspection_apply")(
            {"ignore_auth": True, "user": ""}, {"id": resource["id"], "fields": ["hash"]}
        )


@pytest.mark.parametrize("called", ["inspect", "inspection_show", "inspection_apply"])
def test_only_people_who_can_edit_the_dataset_may(
    ckan: Any, uploaded: Any, person: Any, organization: str, called: str
) -> None:
    resource = uploaded(private=True)
    look(resource)
    more = {"fields": ["hash"]} if called == "inspection_apply" else {}
    for user in ("", person(), person("member", organization)):
        for id in (resource["id"], str(uuid.uuid4())):
            with pytest.raises(ckan.NotAuthorized):
                ckan.get_action(f"aivision_file_{called}")({"user": user}, {"id": id, **more})
    ckan.get_action(f"aivision_file_{called}")({"user": person("admin", organization)}, {"id": resource["id"], **more})


def test_the_pages_are_refused_to_others(uploaded: Any, reader: Any, person: Any, organization: str) -> None:
    resource = uploaded()
    address = f"/dataset/{resource['package']}/files/{resource['id']}"
    for user in (person(), person("member", organization)):
        reader(user).get(address, status=403)
        for step in ("ask", "use"):
            reader(user).post(f"{address}/{step}", 403, field="hash")
    assert "/user/login?" in reader("").get(address, status=302).headers["Location"]
