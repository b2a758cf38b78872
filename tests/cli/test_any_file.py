"""No bytes and no JSON, given as FILE, bring anything but results, refusals of records, or one line."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.conftest import account, call, lines, refusal
from tests.examples import share_of

pytestmark = pytest.mark.long


# Members that decide how a document and a record are read.
MEMBERS = re.findall(
    r"\S+",
    """
    identifier title description keyword theme modified issued publisher contactPoint fn hasEmail name license
    rights accessLevel temporal spatial language accrualPeriodicity distribution downloadURL accessURL mediaType
    format isPartOf landingPage references describedBy conformsTo dataQuality @type id notes tags resources extras
    key value url license_id organization groups metadata_modified dataset result results success dcat
    """,
)
texts = st.text(st.characters(), max_size=40)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
anything: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS) | texts, inner, max_size=5),
    max_leaves=12,
)
records = anything | st.fixed_dictionaries(
    {"identifier": texts, "title": texts},
    optional={name: anything for name in MEMBERS if name not in ("identifier", "title")},
)
lists = st.lists(records, max_size=4)
documents = st.one_of(
    anything,
    lists,
    lists.map(lambda found: {"dataset": found}),
    lists.map(lambda found: {"success": True, "result": {"count": len(found), "results": found}}),
    lists.map(lambda found: {"results": [{"dcat": record} for record in found]}),
)


def goes_through(content: bytes) -> None:
    """Gives the content to both commands; what they say of it is whole."""
    with tempfile.TemporaryDirectory(prefix="aivision-test-") as folder:
        path, into = Path(folder, "data.json"), Path(folder, "out")
        path.write_bytes(content)
        scored = call("score", path, "--format", "ndjson")
        for done in (scored, call("score", path), call("harvest", path, "--into", into)):
            # What was read before a fault may have been warned of.
            errors = "".join(line for line in done.err.splitlines(True) if not line.startswith("Warning: "))
            assert done.status in (0, 1) or refusal(done._replace(err=errors))
        counts = account(into)["counts"]
        refused = [row for row in lines(scored.out) if row.get("refused")]
        assert (counts["fetched"], counts["refused"]) == (len(lines(scored.out)), len(refused))
        assert scored.status in ((1, 2) if refused else (0, 2))


@settings(max_examples=share_of(100), deadline=None)
@given(content=st.binary(max_size=400) | st.binary(max_size=400).map(lambda rest: b'{"dataset": [' + rest))
def test_any_bytes_go_through(content: bytes) -> None:
    goes_through(content)


@settings(max_examples=share_of(100), deadline=None)
@given(document=documents)
def test_any_json_goes_through(document: Any) -> None:
    goes_through(json.dumps(document).encode())


@settings(max_examples=share_of(50), deadline=None)
@given(packages=lists)
def test_any_json_lines_go_through(packages: list[Any]) -> None:
    first = {"id": "a", "title": "b", "resources": [], "num_resources": 0}
    goes_through("\n".join(json.dumps(package) for package in [first, *packages]).encode())
