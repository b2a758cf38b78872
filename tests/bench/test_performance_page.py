"""docs/performance.md says what was measured, and what measures is in step with what it measures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench import catalogues, commands, rescore, results, stages, table


def test_the_page_tells_the_results_as_they_were_recorded() -> None:
    text = table.PAGE.read_text(encoding="utf-8")
    assert text == table.page(text, results.FOLDER), "run `.venv/bin/python -m bench.table`"


def test_every_row_says_how_much_came_out_and_how_busy_the_machine_was() -> None:
    rows = json.loads((results.FOLDER / "harvest.json").read_text(encoding="utf-8"))
    assert rows
    for row in rows:
        assert row.keys() == results.Row.__annotations__.keys()
        assert "records" in row["note"]
        assert "load average" in row["note"]
        assert row["ours"] is not None or "skipped on our side" in row["note"]


def test_a_ratio_follows_from_its_two_figures() -> None:
    rows = json.loads((results.FOLDER / "harvest.json").read_text(encoding="utf-8"))
    for row in rows:
        if row["ratio"] is not None:
            # It is recorded with one decimal.
            assert row["ratio"] == pytest.approx(row["ours"] / row["peer"], abs=0.051)


def test_a_row_that_was_skipped_shows_no_figure() -> None:
    row = results.Row(name="x", ours=None, peer=7.5, ratio=None, goal=100, unit="1/s", note="why")
    assert "| x (1) | – | 7.5 | – | 100 times | 1/s |\n\n1. why" in table.table([row])


def test_a_page_without_its_markers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="<!-- results --> and <!-- end of results -->"):
        table.page("# Performance\n", tmp_path)


def test_every_stage_that_a_benchmark_times_is_a_public_function_of_the_catalogue() -> None:
    timed = [(stage.module, stage.path) for stage in stages.STAGES]
    timed += [(module, name) for module, names in rescore.STAGES.items() for name in names]
    for module, path in timed:
        owner, name = stages.find_owner(module, path)
        assert callable(getattr(owner, name))
        assert "._" not in f".{path}"


def test_the_catalogue_of_the_benchmark_has_the_corpus_records_and_changes_one_of_a_hundred(
    real_corpus: Path, tmp_path: Path
) -> None:
    path, changed = tmp_path / "us.json", tmp_path / "changed.json"
    assert catalogues.write_us(path, real_corpus, ["gsa", "fcc"], 201) == 201
    catalogues.write_us(changed, real_corpus, ["gsa", "fcc"], 201, change_every=100)
    before, after = (json.loads(each.read_text(encoding="utf-8"))["dataset"] for each in (path, changed))
    assert [place for place in range(201) if before[place] != after[place]] == [0, 100, 200]


def test_a_command_that_fails_is_told_with_what_it_said() -> None:
    with pytest.raises(RuntimeError, match="ended with 3\nno such catalogue"):
        commands.run(["sh", "-c", "echo no such catalogue; exit 3"])


def test_a_command_that_takes_too_long_is_ended() -> None:
    with pytest.raises(RuntimeError, match="ended with -9"):
        commands.run(["sleep", "60"], limit=0.2)
