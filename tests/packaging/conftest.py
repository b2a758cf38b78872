"""The sdist and the wheel, built once for all that is asked of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SOURCE = "ckanext-aivision"
NOT_SOURCE = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*")


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is built from: building leaves files behind."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in (SOURCE, "config", "harvesters"):
        shutil.copytree(REPOSITORY / name, copy / name, symlinks=True, ignore=NOT_SOURCE)
    for path in REPOSITORY.iterdir():
        # In a work tree beside the first one, .git is a file that leads back to the repository.
        if path.is_file() and path.name != ".git":
            shutil.copy(path, copy)
    committer = ("-c", "user.name=tests", "-c", "user.email=tests@localhost", "-c", "commit.gpgsign=false")
    for words in (("init",), ("add", "--all"), (*committer, "commit", "--message", "As a clone is")):
        subprocess.run(["git", *words], cwd=copy, check=True, timeout=60, stdout=subprocess.DEVNULL)
    return copy


@pytest.fixture(scope="session")
def built(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory with the sdist, and the wheel that was built from the sdist."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(checkout)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path
