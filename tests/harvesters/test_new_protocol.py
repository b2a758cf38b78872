"""The recipe for a new protocol in CONTRIBUTING.md, followed in a copy of the package: two files and a sample."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = "ckanext-aivision/ckanext/aivision"
SAMPLE = "tests/harvesters/protocols/tide_tables/sample.json"
FILES = (
    "harvesters/protocols/tide_tables/__init__.py",
    "harvesters/protocols/tide_tables/protocol.py",
    SAMPLE,
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and of the samples' tests, with the files of the recipe and no other change."""
    copy = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__", "standards", "solr")
    shutil.copytree(ROOT / PACKAGE, copy / PACKAGE, ignore=ignored, symlinks=True)
    for folder in ("harvesters", "config", "tests/harvesters/protocols"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", copy)
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("## A new protocol")[1].split("\n## ")[0]
    blocks = re.findall(r"^```(?:python|json)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for name, block in zip(FILES, blocks, strict=True):
        assert name in text
        path = copy / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block)
    return copy


def run(copy: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": f"{copy / 'ckanext-aivision'}{os.pathsep}{copy}"}
    command = [sys.executable, "-m", *map(str, words)]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=120, check=False)


def aivision(copy: Path, *words: str | Path) -> str:
    """Standard output. The status is 1 because the sample has a record that is refused."""
    done = run(copy, "ckanext.aivision.cli.main", *words)
    assert done.returncode in (0, 1), done
    return done.stdout


def test_the_linter_recognises_a_file_of_the_new_protocol(copy: Path) -> None:
    lines = aivision(copy, "score", SAMPLE, "--format", "ndjson", "--jobs", "1").splitlines()
    scored, refused = map(json.loads, lines)
    assert (scored["identifier"], scored["score"] is None) == ("WHI", False)
    assert refused["problems"][0]["code"] == "title-missing"


def test_a_source_of_it_can_be_checked_before_it_is_harvested(copy: Path) -> None:
    report = json.loads(aivision(copy, "sources", "check", SAMPLE, "--format", "json"))
    assert (report["kind"], report["profile"], report["datasets"]) == ("tide-tables", "ckan-flat", 2)
    assert [reason["code"] for reason in report["refusals"]] == ["title-missing"]


@pytest.mark.parametrize("stated", [(), ("--kind", "tide-tables")])
def test_it_is_harvested(copy: Path, stated: tuple[str, ...]) -> None:
    out = copy / f"out-{len(stated)}"
    aivision(copy, "harvest", SAMPLE, *stated, "--into", out)
    account = json.loads((out / "run.json").read_bytes())
    assert (account["kind"], account["country"], account["counts"]["new"]) == ("tide-tables", "GB", 1)
    (record,) = map(json.loads, (out / "datasets.ndjson").read_text().splitlines())
    assert (record["title"], record["landing_page"]) == ("Whitby", "https://tides.example/whitby")


def test_its_sample_is_asked_for_and_read_like_the_others(copy: Path) -> None:
    tests = ("pytest", "-q", "-p", "no:cacheprovider", "tests/harvesters/protocols")
    asked = run(copy, *tests)
    assert "run `python -m tests.harvesters.protocols.samples`" in asked.stdout
    written = run(copy, "tests.harvesters.protocols.samples")
    assert '+  "title": "Whitby",' in written.stdout, written
    tested = run(copy, *tests)
    assert tested.returncode == 0, tested.stdout
