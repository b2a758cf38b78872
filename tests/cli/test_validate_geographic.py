"""ISO 19115 and FGDC metadata are validated: what is mandatory, of data and of services, in files and answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import call
from tests.harvesters.iso_documents import fgdc, record
from tests.harvesters.protocols.samples import HERE


def validated(path: Path) -> tuple[int, list[dict[str, Any]]]:
    """The exit status, and the records with their findings."""
    done = call("validate", str(path), "--format", "json")
    results = json.loads(done.out)["results"] if done.status < 2 else []
    return done.status, results


def missing(result: dict[str, Any]) -> set[str]:
    return {finding["field"] for finding in result["findings"]}


def test_a_whole_record_of_either_encoding_is_valid() -> None:
    assert validated(HERE / "iso" / "sample-19115-3.xml")[0] == 0
    status, results = validated(HERE / "iso" / "sample.xml")
    assert (status, [result["valid"] for result in results]) == (1, [True, False, True, False])


def test_what_is_missing_is_named_with_its_place() -> None:
    _, results = validated(HERE / "iso" / "sample.xml")
    (finding,) = results[1]["findings"]
    assert (finding["field"], finding["where"]) == (
        "identificationInfo[].topicCategory",
        "line 133: identificationInfo[0].topicCategory",
    )
    assert finding["fix"] == "give a code of MD_TopicCategoryCode, such as environment"


def test_a_service_needs_neither_a_language_nor_a_topic() -> None:
    _, results = validated(HERE / "csw" / "sample.xml")
    assert results[0]["part"] == "service"
    assert results[0]["valid"]


def test_an_empty_element_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "river.xml"
    path.write_text(record(inside='<gmd:abstract gco:nilReason="missing"/>'))
    _, (result,) = validated(path)
    assert missing(result) == {
        "contact",
        *(f"identificationInfo[].{name}" for name in ("abstract", "language", "topicCategory")),
        "identificationInfo[].citation[].date",
    }


def test_a_record_of_the_fgdc_is_checked_by_its_own_standard(tmp_path: Path) -> None:
    path = tmp_path / "lakes.xml"
    path.write_text(fgdc())
    _, (result,) = validated(path)
    assert result["standard"] == "fgdc-mandatory"
    assert {"metainfo", "idinfo[].descript", "idinfo[].citation[].citeinfo[].pubdate"} <= missing(result)


@pytest.mark.parametrize("content", [record()[:-20], "<html><body>Sorry</body></html>", "<other/>"])
def test_what_is_no_whole_metadata_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "river.xml"
    path.write_text(content)
    done = call("validate", str(path))
    assert (done.status, done.out) == (2, "")
    assert str(path) in done.err
