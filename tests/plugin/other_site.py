"""A site on the tests' services with plugins and a schema of a test's choice, used from outside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.corpora import ROOT
from tests.processes import run_python

from ckanext.aivision.services.stack import ckan_command


class OtherSite:
    """schema: the text of one for ckanext-scheming; empty for CKAN's own fields, or for ours if scheming is listed."""

    def __init__(self, stack: Any, folder: Path, packages: Path | None = None) -> None:
        """packages: a folder of packages that are installed there, beside those of this environment."""
        self._stack, self._folder, self._ini, self._packages = stack, folder, folder / "ckan.ini", packages

    def ckan(self, plugins: str, schema: str, *words: str) -> str:
        """What a command of `ckan` prints."""
        self._ini.write_text(self._settings(plugins, schema, {}))
        return self._run([*ckan_command(self._ini)[1:], *words], 240)

    def steps(self, plugins: str, schema: str, *steps: Any, limit: int = 240, **settings: str) -> list[Any]:
        """What the steps of `tests.plugin.site_steps` give. limit: seconds."""
        listed, results = self._folder / "steps.json", self._folder / "results.json"
        self._ini.write_text(self._settings(plugins, schema, settings))
        listed.write_text(json.dumps(steps))
        self._run(["-m", "tests.plugin.site_steps", self._ini, listed, results], limit)
        found: list[Any] = json.loads(results.read_text())
        return found

    def _run(self, words: list[Any], limit: int) -> str:
        """What a Python program prints."""
        if self._packages is None:
            done = run_python(*words, limit=limit)
        else:
            # Packages of its own are there when the first of them is imported.
            environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(self._packages)])}
            command = [sys.executable, *words]
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=limit, cwd=ROOT, env=environment, check=False
            )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def _settings(self, plugins: str, schema: str, settings: dict[str, str]) -> str:
        text: str = self._stack.ini.read_text()
        text = re.sub(r"(?m)^ckan\.plugins = .*$", f"ckan.plugins = {plugins}", text)
        if schema:
            (self._folder / "schema.yaml").write_text(schema)
            address = f"scheming.dataset_schemas = file://{self._folder}/schema.yaml"
            text = re.sub(r"(?m)^scheming\.dataset_schemas = .*$", address, text)
        added = "".join(f"{key.replace('__', '.')} = {value}\n" for key, value in settings.items())
        return text.replace("[app:main]\n", f"[app:main]\n{added}")
