"""`ckan aivision unplaced`: what an operator has to place."""

from __future__ import annotations

import csv
import io
import json
import uuid
from typing import Any


def test_publishers_that_no_table_has_are_listed_with_how_many_datasets_they_have(
    ckan: Any, site_user: dict[str, Any], snapshot: Any, stack: Any
) -> None:
    titles = {f"Wardens {uuid.uuid4().hex[:8]}": 2, "Dundee City Council": 1}
    for title, number in titles.items():
        name = f"office-{uuid.uuid4().hex[:8]}"
        office = ckan.get_action("organization_create")(dict(site_user), {"name": name, "title": title})
        for _ in range(number):
            package = {"name": f"levels-{uuid.uuid4().hex[:8]}", "title": "Levels", "owner_org": office["id"]}
            legal = {"country": "GB", "license_id": "OGL-UK-3.0"}
            ckan.get_action("package_create")(dict(site_user), {**package, **legal})
    snapshot()
    rows = json.loads(stack.ckan("aivision", "unplaced", "--format", "json"))
    unknown, known = titles
    assert {"country": "GB", "publisher": unknown, "source": "", "datasets": 2} in rows
    assert known not in {row["publisher"] for row in rows}
    listed = list(csv.DictReader(io.StringIO(stack.ckan("aivision", "unplaced", "--format", "csv"))))
    assert unknown in {row["publisher"] for row in listed}
    assert "placed with an agency" in stack.ckan("aivision", "unplaced")
