"""Each piece of advice that `validate` gives helps: it is followed, and what was wrong at that place is gone."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import call
from tests.cli.test_validate import FEDERAL, SCHEMA_1

SCHEMA_3 = "https://resources.data.gov/resources/dcat-us3/"
CONTACT = {"@type": "Kind", "fn": "Data", "hasEmail": "mailto:data@rivers.gov"}
THREE: dict[str, Any] = {
    "@type": "Dataset",
    "identifier": "rivers-1",
    "title": "River levels",
    "description": "Levels of rivers, hour by hour.",
    "contactPoint": [CONTACT],
    "publisher": {"@type": "Organization", "name": "Rivers Agency"},
}
# Values that people write in the place of others, for each edition.
WRONG: dict[str, list[dict[str, Any]]] = {
    SCHEMA_3: [
        {"temporal": "2019-01/2020-12"},
        {"temporal": ["2019-01/2020-12"]},
        {"temporal": [{"startDate": {"@value": "2019-01-01"}, "endDate": ["2020-12-31"]}]},
        {"spatial": "-115.7,32.4,-115.6,32.5"},
        {"spatial": ["Ohio"]},
        {"spatial": [{"@type": "Location", "bbox": [-123.9, 47.0, -120.2, 48.4]}]},
        {"publisher": "Rivers Agency"},
        {"publisher": [{"name": "Rivers Agency"}, {"name": "Lakes Agency"}]},
        {"contactPoint": "data@rivers.gov"},
        {"contactPoint": [{**CONTACT, "hasEmail": ["mailto:data@rivers.gov"]}]},
        {"language": ["English"]},
        {"language": "en"},
        {"keyword": "rivers"},
        {"keyword": [{"name": "rivers"}, {"name": "levels"}]},
        {"accrualPeriodicity": {"prefLabel": "R/P1Y"}},
        {"accessRights": {"prefLabel": "public"}},
        {"conformsTo": "https://rivers.gov/model"},
        {"theme": "Environment"},
        {"distribution": {"downloadURL": "https://rivers.gov/a.csv"}},
        {"distribution": [{"downloadURL": "https://rivers.gov/my file.csv"}]},
        {"distribution": [{"license": {"@id": "https://creativecommons.org/publicdomain/zero/1.0/"}}]},
        {"modified": "5 January 2026"},
        {"version": 2},
    ],
    SCHEMA_1: [
        {"keyword": "rivers"},
        {"keyword": [{"name": "rivers"}]},
        {"modified": ["2026-01-05"]},
        {"modified": "01/25/2026"},
        {"modified": {"@value": "2026-01-05"}},
        {"accessLevel": "Public"},
        {"publisher": "Rivers Agency"},
        {"landingPage": "https://rivers.gov/my page"},
        {"titel": "River levels"},
        {"language": "en"},
        {"distribution": [{"downloadURL": "https://rivers.gov/my file.csv", "mediaType": "text/csv"}]},
    ],
}
_WRITE = re.compile(r"write (?P<value>[\[{\"].*)", re.DOTALL)
_MEANT = re.compile(r"did you mean `(?P<name>.+)`\?")
# Advice in words, which a person has to fill in.
IN_WORDS = re.compile(r"add `|write (?:the|such|text|an? )|say in words|^$")


def validated(record: dict[str, Any], schema: str, folder: Path) -> list[dict[str, Any]]:
    source = folder / "data.json"
    source.write_text(json.dumps({"conformsTo": schema, "dataset": [record]}))
    report = json.loads(call("validate", source, "--format", "json").out)
    found: list[dict[str, Any]] = [finding for one in report["results"] for finding in one["findings"]]
    return [finding for finding in found if finding["where"].startswith("$.dataset[0]")]


def steps(where: str) -> list[str | int]:
    path = where.removeprefix("$.dataset[0]")
    return [int(index) if index else name for name, index in re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", path)]


def followed(record: dict[str, Any], finding: dict[str, Any]) -> dict[str, Any]:
    """The record after the advice of a finding."""
    changed = copy.deepcopy(record)
    *above, last = steps(finding["where"])
    place: Any = changed
    for step in above:
        place = place[step]
    if write := _WRITE.fullmatch(finding["fix"]):
        place[last] = json.loads(write["value"])
    elif meant := _MEANT.fullmatch(finding["fix"]):
        # A name of a member, or one of the values that it may have.
        if finding["message"].startswith("is not a member"):
            place[meant["name"]] = place.pop(last)
        else:
            place[last] = meant["name"]
    else:
        assert finding["fix"] == "take it out", finding
        del place[last]
    return changed


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for schema, members in WRONG.items():
        yield from ((schema, one) for one in members)


@pytest.mark.parametrize(("schema", "wrong"), list(cases()), ids=lambda one: json.dumps(one)[:60])
def test_advice_that_is_followed_helps(schema: str, wrong: dict[str, Any], tmp_path: Path) -> None:
    record = {**(THREE if schema == SCHEMA_3 else FEDERAL), **wrong}
    findings = [one for one in validated(record, schema, tmp_path) if one["level"] == "error"]
    for finding in findings:
        if IN_WORDS.match(finding["fix"]) and not _WRITE.fullmatch(finding["fix"]):
            continue
        left = validated(followed(record, finding), schema, tmp_path)
        assert finding["where"] not in [one["where"] for one in left], (finding, left)


def test_an_object_is_written_out_with_its_members(tmp_path: Path) -> None:
    def told(**wrong: Any) -> list[str]:
        findings = validated({**THREE, **wrong}, SCHEMA_3, tmp_path)
        return [one["fix"] for one in findings if one["level"] == "error"]

    period = {"@type": "PeriodOfTime", "startDate": "2019-01", "endDate": "2020-12"}
    assert told(temporal="2019-01/2020-12") == [f"write {json.dumps([period])}"]
    assert told(temporal=["2019-01/2020-12"]) == [f"write {json.dumps(period)}"]
    assert told(spatial="-115.7,32.4,-115.6,32.5") == [
        f"write {json.dumps({'@type': 'Location', 'bbox': '-115.7,32.4,-115.6,32.5'})}"
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"modified": "01/25/2026"},
        {"modified": "5 January 2026"},
        {"issued": "Jan 2020"},
        {"license": "CC BY 4.0"},
        {"accrualPeriodicity": "Annual"},
        {"distribution": [{"downloadURL": "https://rivers.gov/a.csv", "mediaType": "csv"}]},
    ],
    ids=json.dumps,
)
def test_advice_and_fix_agree(wrong: dict[str, Any], tmp_path: Path) -> None:
    record = {**FEDERAL, **wrong}
    for finding in (one for one in validated(record, SCHEMA_1, tmp_path) if one["level"] == "error"):
        record = followed(record, finding)
    (tmp_path / "data.json").write_text(json.dumps({"conformsTo": SCHEMA_1, "dataset": [{**FEDERAL, **wrong}]}))
    call("score", "--fix", tmp_path / "data.json", "--output", tmp_path / "fixed.json")
    [fixed] = json.loads((tmp_path / "fixed.json").read_text())["dataset"]
    # What the standard allows may still be mended, as the word for a rhythm.
    assert fixed == {**record, **{key: fixed[key] for key in ("accrualPeriodicity",) if key in fixed}}
