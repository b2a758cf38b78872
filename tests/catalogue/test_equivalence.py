"""A dataset that the bulk writer stored cannot be told from one that CKAN's own package_create stored.

The same records of the corpus are written both ways under the same names. What is compared is named below; what is
not are the ids that CKAN draws at random (resources, activities) and the times of writing.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
from tests.corpora import CORPORA, REAL
from tests.examples import is_nightly

from ckanext.aivision.catalogue.harvest.plan import plan
from ckanext.aivision.catalogue.harvest.store import Evaluated
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import Source, resolve
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.services.stack import ADMIN

SOURCE = Source(name="equivalence", url="https://equivalence.example.gov", kind="dcat-us", country="US")
FROM_EACH_US_FILE, FROM_EACH_UK_FILE = 5, 7
# Our own corpus has 24 datasets.
NUMBER, NIGHTLY_NUMBER = 24, 100 if REAL in CORPORA else 24
ON = datetime.date(2026, 11, 1)

# Times of writing, and what CKAN draws at random. `id` is compared where it is the package's own.
TIMES = ("metadata_created", "metadata_modified", "created", "timestamp")
OF_PACKAGE = (
    *(
        "id",
        "name",
        "title",
        "version",
        "url",
        "notes",
        "license_id",
        "type",
        "owner_org",
        "creator_user_id",
        "private",
    ),
    *("state", "author", "author_email", "maintainer", "maintainer_email", "plugin_data", "extras"),
)
OF_RESOURCE = (
    *("package_id", "url", "format", "description", "hash", "position", "name", "resource_type", "mimetype"),
    *("mimetype_inner", "size", "last_modified", "cache_url", "cache_last_updated", "url_type", "extras", "state"),
)
FACETS = (
    *("organization", "tags", "res_format", "license_id", "isopen", "private"),
    *("aivision_country", "aivision_grade", "aivision_gate", "aivision_score", "aivision_gain"),
    *("aivision_score_findable", "aivision_score_machine_readable"),
    *("aivision_criteria", "aivision_failed", "aivision_theme", "aivision_kind"),
    *("aivision_level", "aivision_agency", "aivision_licence"),
)
QUERIES = (
    "data",
    "title:report*",
    "res_format:CSV",
    "environment OR health",
    "name_ngram:data",
    "access_rights:*PUBLIC",
)


class Seen(NamedTuple):
    """Everything that users, programs and the database see of the datasets, by package name."""

    shown: dict[str, Any]
    shown_uncached: dict[str, Any]
    shown_by_default: dict[str, Any]
    documents: dict[str, Any]
    packages: dict[str, Any]
    resources: dict[str, Any]
    tags: dict[str, Any]
    members: dict[str, Any]
    activities: dict[str, Any]
    evaluations: dict[str, Any]
    found: dict[str, Any]


def evaluated(path: Path, kind: str, number: int) -> Iterator[Evaluated]:
    source = resolve(str(path), kind)
    with Session() as session:
        records = (item for item in open_source(source, session, number) if item.dataset is not None)
        for change in plan(records, {}):
            assert change.harvested.dataset is not None
            yield Evaluated(change, evaluate(change.harvested.dataset, load(), ON))


@pytest.fixture(scope="module")
def records(corpus_at_hand: Path, pytestconfig: pytest.Config) -> list[Evaluated]:
    found: dict[str, Evaluated] = {}
    files = [(path, "dcat-us", FROM_EACH_US_FILE) for path in sorted((corpus_at_hand / "us").glob("*"))]
    files += [(path, "ckan", FROM_EACH_UK_FILE) for path in sorted((corpus_at_hand / "uk").glob("*"))]
    for path, kind, number in files:
        found |= {str(item.change.harvested.identifier): item for item in evaluated(path, kind, number)}
    assert len(found) >= NIGHTLY_NUMBER
    # From all over the corpus, so that each file has its part.
    number = NIGHTLY_NUMBER if pytestconfig.getoption("--nightly") else NUMBER
    return list(found.values())[:: len(found) // number][:number]


@pytest.fixture(scope="module")
def written(ckan_application: Any, records: list[Evaluated]) -> Iterator[tuple[Seen, Seen]]:
    """What is seen after package_create, and after the bulk writer."""
    import ckan.model as model
    from ckan.plugins import toolkit as ckan

    from ckanext.aivision.catalogue.ckan.ckan_store import CkanStore
    from ckanext.aivision.catalogue.ckan.harvest_lease import HarvestLease
    from ckanext.aivision.catalogue.hook_calls import HookCalls
    from ckanext.aivision.catalogue.writer.one_by_one import SingleWriter

    request = ckan_application.test_request_context()
    request.push()
    user = ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    assert SingleWriter(SOURCE.name, user, HookCalls()).write(records) == []
    singly = seen(ckan, len(records))
    purge(ckan)
    lease = HarvestLease(SOURCE.name, datetime.datetime.now(datetime.timezone.utc)).__enter__()
    store = CkanStore(SOURCE, lease)
    assert store.write(records) == []
    assert store.drain() == []
    model.Session.rollback()
    in_bulk = seen(ckan, len(records))
    yield singly, in_bulk
    store.fail("the test is over")
    lease.__exit__(None, None, None)
    purge(ckan)
    request.pop()


def rows(statement: str, **values: Any) -> list[dict[str, Any]]:
    import ckan.model as model
    import sqlalchemy as sa

    found = model.Session.execute(sa.text(statement), values).mappings().all()
    return [dict(row) for row in found]


# Whatever refers to a package goes before it.
TABLES = (
    *(("activity", "object_id"), ("member", "table_id"), ("package_tag", "package_id"), ("resource", "package_id")),
    *(("aivision_record", "package_id"), ("package", "id")),
)
_OURS = "SELECT package_id FROM aivision_record WHERE source = 'equivalence'"


def purge(ckan: Any) -> None:
    import ckan.model as model
    import sqlalchemy as sa

    clear_index()
    tables = (
        ("activity", "object_id"),
        ("member", "table_id"),
        ("package_tag", "package_id"),
        ("resource", "package_id"),
    )
    ids = [row["package_id"] for row in rows(_OURS)]
    for table, column in (*tables, ("aivision_record", "package_id"), ("package", "id")):
        model.Session.execute(sa.text(f"DELETE FROM {table} WHERE {column} = ANY(:ids)"), {"ids": ids})
    model.Session.commit()


def clear_index() -> None:
    from ckan.lib.search.common import make_connection

    ids = [row["package_id"] for row in rows(_OURS)]
    make_connection().delete(q=f"id:({' OR '.join(ids)})", commit=True)


def seen(ckan: Any, number: int) -> Seen:
    names = {row["id"]: row["name"] for row in rows(f"SELECT id, name FROM package WHERE id IN ({_OURS})")}
    ids = list(names)
    assert len(names) == number

    def shown(name: str, **options: Any) -> Any:
        context = {"ignore_auth": True, "use_cache": options.pop("use_cache", True)}
        return timeless(ckan.get_action("package_show")(context, {"id": name, **options}))

    def of(table: str, key: str, columns: str, order: str) -> dict[str, Any]:
        grouped: dict[str, Any] = {name: [] for name in names.values()}
        for row in rows(
            f"SELECT {key} AS key_, {columns} FROM {table} WHERE {key} = ANY(:ids) ORDER BY {order}", ids=ids
        ):
            grouped[names[row.pop("key_")]].append(comparable(row))
        return grouped

    return Seen(
        shown={name: shown(name) for name in names.values()},
        shown_uncached={name: shown(name, use_cache=False) for name in names.values()},
        shown_by_default={name: shown(name, use_default_schema=True) for name in names.values()},
        documents=documents(ckan, names),
        packages=of("package", "id", ", ".join(OF_PACKAGE), "name"),
        resources=of("resource", "package_id", ", ".join(OF_RESOURCE), "position"),
        tags=of("package_tag JOIN tag ON tag.id = tag_id", "package_id", "tag.name, vocabulary_id, state", "tag.name"),
        members=of("member", "table_id", "group_id, table_name, capacity, state", "group_id"),
        activities=of("activity", "object_id", "user_id, activity_type, data, permission_labels", "activity_type"),
        evaluations=of("aivision_evaluation", "package_id", "country, publisher, score, grade, evaluation", "country"),
        found={query: found(ckan, query, names) for query in QUERIES},
    )


def documents(ckan: Any, names: dict[str, str]) -> dict[str, Any]:
    """What Solr has stored."""
    from ckan.lib.search.common import make_connection

    answer = make_connection().search("*:*", fq=f"id:({' OR '.join(names)})", rows=NIGHTLY_NUMBER, fl="*")
    return {document["name"]: comparable(document) for document in answer.docs}


def found(ckan: Any, query: str, names: dict[str, str]) -> Any:
    """What a search among the datasets finds, in order of their names, and how its facets count."""
    asked = {
        "q": query,
        "fq": f"id:({' OR '.join(names)})",
        "rows": NIGHTLY_NUMBER,
        "sort": "name asc",
        "facet.field": list(FACETS),
        "facet.limit": -1,
    }
    answer = ckan.get_action("package_search")({"ignore_auth": True}, asked)
    return [package["name"] for package in answer["results"]], answer["count"], answer["facets"]


def comparable(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with JSON in its texts read, so that the order of members does not count, and without times."""
    return timeless({key: _read(value) for key, value in row.items()})


def _in_order(extras: Any) -> Any:
    """CKAN's own order of extras is another after package_create than after a rebuild of the index."""
    return sorted(extras, key=lambda extra: str(extra["key"])) if isinstance(extras, list) else extras


def _read(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def timeless(value: Any) -> Any:
    """A value without times of writing, and without the ids of resources."""
    if isinstance(value, list):
        return [timeless(item) for item in value]
    if not isinstance(value, dict):
        return value
    is_resource = "package_id" in value
    left_out = {*TIMES, "indexed_ts", "_version_", *(["id"] if is_resource else [])}
    kept = {key: timeless(_read(item)) for key, item in value.items() if key not in left_out}
    return {**kept, "extras": _in_order(kept["extras"])} if "extras" in kept else kept


def differences(one: Any, other: Any, place: str = "") -> list[str]:
    """Where two values differ, and how."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted({*one, *other}, key=str)
        missing = object()
        return [
            line
            for key in keys
            for line in differences(one.get(key, missing), other.get(key, missing), f"{place}.{key}")
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [line for index, pair in pairs for line in differences(*pair, f"{place}[{index}]")]
    return [] if one == other else [f"{place}: {one!r:.200} became {other!r:.200}"]


def test_records_of_the_corpus_are_the_same_after_both_ways(written: tuple[Seen, Seen]) -> None:
    singly, in_bulk = written
    for aspect in Seen._fields:
        one, other = getattr(singly, aspect), getattr(in_bulk, aspect)
        assert one.keys() == other.keys(), aspect
        different = [f"{aspect} of {name}: {line}" for name in one for line in differences(one[name], other[name])]
        assert different[:20] == []


def indexed() -> dict[str, Any]:
    """What Solr has stored of our datasets, times and all, but for those of Solr itself."""
    from ckan.lib.search.common import make_connection

    ids = [row["package_id"] for row in rows(_OURS)]
    answer = make_connection().search("*:*", fq=f"id:({' OR '.join(ids)})", rows=NIGHTLY_NUMBER, fl="*")
    found = {}
    for document in answer.docs:
        read = {key: _read(value) for key, value in document.items() if key not in ("indexed_ts", "_version_")}
        read["data_dict"]["extras"] = _in_order(read["data_dict"]["extras"])
        found[document["name"]] = read
    return found


@pytest.mark.usefixtures("written")
def test_a_repaired_index_is_the_one_that_was_written_and_the_one_that_ckan_rebuilds(
    ckan: Any, records: list[Evaluated]
) -> None:
    import ckan.lib.search as search
    import ckan.model as model
    import sqlalchemy as sa

    from ckanext.aivision.catalogue.hook_calls import HookCalls
    from ckanext.aivision.catalogue.index.reindex import index_outstanding

    was_written, ids = indexed(), [row["package_id"] for row in rows(_OURS)]
    assert len(was_written) == len(records)
    clear_index()
    model.Session.execute(sa.text("UPDATE aivision_record SET indexed = FALSE WHERE source = 'equivalence'"))
    model.Session.commit()
    assert sorted(index_outstanding(SOURCE.name, HookCalls())) == sorted(ids)
    repaired = indexed()
    # CKAN reads through its session, which may still know the packages that were there under these ids before.
    model.Session.remove()
    search.rebuild(package_ids=ids, defer_commit=True)
    search.commit()
    assert differences(was_written, repaired) == []
    assert differences(indexed(), repaired)[:20] == []
    assert rows("SELECT FROM aivision_record WHERE source = 'equivalence' AND NOT indexed") == []


@pytest.fixture
def editor(live_site: str, stack: Any) -> Iterator[requests.Session]:
    """A sysadmin's session on the really served site."""
    with requests.Session() as session:
        page = session.get(f"{live_site}/user/login", timeout=60).text
        token = re.search(r'name="_csrf_token" (?:content|value)="([^"]+)"', page)
        assert token is not None
        password = stack.password_file.read_text().strip()
        fields = {"login": ADMIN, "password": password, "_csrf_token": token[1]}
        answer = session.post(f"{live_site}/user/login", fields, headers={"Referer": live_site}, timeout=60)
        assert "/user/login" not in answer.url
        yield session


def test_the_edit_form_shows_the_same(
    ckan: Any, records: list[Evaluated], written: tuple[Seen, Seen], editor: requests.Session, live_site: str
) -> None:
    """Every field of the five pages of the form, of the datasets that fill most fields: five by day, ten nightly."""
    from ckanext.aivision.catalogue.hook_calls import HookCalls
    from ckanext.aivision.catalogue.writer.one_by_one import SingleWriter

    of_record = {str(item.change.harvested.identifier): item for item in records}
    shown = written[1].shown
    for name in sorted(shown, key=lambda name: -len(shown[name]))[: 10 if is_nightly() else 5]:
        address = f"{live_site}/dataset/edit/{name}"
        after_bulk = form(editor, address)
        assert len(after_bulk) > 30
        assert SingleWriter(SOURCE.name, ADMIN, HookCalls()).write([of_record[shown[name]["identifier"]]]) == []
        assert form(editor, address) == after_bulk, name


def form(session: requests.Session, address: str) -> list[tuple[str, ...]]:
    """Names and values of the form's fields."""
    fields: list[tuple[str, ...]] = []
    for page in range(1, 6):
        answer = session.get(f"{address}/{page}", timeout=60)
        assert answer.status_code == 200
        fields += re.findall(r'<(?:input|textarea)[^>]*name="([^"]+)"[^>]*?(?:value="([^"]*)"|>([^<]*))', answer.text)
        fields += re.findall(r'<option[^>]*value="([^"]*)"[^>]*(selected)', answer.text)
    return [field for field in fields if field[0] not in ("_csrf_token", "pkg_id")]
