"""`aivision_harvest` in a catalogue whose datasets have another form: searches show what the datasets' pages show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.corpora import OWN
from tests.plugin.other_site import OtherSite
from tests.plugin.test_other_schemas import SCHEMA


@pytest.mark.long
@pytest.mark.parametrize(
    "schema",
    [pytest.param("", id="CKAN's own", marks=pytest.mark.nightly), pytest.param(SCHEMA, id="a schema of the site")],
)
def test_harvested_datasets_are_indexed_as_they_are_shown_and_can_be_edited(
    stack: Any, tmp_path: Path, catalogue_state: Any, schema: str
) -> None:
    catalogue_state.restore()
    harvest = ("command", "harvest", str(OWN / "us" / "lakes.data.json"), "--country", "US")
    done, shown, searched, edited, again = OtherSite(stack, tmp_path).steps(
        f"aivision_core aivision_harvest {'scheming_datasets' if schema else ''} activity",
        schema,
        harvest,
        ("show",),
        ("call", "package_search", {"rows": 1000}),
        ("patch", "title", "Edited"),
        harvest,
    )
    assert (done["status"], again["status"], edited) == (0, 0, {}), done
    assert len(shown) > 3
    assert {row["name"]: row for row in searched["results"]} == shown
