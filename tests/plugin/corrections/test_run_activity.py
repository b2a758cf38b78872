"""What a harvest changed is in the activity stream of each organization: once a run, however much it was."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from tests.records import record


def test_a_run_makes_one_visible_activity_for_each_organization(
    harvested: Any, source: Callable[..., str], ckan: Any, reader: Any, person: Any
) -> None:
    name, word = source(), uuid.uuid4().hex[:8]

    def records(description: str, numbers: range) -> list[dict[str, Any]]:
        return [
            record(
                number,
                identifier=f"{word}-{number}",
                description=description,
                publisher={"@type": "org:Organization", "name": f"Office {word} {number % 2}"},
            )
            for number in numbers
        ]

    harvested(name, records("Levels in metres.", range(40)))
    harvested(name, records("Levels in feet and metres.", range(40)))
    harvested(name, records("Levels in feet and metres.", range(40)))
    rows = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": name})
    package = ckan.get_action("package_show")({"ignore_auth": True}, {"id": rows[0]["package_id"]})
    editor = person("editor", package["owner_org"])
    stream = ckan.get_action("organization_activity_list")({"user": editor}, {"id": package["owner_org"]})
    told = [row for row in stream if row["activity_type"] == "harvested datasets"]
    assert [row["data"]["counts"] for row in told] == [
        {"new": 0, "changed": 20, "deleted": 0},
        {"new": 20, "changed": 0, "deleted": 0},
    ]
    assert all(len(row["data"]["datasets"][kind]) <= 5 for row in told for kind in row["data"]["datasets"])
    page = reader(editor).get(f"/organization/activity/{package['organization']['name']}").get_data(as_text=True)
    assert f"A harvest of {name} changed datasets" in page
    assert "0 new, 20 changed, 0 deleted" in page
    assert "and 15 more" in page
