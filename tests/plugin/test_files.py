"""What the files of a stored dataset hold: profiled, kept, shown, and taken into the metadata by whoever may."""

from __future__ import annotations

import datetime
import http.server
import io
import logging
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from ckanext.aivision.scoring.observations.file_profile import FileProfile

LEVELS = "station,level (m),day\nA1,1.5,2026-01-31\nA2,N/A,2026-01-30\n"
PEOPLE = "station,contact\n" + "".join(f"A{number},zebedee{number}@rivers.example.gov\n" for number in range(20))
MONTH = datetime.timedelta(days=30)


@pytest.fixture
def steward(person: Any, organization: str) -> str:
    name: str = person("editor", organization)
    return name


@pytest.fixture
def site(serve: Callable[..., str]) -> Any:
    """The address of a portal whose files are these by path, and the paths that were asked for."""
    held = {"/levels.csv": LEVELS, "/people.csv": PEOPLE, "/page.csv": "<!doctype html><html>Log in</html>"}
    asked: list[str] = []

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        body = held.get(request.path, "").encode()
        request.send_response(200 if body else 404)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return serve(answer), asked


@pytest.fixture
def stored(ckan: Any, steward: str, organization: str, site: Any) -> Callable[..., dict[str, Any]]:
    """A dataset with these files of the portal."""

    def make(*paths: str, **fields: Any) -> dict[str, Any]:
        package = {
            "name": f"rivers-{uuid.uuid4().hex[:8]}",
            "title": "River levels, weekly, by station",
            "notes": "Levels of rivers.",
            "owner_org": organization,
            "country": "GB",
            "license_id": "OGL-UK-3.0",
            "resources": [{"name": path[1:], "url": f"{site[0]}{path}", "format": "CSV"} for path in paths],
            **fields,
        }
        made: dict[str, Any] = ckan.get_action("package_create")({"user": steward}, package)
        return made

    return make


def look(package: dict[str, Any], site: Any, most: int | None = None, again: datetime.timedelta = MONTH) -> Any:
    from ckanext.aivision.catalogue.jobs.profile_files import choose_datasets, profile_files

    told: list[tuple[str, FileProfile]] = []
    hosts = [urlsplit(site[0]).netloc]
    return profile_files(choose_datasets(package["name"], None), most, again, lambda *of: told.append(of), hosts)


def profiles(ckan: Any, package: dict[str, Any], user: str = "") -> list[dict[str, Any]]:
    listed = ckan.get_action("aivision_file_profile_list")({"user": user}, {"id": package["name"]})
    return [row["profile"] for row in listed]


def result(ckan: Any, package: dict[str, Any], criterion: str) -> dict[str, Any] | None:
    score = ckan.get_action("aivision_score_show")({"user": ""}, {"id": package["name"]})
    return next((found for found in score["results"] if found["criterion"] == criterion), None)


def test_the_evaluation_goes_as_deep_as_the_files_were_looked_into(ckan: Any, stored: Any, site: Any) -> None:
    package = stored("/levels.csv", "/page.csv")
    assert result(ckan, package, "file-as-declared") is None
    counts = look(package, site)
    assert (counts.profiled, counts.refused) == (1, 1)
    found = result(ckan, package, "file-as-declared")
    assert found is not None
    assert (found["result"], found["value"]) == ("partial", 0.5)
    assert "a web page" in found["evidence"]


def test_what_was_looked_at_is_not_fetched_again_until_it_is_old(ckan: Any, stored: Any, site: Any) -> None:
    package = stored("/levels.csv", "/people.csv")
    assert look(package, site, most=1).profiled == 1
    counts = look(package, site)
    assert (counts.profiled, counts.kept) == (1, 1)
    fetched = [path for path in site[1] if path.endswith(".csv")]
    assert sorted(fetched) == ["/levels.csv", "/people.csv"]
    assert look(package, site, again=datetime.timedelta(0)).profiled == 2


def test_a_file_at_another_address_is_another_file(ckan: Any, stored: Any, site: Any, steward: str) -> None:
    package = stored("/levels.csv")
    look(package, site)
    resource = package["resources"][0]["id"]
    ckan.get_action("resource_patch")({"user": steward}, {"id": resource, "url": f"{site[0]}/people.csv"})
    assert profiles(ckan, package) == []
    assert result(ckan, package, "header-usable") is None


def test_a_steward_takes_the_columns_into_the_metadata_and_keeps_what_was_written(
    ckan: Any, stored: Any, site: Any, steward: str, reader: Any
) -> None:
    package = stored("/levels.csv")
    resource = package["resources"][0]["id"]
    written = "station | text | code of the gauge"
    ckan.get_action("resource_patch")({"user": steward}, {"id": resource, "columns": written})
    look(package, site)
    reader(steward).post(f"/dataset/{package['name']}/files/{resource}/dictionary")
    columns = ckan.get_action("resource_show")({"user": steward}, {"id": resource})["columns"].splitlines()
    assert columns == [
        written,
        "level (m) | number | in m; 1.5 to 1.5; missing in 50.0% of rows (N/A)",
        "day | date | 2026-01-30 to 2026-01-31",
    ]
    found = result(ckan, package, "columns-as-described")
    assert found is not None
    assert found["result"] == "pass"


@pytest.mark.parametrize("who", ["nobody", "a stranger", "a member"])
def test_nobody_else_may_change_the_data_dictionary(
    who: str, ckan: Any, stored: Any, site: Any, reader: Any, person: Any, organization: str
) -> None:
    package = stored("/levels.csv")
    look(package, site)
    resource = package["resources"][0]["id"]
    user = {"nobody": "", "a stranger": person(), "a member": person("member", organization)}[who]
    reader(user).post(f"/dataset/{package['name']}/files/{resource}/dictionary", 403)
    assert not ckan.get_action("resource_show")({"user": ""}, {"id": resource}).get("columns")
    assert "Use as data dictionary" not in reader(user).text(f"/dataset/{package['name']}/files")


def test_the_page_shows_the_columns_to_everybody_and_the_flags_to_those_who_may_edit(
    ckan: Any, stored: Any, site: Any, reader: Any, steward: str
) -> None:
    package = stored("/people.csv")
    look(package, site)
    path = f"/dataset/{package['name']}/files"
    for user, flagged in (("", False), (steward, True)):
        page = reader(user).text(path)
        assert "contact" in page
        assert ("e-mail address" in page) is flagged
        assert ("Some columns look like personal data" in page) is flagged
        assert [bool(column.get("personal")) for column in profiles(ckan, package, user)[0]["columns"]] == [
            False,
            flagged,
        ]


def test_the_files_of_a_private_data_set_are_shown_to_nobody_else(
    ckan: Any, stored: Any, site: Any, reader: Any, person: Any
) -> None:
    package = stored("/levels.csv", private=True)
    look(package, site)
    with pytest.raises(ckan.NotAuthorized):
        profiles(ckan, package)
    reader(person()).get(f"/dataset/{package['name']}/files", status=404)


def test_no_value_that_looks_like_personal_data_is_stored_shown_or_logged(
    ckan: Any, stored: Any, site: Any, reader: Any, steward: str, caplog: pytest.LogCaptureFixture
) -> None:
    import ckan.model as model
    import sqlalchemy as sa

    package = stored("/people.csv")
    with caplog.at_level(logging.DEBUG):
        look(package, site)
        page = reader(steward).text(f"/dataset/{package['name']}/files")
        score = ckan.get_action("aivision_score_show")({"user": steward}, {"id": package["name"]})
    with model.meta.engine.connect() as connection:
        tables = [name for name in sa.inspect(connection).get_table_names() if name.startswith("aivision_")]
        kept = "".join(str(connection.execute(sa.text(f"SELECT * FROM {name}")).fetchall()) for name in tables)
    for text in (page, str(score), kept, caplog.text):
        assert "zebedee" not in text
    assert "contact" in kept


def test_an_uploaded_file_is_read_where_it_lies(ckan: Any, stored: Any, site: Any, steward: str) -> None:
    from werkzeug.datastructures import FileStorage

    package = stored()
    upload = FileStorage(io.BytesIO(LEVELS.encode()), "levels.csv")
    data = {"package_id": package["id"], "name": "Levels", "url": "levels.csv", "format": "CSV", "upload": upload}
    ckan.get_action("resource_create")({"user": steward}, data)
    assert look(package, site).profiled == 1
    assert profiles(ckan, package)[0]["columns"][0]["name"] == "station"
    assert site[1] == []


def test_an_address_on_a_private_network_is_refused(ckan: Any, stored: Any, site: Any) -> None:
    from ckanext.aivision.catalogue.jobs.profile_files import choose_datasets, profile_files

    package = stored("/levels.csv")
    counts = profile_files(choose_datasets(package["name"], None), None, MONTH, lambda *of: None)
    assert (counts.profiled, counts.refused) == (0, 1)
    reason = profiles(ckan, package)[0]["reason"]
    assert "is not on the public Internet" in reason
    assert "private address" not in reason
    assert "--allow-host" not in reason
    assert site[1] == []


def test_files_that_cannot_be_meant_are_refused_with_a_reason(ckan: Any) -> None:
    from ckanext.aivision.catalogue.jobs.profile_files import choose_datasets
    from ckanext.aivision.errors import UsageError

    with pytest.raises(UsageError, match="no such dataset"):
        choose_datasets("no-such-data-set", None)
