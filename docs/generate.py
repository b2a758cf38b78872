"""Writes docs/reference and docs/criteria from what they describe. `make docs` runs it."""

from __future__ import annotations

from pathlib import Path

from docs.generator import metadata_formats, programs, rubric, snapshots

from ckanext.aivision.scoring.rubric import load

HERE = Path(__file__).parent
_REFERENCE = (
    *(programs.actions, programs.commands, programs.python, programs.settings),
    *(rubric.gates, rubric.lenses),
    *(metadata_formats.json_standards, metadata_formats.kinds, metadata_formats.rdf),
    *(metadata_formats.standards, metadata_formats.web_formats),
    *(snapshots.dumps, snapshots.snapshot),
)


def pages() -> dict[str, str]:
    """Every page by its path below docs/."""
    found = {f"reference/{page.__name__}.md": page() for page in _REFERENCE}
    found["criteria/README.md"] = rubric.criteria()
    found["method.md"] = rubric.method()
    return found | {f"criteria/{row.id}.md": rubric.criterion(row) for row in load().everything}


if __name__ == "__main__":
    written = pages()
    for folder in ("reference", "criteria"):
        (HERE / folder).mkdir(exist_ok=True)
        for old in (HERE / folder).glob("*.md"):
            if old.relative_to(HERE).as_posix() not in written:
                old.unlink()
    for name, text in written.items():
        (HERE / name).write_text(text, encoding="utf-8")
