"""Read the guides' blocks of code and run them as a reader does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).resolve().parents[2] / "docs"
# The address of the reader's own catalogue.
SITE = "http://127.0.0.1:5000"

_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LIMIT = 240


class Block(NamedTuple):
    """language: `sh` or `python`."""

    language: str
    code: str

    @property
    def steps(self) -> list[str]:
        """What is run one after the other: the lines of a shell block, or a whole program."""
        return self.code.splitlines() if self.language == "sh" else [self.code]


def sections(page: str) -> dict[str, list[Block]]:
    """The blocks of each section of a page of docs/ that has some, by the section's title."""
    _, *parts = _SECTION.split((DOCS / page).read_text("utf-8"))
    found = {
        title: [Block(*block) for block in _BLOCK.findall(text)]
        for title, text in zip(parts[::2], parts[1::2], strict=True)
    }
    return {title: blocks for title, blocks in found.items() if blocks}


def put_in_place(text: str, marks: Mapping[str, str]) -> str:
    """Text with what stands in the place of the reader's own replaced by that of the test."""
    for mark, own in marks.items():
        text = text.replace(mark, own)
    return text


def run_step(
    block: Block, step: str, folder: Path, environment: Mapping[str, str] | None = None, statuses: Sequence[int] = (0,)
) -> str:
    """What a line or a program prints, run in a folder. environment: in place of what is there."""
    command = ["sh", "-c", step] if block.language == "sh" else [sys.executable, "-c", step]
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_LIMIT,
        check=False,
    )
    assert done.returncode in statuses, f"{step}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout
