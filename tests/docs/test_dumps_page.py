"""What docs/reference/dumps.md says is so: the files and the columns of their tables."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
from tests.serialise.conftest import EVERYTHING

from ckanext.aivision.serialise.tables.parquet import write_tables
from ckanext.aivision.serialise.tables.record_columns import row
from ckanext.aivision.snapshot.dump.dump_files import kinds

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "dumps.md").read_text("utf-8")


def test_every_file_is_listed() -> None:
    assert all(f"| `{kind.name}` | {kind.text} |" in PAGE for kind in kinds())


def test_the_columns_of_records_and_distributions_are_listed_with_their_types(tmp_path: Path) -> None:
    write_tables([row("1", "levels", EVERYTHING)], tmp_path, tmp_path)
    for name in ("records.parquet", "distributions.parquet"):
        section = PAGE.partition(f"## Columns of {name}")[2].partition("\n## ")[0]
        listed = re.findall(r"^\| `(\w+)` \| `(.+?)` \|", section, re.MULTILINE)
        with duckdb.connect() as connection:
            found = connection.execute("DESCRIBE FROM read_parquet(?)", [str(tmp_path / name)]).fetchall()
        assert [(column, kind.replace('"', "")) for column, kind in listed] == [
            (one[0], one[1].replace('"', "")) for one in found
        ]
