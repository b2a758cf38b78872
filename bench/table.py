"""Update docs/performance.md from bench/results.

    python -m bench.table

Between its markers the page has the table of all results, what each was measured on, and the last profile.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from bench import results
from bench.page_times import of_one_kind, times
from bench.results import Row

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table, each with a number that leads to its note below."""
    lines = ["| what | ours | peer | times | goal | in |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    for number, row in enumerate(rows, 1):
        goal = _number(row["goal"]) + (" times" if row["peer"] is not None else "")
        cells = (_number(row["ours"]), _number(row["peer"]), _number(row["ratio"]), goal, row["unit"])
        lines.append(f"| {row['name']} ({number}) | {' | '.join(cells)} |")
    notes = [f"{number}. {row['note']}" for number, row in enumerate(rows, 1)]
    return "\n".join([*lines, "", *notes])


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,}"


def page(text: str, folder: Path) -> str:
    """The page's text with what the results in `folder` say. Raises ValueError if a marker is not there."""
    rows = [row for path in sorted(folder.glob("*.json")) for row in json.loads(path.read_text(encoding="utf-8"))]
    text = between(text, "results", table([row for row in rows if not of_one_kind(row)]))
    text = between(text, "times of pages", times([row for row in rows if of_one_kind(row)]))
    for marker, name in (("profile", "harvest-profile.txt"), ("rescore profile", "rescore-profile.txt")):
        profile = folder / name
        told = profile.read_text(encoding="utf-8").rstrip() if profile.exists() else "Not measured yet."
        text = between(text, marker, f"```text\n{told}\n```")
    return text


def between(text: str, marker: str, content: str) -> str:
    """A page with new content between its markers. Raises ValueError if they do not stand there once."""
    start, end = f"<!-- {marker} -->", f"<!-- end of {marker} -->"
    new, count = re.subn(
        f"{re.escape(start)}.*{re.escape(end)}", lambda _: f"{start}\n{content}\n{end}", text, flags=re.DOTALL
    )
    if count != 1:
        raise ValueError(f"the page needs {start} and {end} once")
    return new


def main() -> None:
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), results.FOLDER), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
