"""A newcomer follows the recipes of CONTRIBUTING.md in a copy of the repository: its quick tests and checks pass."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.recipes import ROOT, add_format, add_page, add_protocol, run_python


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files of the repository, with a protocol, an output format and a page added."""
    checkout = tmp_path_factory.mktemp("checkout")
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "--null", "-cf", "files.tar", "-C", ROOT, "-T", "-"], cwd=checkout, input=files, check=True)
    subprocess.run(["tar", "-xf", "files.tar"], cwd=checkout, check=True)
    for add in (add_protocol, add_format, add_page):
        add(checkout)
    for words in (("-m", "tests.harvesters.protocols.samples"), ("docs/generate.py",)):
        done = run_python(checkout, *words)
        assert done.returncode == 0, done.stderr
    return checkout


# They follow the recipes themselves, which is done here already.
OWN_TESTS = ("tests/harvesters/test_new_protocol.py", "tests/cli/test_output_formats.py")


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_the_quick_tests_pass_with_what_the_recipes_add(checkout: Path) -> None:
    done = run_python(
        checkout,
        "-m",
        "pytest",
        "-q",
        "-m",
        "pure and not long",
        "-p",
        "no:cacheprovider",
        *(f"--ignore={name}" for name in OWN_TESTS),
    )
    assert done.returncode == 0, done.stdout[-5000:]


@pytest.mark.nightly
@pytest.mark.parametrize("words", [("ruff", "check"), ("ruff", "format", "--check"), ("lint-imports", "--no-cache")])
def test_the_checks_pass_with_what_the_recipes_add(checkout: Path, words: tuple[str, ...]) -> None:
    program = Path(sys.executable).with_name(words[0])
    done = subprocess.run([program, *words[1:]], cwd=checkout, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
