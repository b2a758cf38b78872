"""A newcomer follows the recipes of CONTRIBUTING.md in a copy of the repository: its quick tests and checks pass."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.recipes import (
    ROOT,
    add_agency_figure,
    add_best_practice_page,
    add_criterion,
    add_format,
    add_page,
    add_protocol,
    run_python,
)

RECIPES = (add_protocol, add_criterion, add_format, add_page, add_best_practice_page, add_agency_figure)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files of the repository, with what each recipe adds."""
    checkout = tmp_path_factory.mktemp("checkout")
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "--null", "-cf", "files.tar", "-C", ROOT, "-T", "-"], cwd=checkout, input=files, check=True)
    subprocess.run(["tar", "-xf", "files.tar"], cwd=checkout, check=True)
    for add in RECIPES:
        add(checkout)
    for words in (
        ("-m", "tests.harvesters.protocols.samples"),
        ("-m", "docs.generate"),
        ("-m", "ckanext.aivision.translation"),
    ):
        done = run_python(checkout, *words)
        assert done.returncode == 0, done.stderr
    return checkout


# They follow the recipes themselves, which must not fail where a newcomer has done so already.
OWN_TESTS = (
    "tests/harvesters/test_new_protocol.py",
    "tests/cli/test_output_formats.py",
    "tests/scoring/test_new_criterion.py",
    "tests/plugin/test_new_page.py",
)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("words", [("-m", "pure and not long"), OWN_TESTS])
def test_the_quick_tests_and_those_of_the_recipes_pass(checkout: Path, words: tuple[str, ...]) -> None:
    done = run_python(checkout, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words)
    assert done.returncode == 0, done.stdout[-5000:]


@pytest.mark.nightly
@pytest.mark.parametrize("words", [("ruff", "check"), ("ruff", "format", "--check"), ("lint-imports", "--no-cache")])
def test_the_checks_pass_with_what_the_recipes_add(checkout: Path, words: tuple[str, ...]) -> None:
    program = Path(sys.executable).with_name(words[0])
    done = subprocess.run([program, *words[1:]], cwd=checkout, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
