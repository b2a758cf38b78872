"""A user's own lens file: read without any code, or refused on one line that says where and what to do."""

from __future__ import annotations

import contextlib
import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.lenses.load import find, load_lens, names, parse
from ckanext.aivision.scoring.rubric import load

OWN = """\
name: rivers
title: What our river office asks
publisher: River office
version: "3"
date: 2026-11-01
address: https://rivers.example.gov/rules
groups:
- id: open
  title: Open
  question: Can everyone use it?
  clause: Rule 1
  rows:
  - criterion: licence-open
    weight: 2
  - id: page
    title: There is a page
    any_of: [{property: "foaf:page", test: given}]
left_out:
- criteria: [issued-stated]
  reason: We do not ask.
"""
POINTS = OWN.replace("groups:", "unit: points\ntotal: 3\ngroups:", 1).replace("weight: 2", "points: 2")
POINTS = POINTS.replace("title: There is a page", "title: There is a page\n    points: 1")


def refusal(content: str | bytes) -> str:
    with pytest.raises(UsageError) as caught:
        parse(content.encode() if isinstance(content, str) else content, "my.yaml")
    message = str(caught.value)
    assert message.startswith("my.yaml: ")
    assert "\n" not in message
    return message


def test_a_file_of_ones_own_is_a_lens(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_text(OWN)
    lens = find(str(path))
    assert (lens.name, lens.date) == ("rivers", "2026-11-01")
    assert [row.key for row in lens.rows()] == ["licence-open", "page"]
    assert parse(POINTS.encode(), "my.yaml").total == 3


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("licence-open", "license-open", 13, "no criterion 'license-open' (do you mean 'licence-open'?)"),
        ("weight: 2", "weight: much", 14, "got `str` (groups[0].rows[0].weight)"),
        ("weight: 2", "weight: -1", 14, "Expected `float` > 0.0"),
        ("weight: 2", "weight: .nan", 14, "(groups[0].rows[0].weight)"),
        ("weight: 2", "points: 2", 13, "`points` need `unit: points`"),
        ("question: Can everyone use it?", "asks: May all use it?", 8, "unknown field `asks`"),
        ("title: Open", "title: ''", 9, "length >= 1"),
        ("    title: There is a page\n", "", 15, "needs an `id` and a `title`"),
        ("foaf:page", "foaf:pages", 17, "no property 'foaf:pages' (do you mean 'foaf:page'?)"),
        ("test: given", "test: there", 17, "Invalid enum value 'there'"),
        ("test: given", "test: one-of", 17, "`values` belong to one-of and written-as"),
        ("any_of:", "criterion: issued-stated\n    any_of:", 15, "use `criterion`, `any_of` or `all_of`"),
        ("[issued-stated]", "[licence-open]", 19, "is used in a row or left out twice"),
        ("id: page", "id: issued-stated", 15, "is the id of a criterion"),
        ("id: page", "id: links-reachable", 15, "is the id of a criterion"),
        ("  title: Open\n", "  title: Open\n  title: Shut\n", 10, "`title` appears twice in one mapping"),
        ("address: https", "address: javascript", 6, "(address)"),
        ("- criteria: [issued-stated]", "- criteria: &a [issued-stated]\n  more: *a", 20, "is an alias"),
        ("  title: Open", "  title: [Open", 10, "not readable as YAML"),
        ("name: rivers", "name: ../rivers", 1, "(name)"),
        (
            "name: rivers",
            "bands: [{title: A, least: 1}, {title: B, least: 2}]\nname: rivers",
            1,
            "from best to worst",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, line: int, told: str) -> None:
    assert old in OWN
    message = refusal(OWN.replace(old, new, 1))
    assert f"line {line}: " in message, message
    assert told in message


def test_points_that_do_not_add_up_are_told() -> None:
    assert "add up to 3, not to 4" in refusal(POINTS.replace("total: 3", "total: 4"))
    assert "needs `total`" in refusal(POINTS.replace("total: 3\n", ""))


def test_a_criterion_cannot_count_twice() -> None:
    twice = OWN.replace("  - id: page", "  - criterion: licence-open\n  - id: page")
    assert "'licence-open' is in two rows" in refusal(twice)


def test_a_group_with_a_dimension_has_its_criteria_that_are_nowhere_else_in_the_file() -> None:
    timely = "- {id: now, title: Now, question: 'Up to date?', clause: Rule 2, dimension: timely}\nleft_out:"
    lens = parse(OWN.replace("left_out:", timely).encode(), "my.yaml")
    rows = [row.criterion for row in lens.groups[1].rows]
    assert rows == [row.id for row in load().everything if row.dimension == "timely" and row.id != "issued-stated"]
    assert "no dimension 'timley' (do you mean 'timely'?)" in refusal(
        OWN.replace("left_out:", timely.replace("y: timely", "y: x").replace("dimension: timely", "dimension: timley"))
    )


CITING = """\
name: commerce
title: What Commerce asks of metadata
publisher: River office
version: "1"
date: 2026-11-01
address: ""
guidance: DOC
groups:
- id: "2"
  title: Formats
  question: Are they structured?
  clause: DOC 2
  groups:
  - id: "2.1"
    title: Metadata
    question: Are there metadata?
    clause: DOC 2.1
    not_measured:
    - {clause: DOC 2.1.1, title: Metadata, reason: Nobody looked.}
    - {clause: DOC 2.1.4, title: Missing values, reason: Nobody looked.}
    - {clause: DOC 2.1.9, title: Something else, reason: Nobody looked.}
  - {id: "2.2", title: Data, question: "Are there data?", clause: DOC 2.2, dimension: licensed}
left_out:
- criteria: [publisher-identified]
  reason: We do not ask.
"""


def test_a_criterion_that_cites_the_document_of_a_lens_belongs_to_the_group_of_the_clause() -> None:
    (group,) = parse(CITING.encode(), "my.yaml").groups
    inner = {found.id: found for found in group.groups}
    # The first clause of the document that a criterion cites is its place.
    places = ((row, next((one for one in row.sources if one.startswith("DOC ")), "")) for row in load().everything)
    citing = {row.id: row for row, place in places if place.startswith("DOC 2.1")}
    rows = {row.criterion: row.clauses for row in inner["2.1"].rows}
    assert rows.keys() == citing.keys() - {"publisher-identified"} - {row.criterion for row in inner["2.2"].rows}
    for id, clauses in rows.items():
        assert clauses == [source for source in citing[id].sources if source.startswith("DOC ")]


def test_what_was_not_measured_is_measured_from_the_depth_of_the_criterion_on() -> None:
    (group,) = parse(CITING.encode(), "my.yaml").groups
    depths = {row.depth for row in load().everything if "DOC 2.1.4" in row.sources}
    left = {missing.clause: missing.until for missing in group.groups[0].not_measured}
    # A criterion of the metadata answers a clause at once, and nothing answers DOC 2.1.9.
    assert left.pop("DOC 2.1.9") == ""
    assert left == ({} if "metadata" in depths else {"DOC 2.1.4": "content"})


def test_a_criterion_counts_once_when_dimension_and_citation_lead_to_different_groups() -> None:
    rows = [
        row.criterion for row in parse(CITING.replace("dimension: licensed", "dimension: timely").encode(), "x").rows()
    ]
    assert len(set(rows)) == len(rows)
    twice = CITING.replace("DOC 2\n", "DOC 2\n  dimension: licensed\n")
    assert "two groups have the dimension 'licensed'" in refusal(twice)


def test_a_group_that_measures_nothing_says_why() -> None:
    empty = '- {id: more, title: More, question: "More?", clause: Rule 2}\nleft_out:'
    assert "give the reason under `not_measured`" in refusal(OWN.replace("left_out:", empty))


def test_groups_nest_one_level_and_no_deeper() -> None:
    inner = '{id: b, title: B, question: "B?", clause: b, groups: [{id: c, title: C, question: "C?", clause: c}]}'
    deep = f'- {{id: a, title: A, question: "A?", clause: a, groups: [{inner}]}}\nleft_out:'
    assert "unknown field `groups`" in refusal(OWN.replace("left_out:", deep))


@pytest.mark.parametrize(
    "content",
    [
        "", "# nothing", "- a list", "just words", "\x00", "a: !!python/object/apply:os.system [ls]", "? [a]\n: b",
        "[" * 5000, "{a: " * 400, 'a: "\\UFFFFFFFF"', "%YAML 99999999999999999999.1\n--- a", "a: 1\n---\nb: 2",
        b"\xff\xfe\x00", b"name: \xc3\x28", "name: rivers\n" * 3, "a" * 1_100_000,
    ],
)  # fmt: skip
def test_what_is_no_lens_is_refused(content: str | bytes) -> None:
    refusal(content)


@pytest.mark.parametrize("wanted", ["mqas", "MQA", "", "no\x00name.yaml", "./nowhere.yaml", "/", "nowhere.yml", "../x"])
def test_a_lens_that_is_not_there_is_told_with_what_there_is(wanted: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(wanted)
    assert "use " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_lens_of_ours_is_found_by_name() -> None:
    assert [find(name).name for name in names()] == names()
    assert find("mqa") is load_lens("mqa")


_words = st.text(max_size=12) | st.sampled_from(["licence-open", "dcat:keyword", "given", "points", "score"])
_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_words, inner, max_size=4),
    max_leaves=12,
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a document: its container and key."""
    items = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else [])
    return [(value, key) for key, _ in items] + [place for _, inner in items for place in _places(inner)]


def _read_or_refused(content: bytes) -> None:
    with contextlib.suppress(UsageError):
        parse(content, "my.yaml")


@given(st.binary(max_size=300))
def test_no_bytes_end_in_a_trace(content: bytes) -> None:
    _read_or_refused(content)


@given(st.text(max_size=300))
def test_no_text_ends_in_a_trace(content: str) -> None:
    _read_or_refused(content.encode("utf-8", "surrogatepass"))


@pytest.mark.long
@given(st.data(), _anything)
def test_no_value_in_the_place_of_a_right_one_ends_in_a_trace(data: st.DataObject, value: Any) -> None:
    document = copy.deepcopy(yaml.safe_load(data.draw(st.sampled_from([OWN, POINTS]))))
    container, key = data.draw(st.sampled_from(_places(document)))
    container[key] = value
    _read_or_refused(yaml.safe_dump(document, allow_unicode=True).encode("utf-8", "surrogatepass"))


@given(st.data())
def test_a_lens_cut_off_or_spoilt_anywhere_does_not_end_in_a_trace(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(OWN)))
    sign = data.draw(st.sampled_from("[{*&!%@`'\"\t:-?|>\N{SNOWMAN}"))
    _read_or_refused(OWN[:at].encode())
    _read_or_refused((OWN[:at] + sign + OWN[at:]).encode())


def test_the_form_has_the_rubrics_criteria_only() -> None:
    ids = {row.id for row in load().everything}
    assert all(row.criterion in ids for name in names() for row in load_lens(name).rows() if row.criterion)
