"""The peer: these pages as they were before there were snapshots, with the same interpreter and the same records."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

COMMIT = "b76c6172446d7f42b8fe4e88562ccced93885cce"
NAME = f"our pages before snapshots ({COMMIT[:8]})"


def checkout(folder: Path) -> Path:
    """The code of that commit in a folder, written there at the first call. Needs the project's git history."""
    target = folder / f"code-{COMMIT}"
    if not (target / "complete").exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        archive = folder / "code.tar"
        root = Path(__file__).resolve().parents[2]
        subprocess.run(["git", "-C", str(root), "archive", "-o", str(archive), COMMIT], check=True)
        shutil.unpack_archive(archive, target, "tar", filter="fully_trusted")
        archive.unlink()
        (target / "complete").touch()
    return target
