"""Lists of datasets: what is let through, in which order, and page after page."""

from __future__ import annotations

import base64
import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compare.tables import FAIL, PARTIAL, PASS, RESULTS, criteria, entry, table
from tests.examples import share_of

from ckanext.aivision.compare.table import listing
from ckanext.aivision.compare.table.entry import NOT_APPLICABLE, UNKNOWN
from ckanext.aivision.compare.table.filters import parse
from ckanext.aivision.errors import UsageError

FIRST, SECOND = (row.id for row in criteria())


def asked(**fields: Any) -> listing.Asked:
    return listing.Asked(**{"fields": ("id",), **fields})


def ids(found: listing.Page) -> list[str]:
    return [row["id"] for row in found.rows]


ENTRIES = st.lists(
    st.builds(
        lambda score, grade, title, day: {"score": score, "grade": grade, "title": title, "modified": day},
        st.sampled_from([UNKNOWN, 0, 333, 1000]),
        st.sampled_from("ABCDE"),
        st.text(max_size=4) | st.just("Ä" * 300),
        st.none() | st.datetimes(datetime.datetime(1970, 1, 2), datetime.datetime(2100, 1, 1)),
    ),
    max_size=12,
)


@pytest.mark.long
@settings(max_examples=share_of(40), deadline=None)
@given(ENTRIES, st.sampled_from(listing.SORTS), st.integers(1, 5))
def test_pages_give_each_row_once_and_in_order(rows: list[dict[str, Any]], sort: str, limit: int) -> None:
    # NUL cannot be in a title of the catalogue.
    entries = [
        entry(f"id-{place:02}", **{**row, "title": row["title"].replace("\0", "")}) for place, row in enumerate(rows)
    ]
    found = table(entries)
    whole = listing.page(found, asked(sort=sort, limit=1000))
    assert (whole.after, whole.total) == (None, len(entries))
    assert sorted(ids(whole)) == [one.id for one in entries]
    paged: list[str] = []
    after = None
    for _ in range(len(entries) + 1):
        one = listing.page(found, asked(sort=sort, limit=limit, after=after))
        assert one.total == len(entries)
        paged += ids(one)
        if one.after is None:
            break
        assert len(one.rows) == limit
        # As a reader hands it back.
        after = listing.from_text(listing.to_text(one.after), sort)
    assert paged == ids(whole)


@pytest.mark.long
@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"grade": "B"}, {"a", "b"}),
        ({"min_score": 60}, {"b", "c"}),
        ({"grade": "B", "min_score": 60}, {"b"}),
        ({"grade": "E"}, set()),
        ({"min_score": 0}, {"a", "b", "c", "d"}),
    ],
)
def test_a_grade_and_a_least_score_narrow_a_list(chosen: dict[str, Any], expected: set[str]) -> None:
    rows = {"a": (500, "B"), "b": (600, "B"), "c": (900, "A"), "d": (UNKNOWN, "D")}
    found = table([entry(id, score=score, grade=grade) for id, (score, grade) in rows.items()])
    page = listing.page(found, asked(**chosen))
    assert (set(ids(page)), page.total) == (expected, len(expected))


@pytest.mark.long
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("grade", "b a c d"),
        ("grade desc", "d c a b"),
        ("score", "b c a d"),
        ("score asc", "a c b d"),
        ("title", "d c b a"),
        ("title desc", "a b c d"),
        ("modified", "c a b d"),
        ("modified asc", "b a c d"),
    ],
)
def test_orders(sort: str, order: str) -> None:
    def day(number: int) -> datetime.datetime:
        return datetime.datetime(2026, 11, number)

    entries = [
        entry("a", score=400, grade="B", title="Zebra", modified=day(2)),
        entry("b", score=900, grade="B", title="yak", modified=day(1)),
        entry("c", score=500, grade="C", title="Wombat", modified=day(3)),
        entry("d", score=UNKNOWN, grade="E", title="vole"),
    ]
    assert ids(listing.page(table(entries), asked(sort=sort))) == order.split()


def test_the_result_of_a_criterion_is_let_through_and_no_other() -> None:
    names = ("pass", "partial", "fail", "unknown", "not-applicable")
    entries = [entry(name, (PASS, value)) for name, value in zip(names, RESULTS, strict=True)]
    found = table(entries)
    for name in names:
        results = listing.read_results([f"{SECOND}.{name}"], found.criteria)
        assert ids(listing.page(found, asked(results=results, sort="title"))) == [name]
    either = listing.read_results([f"{SECOND}.fail", f"{SECOND}.unknown"], found.criteria)
    assert ids(listing.page(found, asked(results=either, sort="title"))) == ["fail", "unknown"]
    both = listing.read_results([f"{SECOND}.fail", f"{FIRST}.fail"], found.criteria)
    assert listing.page(found, asked(results=both)) == listing.Page(0, [], None)


def test_filters_and_results_all_hold() -> None:
    entries = [
        entry("a", (FAIL, FAIL), country="US", themes=["health"], kinds=["tabular"]),
        entry("b", (FAIL, FAIL), country="GB", themes=["health"]),
        entry("c", (PASS, FAIL), country="US", themes=["health"]),
    ]
    found = table(entries)
    question = asked(
        filters=parse([("country", "US"), ("theme", "health")]),
        results=listing.read_results([f"{FIRST}.fail"], found.criteria),
    )
    assert ids(listing.page(found, question)) == ["a"]
    with pytest.raises(UsageError, match="no dataset is of this agency"):
        listing.page(found, asked(filters=parse([("agency", "us-999' OR 1=1 --")])))


def test_rows_have_the_fields_that_are_asked_for() -> None:
    found = table(
        [
            entry(
                "a",
                (PARTIAL, NOT_APPLICABLE),
                score=635,
                grade="C",
                gate="licence-missing",
                agency="gb-cabinet-office",
                year=2024,
                modified=datetime.datetime(2026, 11, 2, 3, 4, 5),
            )
        ]
    )
    row = listing.page(found, asked(fields=listing.FIELDS)).rows[0]
    assert set(row) == set(listing.FIELDS)
    assert (row["score"], row["grade"], row["gate"], row["year"]) == (63.5, "C", "licence-missing", 2024)
    assert (row["reference_date"], row["modified"]) == ("2026-11-01", "2026-11-02T03:04:05")
    assert row["results"] == {FIRST: "partial", SECOND: "not-applicable"}
    assert list(row["dimensions"].values())[:3] == [0.0, 10.0, 20.0]
    assert listing.page(found, asked(fields=("score",))).rows == [{"id": "a", "score": 63.5}]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        f"{FIRST}",
        f"{FIRST}.",
        f"{FIRST}.good",
        "no-such.fail",
        f"{FIRST} = 0 OR 1.fail",
        ".",
        "x" * 9999,
    ],
)
def test_what_is_no_result_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=f"such as {FIRST}.fail"):
        listing.read_results([text], [FIRST, SECOND])


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).decode().rstrip("=")


NO_CURSORS: list[Any] = [
    *({}, [], ["grade"], ["grade", 1], ["grade", "x", "id"], ["score", 1, "id"]),
    *(["grade", None, "id"], ["grade", 1, 2], ["grade; DROP TABLE datasets", 1, "id"]),
]
NO_BASE64 = ("", "a", "%", "ä", "x" * 5000)
NO_JSON = ("Ww", base64.urlsafe_b64encode(b'["grade", 1e999, "id"]').decode())


@pytest.mark.parametrize("text", [*NO_BASE64, *NO_JSON, *map(_encoded, NO_CURSORS)])
def test_what_is_no_end_of_a_page_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="use `next`"):
        listing.from_text(text, "grade")


@pytest.mark.long
@settings(max_examples=share_of(40), deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.text(st.characters(exclude_categories=("Cs",))))
def test_any_end_of_a_page_is_only_a_place_in_the_list(value: float, id: str) -> None:
    found = table([entry("a"), entry("b")])
    after = listing.from_text(_encoded(["grade", value, id]), "grade")
    assert set(ids(listing.page(found, asked(after=after)))) <= {"a", "b"}
