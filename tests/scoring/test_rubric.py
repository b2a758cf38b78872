"""The rubric's files: whole, in step with the functions, and refused with the reason where they are not."""

from __future__ import annotations

import importlib
import re
import shutil
from importlib import resources
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring import rubric as loading
from ckanext.aivision.scoring.facts.text import plain_language
from ckanext.aivision.scoring.registry import DIMENSIONS, Context, checks, criterion, limits
from ckanext.aivision.scoring.results import Finding, passed
from ckanext.aivision.scoring.rubric import Rubric

CONFIG = Path(str(resources.files("ckanext.aivision.config")))
TIMELY = "config/rubric/timely.yaml"
# What profiles may carry that is no field of the record; config/profiles.yaml says what it is.
BESIDE_THE_RECORD = {"quality.flag"}
# What follows from another number or is told in words.
NO_THRESHOLD = {"_SMALL", "LEAST_PRECISE", "_OPEN_STRUCTURED", "_SHORTEST_PERIOD_DAYS"}


def config(name: str) -> Any:
    return yaml.safe_load((CONFIG / name).read_text(encoding="utf-8"))


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the configuration, which is what `load` reads for the length of a test."""
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    monkeypatch.setattr(loading, "resources", SimpleNamespace(files=lambda _: folder))
    return folder


def refusal() -> str:
    with pytest.raises(UsageError) as caught:
        loading.load.__wrapped__()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_row_has_a_function_and_every_function_a_row(rubric: Rubric) -> None:
    assert {row.id for row in rubric.everything} == set(checks()) == set(rubric.checks)


def test_a_profile_carries_fields_of_the_record(rubric: Rubric) -> None:
    fields = {*Dataset.__struct_fields__, *(f"distribution.{name}" for name in Distribution.__struct_fields__)}
    for name, carried in rubric.profiles.items():
        assert carried - fields - BESIDE_THE_RECORD == set(), name
        assert {"identifier", "title", "description"} <= carried, name
        # A series has both on its members.
        assert {"license", "distribution"} <= carried or name == "dcat-us-3.0-series", name


def test_no_other_profile_has_room_for_more_than_this_catalogues_own_form(rubric: Rubric) -> None:
    own = rubric.profiles["aivision"]
    for name, carried in rubric.profiles.items():
        # Dates of the record itself are CKAN's; the rest the form leaves to fields that say it better.
        beside = {"metadata_issued", "metadata_modified", "quality.flag", "system_of_records", "distribution.issued"}
        # Nor is the form for services, or for what a government classifies.
        beside |= {"serves_dataset", "security_classification"}
        assert carried - own - beside == set(), name


def test_the_version_of_the_rubric_is_a_number_of_three_parts(rubric: Rubric) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", rubric.version)


def test_a_whole_copy_is_read_as_the_files_are(copy: Path, rubric: Rubric) -> None:
    assert loading.load.__wrapped__() == rubric


def test_a_criterion_is_asked_at_its_own_depth_and_at_deeper_ones_only(rubric: Rubric) -> None:
    assert {row.depth for row in rubric.criteria} == {"metadata"}
    assert rubric.at(()) == rubric.criteria
    for depths in [("links",), ("content",), ("links", "content")]:
        assert rubric.at(depths) == [row for row in rubric.everything if row.depth in ("metadata", *depths)]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (TIMELY, "weight: 4", "weight: much", f"{TIMELY}: modified-stated: Expected `float`, got `str` in `weight`"),
        (
            TIMELY,
            "  question: Is the date of",
            "  asks: Is the date of",
            "issued-stated: Object contains unknown",
        ),
        (TIMELY, "  weight: 1.5\n", "", "issued-stated: Object missing required field `weight`"),
        (TIMELY, "weight: 1.5\n", "weight: 0\n", f"{TIMELY}: issued-stated: weight 0.0: give a number above 0"),
        (TIMELY, "- id: issued-stated", "- id: [issued-stated", f"{TIMELY}: "),
        (TIMELY, "- id: issued-stated", "- id: issued", f"{TIMELY}: issued: no function: write one"),
        (TIMELY, "- id: issued-stated", "- id: modified-stated", f"{TIMELY}: modified-stated: the same id is used"),
        (TIMELY, "- id: issued-stated", "\N{SNOWMAN}", f"{TIMELY}: "),
        ("profiles.yaml", "carries:", "holds:", "config/profiles.yaml: Object contains unknown field `holds`"),
        ("profiles.yaml", "label: DCAT-US 3.0", "label: {}", "config/profiles.yaml: Expected `str`"),
    ],
)
def test_a_file_that_is_not_in_its_form_is_refused_with_its_name_and_the_fault(
    copy: Path, name: str, old: str, new: str, said: str
) -> None:
    path = copy / name.removeprefix("config/")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert said in refusal()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{on_time} periods", "two periods", "updated-on-rhythm: add {on_time} to `rule`, or remove on_time from"),
        ("{on_time} periods", "{on_times} periods", "add {on_time} to `rule`"),
        ("{on_time} periods", "{on_time periods", "updated-on-rhythm: `rule` cannot be read"),
    ],
)
def test_a_rule_that_tells_other_limits_than_the_function_has_is_refused(
    copy: Path, old: str, new: str, said: str
) -> None:
    path = copy / "rubric/timely.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert said in refusal()


def test_a_rule_tells_the_numbers_that_the_function_judges_by(rubric: Rubric) -> None:
    rules = {row.id: row.rule for row in rubric.everything}
    told = [str(number) for number in (plain_language.OPENING, plain_language.MOST_WORDS)]
    assert all(f" {number} " in rules["plain-language"] for number in told)
    assert " 8 of them are enough" in rules["description-substantive"]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_threshold_of_a_criterion_is_told_in_a_rule(dimension: str, rubric: Rubric) -> None:
    module = importlib.import_module(f"ckanext.aivision.scoring.criteria.{dimension.replace('-', '_')}")
    numbers = {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, int | float) and name.isupper() and name not in NO_THRESHOLD
    }
    told = {value for row in rubric.everything for value in limits()[row.id].values()}
    # What bounds the time of a function decides nothing.
    untold = {name for name, value in numbers.items() if value not in told and "LONGEST" not in name}
    assert untold == set(), "pass it to @criterion and tell it in `rule`, or name it _LONGEST_X if it only bounds time"


def test_a_criterion_that_stands_in_two_files_is_refused(copy: Path) -> None:
    timely = (copy / "rubric/timely.yaml").read_text(encoding="utf-8")
    (copy / "rubric/licensed.yaml").open("a", encoding="utf-8").write(timely[: timely.index("- id: modified-stated")])
    assert "issued-stated: the same id is used in config/rubric/licensed.yaml" in refusal()


def test_a_file_that_is_missing_is_refused_with_its_name(copy: Path) -> None:
    (copy / "rubric/timely.yaml").unlink()
    assert "config/rubric/timely.yaml" in refusal()


def test_a_file_in_another_encoding_is_refused_with_its_name(copy: Path) -> None:
    (copy / "rubric/timely.yaml").write_bytes("- id: données\n".encode("latin-1"))
    assert "config/rubric/timely.yaml" in refusal()


def test_a_second_function_for_one_criterion_is_a_mistake_of_ours() -> None:
    checks()
    with pytest.raises(ValueError, match="title-descriptive has two functions"):

        @criterion("title-descriptive")
        def again(dataset: Dataset, context: Context) -> Finding:
            return passed("title", dataset.title)
