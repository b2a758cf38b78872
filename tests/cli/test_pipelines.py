"""The pre-commit hooks and the GitHub Action: files in their form that call the command as it is."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from tests.cli.conftest import call
from tests.records import record

from ckanext.aivision.cli.output.format_registry import names_of
from ckanext.aivision.cli.score.command import score
from ckanext.aivision.cli.score.report import ScoreReport

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
OPTIONS = {name for option in score.params for name in option.opts}
# Members of a hook that pre-commit knows (https://pre-commit.com/#creating-new-hooks) and these use.
HOOK_MEMBERS = {"id", "name", "description", "entry", "language", "files", "require_serial"}
SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
CODES = {"bureauCode": ["015:11"], "programCode": ["015:001"]}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "data.json"
    path.write_text(json.dumps({"conformsTo": SCHEMA, "dataset": [record(1, **CODES)]}))
    return path


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_a_hook_runs_the_command_on_the_files_that_it_is_for(hook: dict[str, Any], source: Path) -> None:
    program, *words = shlex.split(hook["entry"])
    assert program == "aivision"
    assert hook.keys() == HOOK_MEMBERS
    assert call(*words, source, source).status == 0
    broken = source.with_name("us.data.json")
    broken.write_text(json.dumps({"dataset": [record(1, license="CC0 1.0"), None]}))
    assert call(*words, source, broken).status == 1


def test_hooks_are_for_files_of_metadata() -> None:
    for hook in HOOKS:
        assert all(re.search(hook["files"], path) for path in ("data.json", "public/data.json", "us.data.json"))
        assert not any(re.search(hook["files"], path) for path in ("metadata.json", "data.json.gz", "mkdocs.yaml"))
        others = ("data.jsonld", "catalogue.ttl", "a/catalog.rdf", "d.nt", "catalogue.yaml", "uk/dataset-1.yml")
        # What --fix can write is a data.json.
        assert all(bool(re.search(hook["files"], path)) == (hook["id"] != "aivision-fix") for path in others)


def test_the_action_is_in_githubs_form() -> None:
    vendored = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "github-actions.json"
    jsonschema.validate(ACTION, json.loads(vendored.read_text(encoding="utf-8")))


def test_what_the_action_uses_is_pinned_to_a_commit() -> None:
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", name) for name in used)


def test_the_action_installs_the_linter_alone_with_hashes() -> None:
    script = ACTION["runs"]["steps"][1]["run"]
    locks = re.findall(r'-r "\$HERE/([\w.-]+)"', script)
    assert locks == ["requirements-build.lock", "requirements-linter.lock"]
    assert all((ROOT / name).is_file() for name in locks)
    assert "--require-hashes -r" in script
    assert script.count("--no-deps") == 1  # for all that follows


def test_no_input_of_the_action_stands_in_the_text_of_a_script() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert scripts
    assert not any("${{" in script for script in scripts)


def test_each_input_of_the_action_is_an_option_of_the_command() -> None:
    names = set(ACTION["inputs"]) - {"sources"}
    assert {f"--{name}" for name in names} <= OPTIONS
    script = ACTION["runs"]["steps"][-1]["run"]
    assert all(f"--{name} " in script for name in names)
    assert ACTION["inputs"]["format"]["default"] in names_of(ScoreReport)


def examples() -> list[dict[str, Any]]:
    """The YAML of docs/lint.md: pre-commit's configuration and a workflow."""
    text = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")
    return [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]


def test_the_guides_hooks_are_those_that_there_are_with_options_that_there_are() -> None:
    hooks = examples()[0]["repos"][0]["hooks"]
    assert {hook["id"] for hook in hooks} == {hook["id"] for hook in HOOKS}
    assert {word for hook in hooks for word in hook.get("args", []) if word.startswith("-")} <= OPTIONS


def test_the_guides_workflow_is_in_githubs_form_and_uses_inputs_that_there_are() -> None:
    workflow: dict[Any, Any] = examples()[1]
    vendored = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "github-workflows.json"
    # YAML 1.1 takes the key `on` for true.
    workflow["on"] = workflow.pop(True)
    jsonschema.validate(workflow, json.loads(vendored.read_text(encoding="utf-8")))
    checkout, ours, upload = workflow["jobs"]["metadata"]["steps"]
    assert ours["with"].keys() <= ACTION["inputs"].keys()
    assert upload["with"]["sarif_file"] == ACTION["inputs"]["output"]["default"]
    assert all(re.search(r"@[0-9a-f]{40}$", step["uses"]) for step in (checkout, upload))


def ran(tmp_path: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The last step of the action, with the command of this installation."""
    step = ACTION["runs"]["steps"][-1]
    (tmp_path / "runner" / "aivision").mkdir(parents=True)
    (tmp_path / "runner" / "aivision" / "bin").symlink_to(Path(sys.executable).parent)
    values = {name: str(row["default"]) for name, row in ACTION["inputs"].items()} | inputs
    variables = {
        key: values[match[1]]
        for key, text in step["env"].items()
        if (match := re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", text))
    }
    assert variables.keys() == step["env"].keys()
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        env={**os.environ, **variables, "RUNNER_TEMP": str(tmp_path / "runner")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_action_writes_sarif_and_passes_where_nothing_is_found(source: Path, tmp_path: Path) -> None:
    done = ran(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((tmp_path / "aivision.sarif").read_text())["version"] == "2.1.0"


def test_the_action_hands_its_inputs_on(source: Path, tmp_path: Path) -> None:
    (tmp_path / "a b.json").write_text(json.dumps({"dataset": [record(2), None]}))
    inputs = {"sources": "data.json\n\na b.json\n", "format": "json", "output": "out $(id).json"}
    done = ran(tmp_path, **inputs, **{"fail-under": "100", "fail-under-mean": "100", "select": "timely,licensed"})
    assert done.returncode == 1
    assert "1 record refused; 2 datasets below 100 of 100" in done.stderr
    assert json.loads((tmp_path / "out $(id).json").read_text())["summary"]["records"] == 3
