"""Results of benchmarks: one file a benchmark in bench/results, each row with what it was measured on."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

FOLDER = Path(__file__).parent / "results"


class Row(TypedDict):
    """One comparison. ours, peer: medians in `unit`; ratio: how many times better ours is; goal: what it should be.

    note: what was measured and how much of it on both sides; `record` adds the machine and the versions.
    """

    name: str
    ours: float | None
    peer: float | None
    ratio: float | None
    goal: float | None
    unit: str
    note: str


def record(name: str, rows: Sequence[Row], packages: Sequence[str] = ()) -> Path:
    """Writes bench/results/NAME.json: a list of rows. packages: distributions whose versions are told."""
    measured_on = "; ".join((_machine(), *(f"{package} {importlib.metadata.version(package)}" for package in packages)))
    told = [{**row, "note": f"{row['note']}; {measured_on}"} for row in rows]
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def earlier_rows(name: str) -> list[Row]:
    """The rows of bench/results/NAME.json without the machine and the versions, to be recorded with more."""
    rows: list[Row] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return [{**row, "note": row["note"].partition(f"; {_machine()}")[0]} for row in rows]


def _machine() -> str:
    try:
        model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        model = None
    cpu = model[1].strip() if model is not None else platform.processor() or platform.machine()
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
