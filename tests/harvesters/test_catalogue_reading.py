"""DCAT-US 1.1 catalogues: what is read, what is repaired and told, what is refused and why."""

from __future__ import annotations

import codecs
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.parsing.json_text import JsonText
from ckanext.aivision.harvesters.protocols.dcat_us.data_json import DcatUsCatalogues
from ckanext.aivision.harvesters.sources.source import Source, resolve
from ckanext.aivision.record import Harvested

Read = Callable[..., list[Harvested]]
Make = Callable[..., dict[str, Any]]


def codes(harvested: Harvested) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.where, problem.severity) for problem in harvested.problems]


def until_it_breaks(content: bytes, folder: Path) -> tuple[list[Harvested], str]:
    """What is read of a document, and the error that ends it."""
    path = folder / "data.json"
    path.write_bytes(content)
    taken: list[Harvested] = []
    with Session() as session:
        try:
            # list.extend keeps what came before an error.
            taken.extend(open_source(resolve(str(path), "dcat-us"), session))
        except SourceError as error:
            return taken, str(error)
    return taken, ""


class TestDocuments:
    def test_a_gzipped_catalogue_is_read_like_a_plain_one(self, read: Read, make: Make) -> None:
        document = json.dumps({"dataset": [make(1), make(2)]}).encode()
        assert [r.identifier for r in read(gzip.compress(document), "data.json.gz")] == ["agency-1", "agency-2"]

    def test_an_empty_catalogue_is_complete_and_has_no_records(self, read: Read) -> None:
        assert read({"dataset": []}) == []

    def test_the_place_of_a_record_is_its_json_path(self, read: Read, make: Make) -> None:
        assert [r.where for r in read({"dataset": [make(1), make(2)]})] == ["$.dataset[0]", "$.dataset[1]"]

    def test_the_raw_record_is_kept_as_it_was(self, read: Read, make: Make) -> None:
        original = make(1, extra={"nested": [1, 2.5, None, True]})
        (harvested,) = read({"dataset": [original]})
        assert harvested.raw == original
        assert harvested.dataset is not None
        assert harvested.dataset.raw == original

    @pytest.mark.parametrize(
        ("document", "said"),
        [
            ("[]", "a list where an object with `dataset` belongs"),
            ('[{"identifier": "a", "title": "b"}]', "a list where an object with `dataset` belongs"),
            ("{}", "no `dataset`"),
            ('{"datasets": []}', "it has: datasets"),
            ('{"dataset": null}', "`dataset` is null"),
            ('{"dataset": {"identifier": "a"}}', "`dataset` is an object"),
            ('{"dataset": "none"}', "`dataset` is text"),
            ("<!DOCTYPE html><html><body>Down for maintenance</body></html>", "web page"),
            ("", "empty"),
            ("   \n ", "empty"),
            ("Service unavailable", "not a JSON object"),
            ("null", "not a JSON object"),
        ],
    )
    def test_a_document_that_is_no_catalogue_is_refused_with_what_it_is(
        self, document: str, said: str, tmp_path: Path
    ) -> None:
        taken, error = until_it_breaks(document.encode(), tmp_path)
        assert taken == []
        assert said in error
        assert "\n" not in error

    def test_ckan_read_as_a_catalogue_says_which_kind_it_is(self, tmp_path: Path) -> None:
        content = b'{"help": "", "success": true, "result": {"count": 0, "results": []}}'
        _, error = until_it_breaks(content, tmp_path)
        assert "--kind ckan" in error

    def test_what_stands_before_and_after_the_list_does_not_matter(self, read: Read, make: Make) -> None:
        document = {"describedBy": "x" * 300_000, "dataset": [make(1)], "@type": {"deep": [1, [2]]}}
        assert [r.identifier for r in read(document)] == ["agency-1"]

    def test_a_catalogue_that_is_cut_off_gives_the_records_before_and_says_where(
        self, tmp_path: Path, make: Make
    ) -> None:
        whole = json.dumps({"dataset": [make(n) for n in range(100)]})
        taken, error = until_it_breaks(whole[:-40].encode(), tmp_path)
        assert [r.identifier for r in taken] == [f"agency-{n}" for n in range(99)]
        assert "ends in the middle" in error
        assert str(tmp_path) in error

    def test_a_gzip_file_that_is_cut_off_gives_the_records_before(self, tmp_path: Path, make: Make) -> None:
        content = json.dumps({"dataset": [make(n, description=f"{n * 7919 % 10007:x}" * 40) for n in range(3000)]})
        packed = gzip.compress(content.encode())
        taken, error = until_it_breaks(packed[: len(packed) * 2 // 3], tmp_path)
        assert len(taken) > 100
        assert "is truncated or damaged" in error

    def test_records_before_a_fault_in_the_middle_are_not_lost(self, tmp_path: Path, make: Make) -> None:
        content = json.dumps({"dataset": [make(1), make(2)]}).replace('"agency-2"', 'agency-2"')
        taken, error = until_it_breaks(content.encode(), tmp_path)
        assert [r.identifier for r in taken] == ["agency-1"]
        assert "not readable as JSON at line 1, column" in error

    def test_a_second_json_text_behind_the_first_is_told(self, tmp_path: Path, make: Make) -> None:
        content = json.dumps({"dataset": [make(1)]}) * 2
        taken, error = until_it_breaks(content.encode(), tmp_path)
        assert [r.identifier for r in taken] == ["agency-1"]
        assert "is followed by" in error

    def test_brackets_without_end_are_refused_and_do_not_fill_the_memory(self, tmp_path: Path) -> None:
        content = b'{"dataset": [' + b"[" * 400_000 + b"]" * 400_000 + b"]}"
        taken, error = until_it_breaks(content, tmp_path)
        assert taken == []
        assert "nested too deeply" in error

    def test_a_missing_file_is_the_users_mistake(self) -> None:
        source = Source(name="gone", url="/nowhere/data.json", kind="dcat-us")
        with Session() as session, pytest.raises(UsageError, match="cannot be read"):
            list(open_source(source, session))

    def test_a_limit_cuts_and_leaves_the_reading_incomplete(self, tmp_path: Path, make: Make) -> None:
        path = tmp_path / "data.json"
        path.write_text(json.dumps({"dataset": [make(n) for n in range(5)]}))
        with Session() as session:
            harvest = open_source(resolve(str(path)), session, limit=3)
            assert len(list(harvest)) == 3
            assert not harvest.complete

    def test_fewer_records_than_the_source_must_have_are_an_error(self, tmp_path: Path, make: Make) -> None:
        path = tmp_path / "data.json"
        path.write_text(json.dumps({"dataset": [make(1)]}))
        source = Source(name="agency", url=str(path), kind="dcat-us", min_records=2)
        with Session() as session:
            harvest = open_source(source, session)
            with pytest.raises(SourceError, match="at least 2"):
                list(harvest)
            assert not harvest.complete


class TestCharsets:
    @pytest.mark.parametrize(
        ("mark", "charset"),
        [
            (codecs.BOM_UTF8, "utf-8"),
            (codecs.BOM_UTF16_LE, "utf-16-le"),
            (codecs.BOM_UTF16_BE, "utf-16-be"),
            (codecs.BOM_UTF32_LE, "utf-32-le"),
            (b"", "utf-16-le"),
            (b"", "utf-16-be"),
        ],
    )
    def test_utf_16_and_byte_order_marks_are_read(self, read: Read, make: Make, mark: bytes, charset: str) -> None:
        content = json.dumps({"dataset": [make(1, title="Données d’été ≥ 30 °C")]}, ensure_ascii=False)
        (harvested,) = read(mark + content.encode(charset))
        assert harvested.dataset is not None
        assert harvested.dataset.title == "Données d’été ≥ 30 °C"
        assert harvested.problems == []

    def test_windows_1252_is_read_and_told_on_the_record_that_has_it(self, read: Read, make: Make) -> None:
        content = json.dumps({"dataset": [make(1), make(2, title="Farmers' markets"), make(3)]})
        records = read(content.encode().replace(b"Farmers'", b"Farmers\x92"))
        assert [codes(r) for r in records] == [[], [("character-repaired", "$.dataset[1].title", "warning")], []]
        assert records[1].dataset is not None
        assert records[1].dataset.title == "Farmers’ markets"

    @pytest.mark.parametrize("escape", ["\\ud800", "\\udc00", "\\ud800\\ud800", "\\udc00\\ud83d", "\\ud83d"])
    def test_a_lone_surrogate_is_replaced_and_told_on_the_record_that_has_it(
        self, read: Read, make: Make, escape: str
    ) -> None:
        content = json.dumps({"dataset": [make(1), make(2, title="A B"), make(3)]}).replace("A B", f"A{escape}B")
        records = read(content)
        assert [codes(r) for r in records] == [[], [("character-repaired", "$.dataset[1].title", "warning")], []]
        assert records[1].dataset is not None
        assert records[1].dataset.title == "A" + "\ufffd" * escape.count("\\") + "B"
        json.dumps(records[1].raw, ensure_ascii=False).encode()

    def test_a_whole_surrogate_pair_is_the_character_it_stands_for(self, read: Read, make: Make) -> None:
        (harvested,) = read({"dataset": [make(1, title="Bees \U0001f41d counted")]})
        assert harvested.dataset is not None
        assert harvested.dataset.title == "Bees \U0001f41d counted"
        assert harvested.problems == []

    def test_a_zero_character_which_no_database_keeps_is_taken_out(self, read: Read, make: Make) -> None:
        (harvested,) = read({"dataset": [make(1, title="Bees\0 counted")]})
        assert harvested.dataset is not None
        assert harvested.dataset.title == "Bees counted"
        assert codes(harvested) == [("character-repaired", "$.dataset[0].title", "warning")]

    def test_an_escaped_backslash_before_a_u_is_left_alone(self, read: Read, make: Make) -> None:
        (harvested,) = read({"dataset": [make(1, title="C:\\ud800 and \\u0000")]})
        assert harvested.dataset is not None
        assert harvested.dataset.title == "C:\\ud800 and \\u0000"
        assert harvested.problems == []

    def test_a_replacement_character_of_the_publisher_is_no_repair_of_ours(self, read: Read, make: Make) -> None:
        (harvested,) = read({"dataset": [make(1, title="Caf\ufffd licences")]})
        assert harvested.problems == []


class TestRecords:
    @pytest.mark.parametrize("entry", [None, 7, "a", [], True, [{"identifier": "x"}]])
    def test_what_is_no_object_is_refused_and_the_rest_goes_on(self, read: Read, make: Make, entry: Any) -> None:
        first, second = read({"dataset": [entry, make(2)]})
        assert codes(first) == [("record-not-object", "$.dataset[0]", "error")]
        assert first.dataset is None
        assert second.dataset is not None

    @pytest.mark.parametrize("identifier", [None, "", "  \n", {}, [], {"@type": "Identifier"}])
    def test_a_record_without_an_identifier_is_refused(self, read: Read, make: Make, identifier: Any) -> None:
        (harvested,) = read({"dataset": [make(1, identifier=identifier)]})
        assert harvested.dataset is None
        assert codes(harvested)[-1] == ("identifier-missing", "$.dataset[0].identifier", "error")

    @pytest.mark.parametrize("title", [None, "", "   ", {}, []])
    def test_a_record_without_a_title_is_refused_under_its_identifier(self, read: Read, make: Make, title: Any) -> None:
        (harvested,) = read({"dataset": [make(1, title=title)]})
        assert harvested.dataset is None
        assert harvested.identifier == "agency-1"
        assert codes(harvested)[-1] == ("title-missing", "$.dataset[0].title", "error")

    def test_a_number_for_a_title_is_read_as_text_with_a_warning(self, read: Read, make: Make) -> None:
        (harvested,) = read({"dataset": [make(1, title=707)]})
        assert harvested.dataset is not None
        assert harvested.dataset.title == "707"
        assert codes(harvested) == [("unexpected-type", "$.dataset[0].title", "warning")]

    def test_the_second_record_of_one_identifier_is_refused(self, read: Read, make: Make) -> None:
        first, second, third = read({"dataset": [make(1), make(1, title="Again the same"), make(2)]})
        assert first.dataset is not None
        assert second.dataset is None
        assert second.identifier == "agency-1"
        assert codes(second) == [("identifier-repeated", "$.dataset[1].identifier", "error")]
        assert third.dataset is not None

    @pytest.mark.parametrize(
        ("member", "value", "field", "expected"),
        [
            ("description", {"@value": "Levels in metres"}, "description", "Levels in metres"),
            ("description", ["Levels in metres"], "description", "Levels in metres"),
            ("description", 12, "description", "12"),
            ("landingPage", {"@id": "https://agency.gov/rivers"}, "landing_page", "https://agency.gov/rivers"),
            ("keyword", ["water", 7, {"name": "rivers"}, None], "keyword", ["water", "7", "rivers"]),
        ],
    )
    def test_a_value_of_another_type_is_read_as_far_as_it_goes_with_a_warning(
        self, read: Read, make: Make, member: str, value: Any, field: str, expected: Any
    ) -> None:
        (harvested,) = read({"dataset": [make(1, **{member: value})]})
        assert getattr(harvested.dataset, field) == expected
        (problem,) = harvested.problems
        assert problem.code == "unexpected-type"
        assert problem.where.startswith(f"$.dataset[0].{member}")

    @pytest.mark.parametrize("value", [{}, [], {"length": 5}, [[1]], [None]])
    def test_a_value_that_nothing_can_be_made_of_is_left_out_with_a_warning(
        self, read: Read, make: Make, value: Any
    ) -> None:
        (harvested,) = read({"dataset": [make(1, description=value)]})
        assert harvested.dataset is not None
        assert harvested.dataset.description is None
        assert codes(harvested) == [("unexpected-type", "$.dataset[0].description", "warning")]

    def test_a_null_says_nothing_and_is_no_fault(self, read: Read, make: Make) -> None:
        members = dict.fromkeys(("rights", "spatial", "references", "distribution", "publisher", "modified"))
        (harvested,) = read({"dataset": [make(1, **members)]})
        assert harvested.dataset is not None
        assert harvested.problems == []

    def test_more_than_a_thousand_keywords_or_distributions_are_cut_with_a_warning(
        self, read: Read, make: Make
    ) -> None:
        many = {
            "keyword": [f"word {n}" for n in range(1001)],
            "distribution": [{"downloadURL": f"https://agency.gov/{n}.csv"} for n in range(1500)],
        }
        (harvested,) = read({"dataset": [make(1, **many)]})
        assert harvested.dataset is not None
        assert (len(harvested.dataset.keyword), len(harvested.dataset.distribution)) == (1000, 1000)
        assert sorted(codes(harvested)) == [
            ("too-many-items", "$.dataset[0].distribution", "warning"),
            ("too-many-items", "$.dataset[0].keyword", "warning"),
        ]

    def test_distributions_that_are_no_objects_are_left_out_with_a_warning(self, read: Read, make: Make) -> None:
        distribution = ["https://agency.gov/a.csv", None, {"downloadURL": "https://agency.gov/b.csv"}]
        (harvested,) = read({"dataset": [make(1, distribution=distribution)]})
        assert harvested.dataset is not None
        assert [item.url for item in harvested.dataset.distribution] == ["https://agency.gov/b.csv"]
        assert [problem.where for problem in harvested.problems] == [
            "$.dataset[0].distribution[0]",
            "$.dataset[0].distribution[1]",
        ]

    def test_one_distribution_that_is_not_in_a_list_is_read_with_a_warning(self, read: Read, make: Make) -> None:
        (harvested,) = read({"dataset": [make(1, distribution={"downloadURL": "https://agency.gov/b.csv"})]})
        assert harvested.dataset is not None
        assert [item.url for item in harvested.dataset.distribution] == ["https://agency.gov/b.csv"]
        assert codes(harvested) == [("unexpected-type", "$.dataset[0].distribution", "warning")]

    @pytest.mark.parametrize(
        ("number", "kept", "code"),
        [
            ("NaN", None, "number-not-json"),
            ("-Infinity", None, "number-not-json"),
            ("9" * 30, "9" * 30, "number-too-large"),
            ("9" * 5000, "9" * 5000, "number-too-large"),
            ("1e999", "1e999", "number-too-large"),
        ],
    )
    def test_a_number_that_json_or_a_database_cannot_keep_costs_no_record(
        self, read: Read, make: Make, number: str, kept: Any, code: str
    ) -> None:
        content = json.dumps({"dataset": [make(1), make(2, size="?"), make(3)]}).replace('"?"', number)
        records = read(content)
        assert [r.dataset is not None for r in records] == [True] * 3
        assert [codes(r) for r in records] == [[], [(code, "$.dataset[1]", "warning")], []]
        assert records[1].raw["size"] == kept
        assert [problem.seen for problem in records[1].problems] == [number[:200]]

    def test_a_raw_line_feed_in_text_costs_no_record(self, read: Read, make: Make) -> None:
        content = json.dumps({"dataset": [make(1, title="One and two"), make(2)]}).replace(
            "One and two", "One\nand two"
        )
        first, second = read(content)
        assert first.dataset is not None
        assert codes(first) == [("control-character", "$.dataset[0]", "warning")]
        assert second.problems == []

    def test_a_record_nested_too_deeply_is_refused_and_the_rest_goes_on(self, read: Read, make: Make) -> None:
        content = json.dumps({"dataset": [make(1, spatial="?"), make(2)]}).replace('"?"', "[" * 200 + "]" * 200)
        first, second = read(content)
        assert first.identifier == "agency-1"
        assert codes(first) == [("nested-too-deeply", "$.dataset[0]", "error")]
        assert second.dataset is not None

    def test_json_in_a_text_that_is_nested_too_deeply_is_refused(self, read: Read, make: Make) -> None:
        first, second = read({"dataset": [make(1, license="[" * 1900), make(2)]})
        assert first.identifier == "agency-1"
        assert first.dataset is not None or codes(first) == [("nested-too-deeply", "$.dataset[0]", "error")]
        assert second.dataset is not None


@pytest.mark.long
def test_a_catalogue_of_any_size_is_read_in_constant_memory(
    make: Make, peak: Callable[[Callable[[], object]], int]
) -> None:
    def chunks(records: int) -> Iterator[str]:
        yield '{"dataset": ['
        for number in range(records):
            yield ("," if number else "") + json.dumps(make(number, description=f"{number} " * 2000))
        yield "]}"

    def read(records: int) -> None:
        source = Source(name="agency", url="/x", kind="dcat-us", profile="dcat-us-1.1", country="US")
        assert sum(1 for _ in DcatUsCatalogues(source).read(JsonText(chunks(records), "agency"))) == records

    read(10)
    # 1.2 MB of text, and 24 MB.
    assert peak(lambda: read(2000)) < peak(lambda: read(100)) + 2_000_000
