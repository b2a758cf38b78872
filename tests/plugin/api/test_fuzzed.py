"""Every action of the served site, fuzzed by schemathesis from its OpenAPI document.

schemathesis is installed into an environment of its own, from requirements-fuzz.lock: it needs other versions of
packages than ours. `AIVISION_FUZZ_EXAMPLES` sets how many examples it tries for each action, and `AIVISION_FUZZ_PHASES`
its phases: `make nightly` adds `coverage`, which tries the limits of every parameter and takes ten minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest
from tests.packaging.test_light import INSTALL, NO_INDEX, pip

pytestmark = pytest.mark.long
LOCK = Path(__file__).resolve().parents[3] / "requirements-fuzz.lock"
EXAMPLES = os.environ.get("AIVISION_FUZZ_EXAMPLES", "3")
PHASES = os.environ.get("AIVISION_FUZZ_PHASES", "examples,fuzzing")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.fixture(scope="module")
def schemathesis(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if sys.hexversion < 0x030B0000:
        pytest.skip("schemathesis needs Python 3.11")
    folder = tmp_path_factory.mktemp("fuzz")
    venv.create(folder, with_pip=False)
    done = pip(folder, *INSTALL, LOCK)
    if done.returncode and (seen := NO_INDEX.search(done.stderr)):
        pytest.skip(f"pip reaches no package index from here ({seen[0]})")
    assert done.returncode == 0, done.stderr
    return folder / "bin" / "schemathesis"


@pytest.fixture(scope="module")
def token(live_site: str, stack: Any) -> str:
    """An API token of a sysadmin, to whom nothing is refused before it is read, of a site with datasets."""
    stack.ckan("aivision", "harvest", "sample-us")
    stack.ckan("aivision", "snapshot")
    stack.ckan("user", "add", "fuzzer", "email=fuzzer@rivers.example.gov", "password=a-long-password")
    stack.ckan("sysadmin", "add", "fuzzer")
    return str(stack.ckan("user", "token", "add", "fuzzer", "fuzz", "-q")).split()[-1]


@pytest.mark.timeout(1200)
def test_every_action_answers_as_it_is_documented(
    live_site: str, token: str, schemathesis: Path, tmp_path: Path
) -> None:
    words = ["run", f"{live_site}/api/aivision/openapi.json", "--checks", CHECKS, "--max-examples", EXAMPLES]
    words += ["--phases", PHASES, "--mode", "all", "--seed", "7", "--no-color"]
    words += ["--header", f"Authorization: {token}", "--request-timeout", "60", "--suppress-health-check", "all"]
    done = subprocess.run(
        [schemathesis, *words], cwd=tmp_path, capture_output=True, text=True, timeout=1100, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
