"""The rubric's files: whole, in step with the functions, and refused with the reason where they are not."""

from __future__ import annotations

import importlib
import re
import shutil
from collections import Counter
from importlib import resources
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml

from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring import rubric as loading
from ckanext.aivision.scoring.examples import ON, load_examples
from ckanext.aivision.scoring.facts import plain_language
from ckanext.aivision.scoring.registry import DIMENSIONS, Context, checks, criterion, limits
from ckanext.aivision.scoring.results import Finding, passed
from ckanext.aivision.scoring.rubric import Criterion, Rubric, load

CONFIG = Path(str(resources.files("ckanext.aivision.config")))
# What profiles may carry that is no field of the record; config/profiles.yaml says what it is.
BESIDE_THE_RECORD = {"quality.flag"}
# What bounds the time of a function, and what follows from another number or is told in words.
NO_THRESHOLD = {
    "_LONGEST_NAME",
    "_LONGEST_COLUMN",
    "_SMALL",
    "LEAST_PRECISE",
    "_OPEN_STRUCTURED",
    "_SHORTEST_PERIOD_DAYS",
}
NO_THRESHOLD_OF = {"traceable": {"_LONGEST_TITLE"}}


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


def test_there_are_some_forty_criteria_and_every_dimension_has_several(rubric: Rubric) -> None:
    assert len(rubric.criteria) >= 40
    assert min(Counter(row.dimension for row in rubric.criteria).values()) >= 4
    assert list(dict.fromkeys(row.dimension for row in rubric.criteria)) == list(DIMENSIONS)


def test_an_id_is_two_to_four_words_in_kebab_case(rubric: Rubric) -> None:
    assert [row.id for row in rubric.criteria if not re.fullmatch(r"[a-z]+(?:-[a-z]+){1,3}", row.id)] == []


def test_every_criterion_says_what_it_asks_and_why_and_how_to_mend_it(rubric: Rubric) -> None:
    for row in rubric.everything:
        assert row.question.endswith("?"), row.id
        assert row.reason.endswith("."), row.id
        assert row.fix.endswith("."), row.id
        assert 1 <= row.weight <= 5, row.id


def test_every_criterion_rests_on_clauses_of_guidance_that_we_list(rubric: Rubric) -> None:
    guidance = config("guidance.yaml")
    for row in rubric.everything:
        assert row.sources, row.id
        for source in row.sources:
            document, clause = source.split(" ", 1)
            assert clause in guidance[document]["clauses"], f"{row.id}: {source}"


def test_every_document_of_the_guidance_is_cited(rubric: Rubric) -> None:
    cited = {source.split(" ", 1)[0] for row in rubric.criteria for source in row.sources}
    assert set(config("guidance.yaml")) == cited


def test_every_criterion_is_mended_in_a_field_that_the_form_has(rubric: Rubric) -> None:
    form = {field["field_name"] for field in config("schemas/ai_ready_dataset.yaml")["dataset_fields"]}
    assert {row.form_field for row in rubric.criteria} - form == {"resources"}


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
        ("rubric/timely.yaml", "weight: 4", "weight: much", "config/rubric/timely.yaml: Expected `int`, got `str`"),
        ("rubric/timely.yaml", "  question: Is the date of", "  asks: Is the date of", "unknown field `asks`"),
        ("rubric/timely.yaml", "  weight: 1\n", "", "missing required field `weight`"),
        ("rubric/timely.yaml", "- id: issued-stated", "- id: [issued-stated", "config/rubric/timely.yaml"),
        ("rubric/timely.yaml", "- id: issued-stated", "- id: issued", "issued, issued-stated is in only one of them"),
        ("rubric/timely.yaml", "- id: issued-stated", "- id: modified-stated", "issued-stated is in only one of them"),
        ("rubric/timely.yaml", "- id: issued-stated", "\N{SNOWMAN}", "config/rubric/timely.yaml"),
        ("profiles.yaml", "carries:", "holds:", "config/profiles.yaml: Object contains unknown field `holds`"),
        ("profiles.yaml", "label: DCAT-US 3.0", "label: {}", "config/profiles.yaml: Expected `str`"),
    ],
)
def test_a_file_that_is_not_in_its_form_is_refused_with_its_name_and_the_fault(
    copy: Path, name: str, old: str, new: str, said: str
) -> None:
    text = (copy / name).read_text(encoding="utf-8")
    assert old in text
    (copy / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert said in refusal()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{on_time} periods", "two periods", "the rule of updated-on-rhythm and its function differ: on_time"),
        ("{on_time} periods", "{on_times} periods", "differ: on_time, on_times"),
        ("{on_time} periods", "{on_time periods", "the rule of updated-on-rhythm cannot be read"),
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
    assert "150 characters and 20 different words" in rules["description-substantive"]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_threshold_of_a_criterion_is_told_in_a_rule(dimension: str, rubric: Rubric) -> None:
    module = importlib.import_module(f"ckanext.aivision.scoring.criteria.{dimension.replace('-', '_')}")
    numbers = {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, int | float)
        and name.isupper()
        and name not in NO_THRESHOLD | NO_THRESHOLD_OF.get(dimension, set())
    }
    told = {value for row in rubric.everything for value in limits()[row.id].values()}
    assert {name for name, value in numbers.items() if value not in told} == set()


def test_a_criterion_that_stands_in_two_files_is_refused(copy: Path) -> None:
    timely = (copy / "rubric/timely.yaml").read_text(encoding="utf-8")
    (copy / "rubric/licensed.yaml").open("a", encoding="utf-8").write(timely[: timely.index("- id: modified-stated")])
    assert "a criterion id appears twice" in refusal()


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


class _Seen:
    """A dataset that notes which of its fields are looked at."""

    def __init__(self, dataset: Dataset, fields: set[str]) -> None:
        self._dataset, self._fields = dataset, fields

    def __getattr__(self, name: str) -> Any:
        self._fields.add(name)
        return getattr(self._dataset, name)


@pytest.mark.parametrize("row", load().everything, ids=lambda row: row.id)
def test_what_a_criterion_needs_is_what_it_looks_at_in_its_examples(row: Criterion, rubric: Rubric) -> None:
    fields: set[str] = set()
    for example in load_examples()[row.id]:
        carried = rubric.profiles.get(example.dataset.profile, frozenset())
        rubric.checks[row.id](cast(Dataset, _Seen(example.dataset, fields)), Context(ON, carried, example.observed))
    assert sorted(row.needs) == sorted(fields)
