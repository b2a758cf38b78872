"""A dataset whose texts have words without end, as harvested lists of columns and addresses are, fits the screen."""

from __future__ import annotations

import uuid
from typing import Any

from tests.browser.conftest import WIDE_BY_DAY, faults, log_in, on_each_screen, wider_than_the_screen

WORD = "STATION_NUMBER,RIVER_LEVEL_IN_METRES," * 12
COLUMNS = "\n".join(f"column_{number}_of_the_table | number | {WORD}" for number in range(30))


@WIDE_BY_DAY
def test_words_of_hundreds_of_letters_do_not_widen_the_pages_of_a_dataset(
    live_site: str, stack: Any, page: Any, ckan: Any
) -> None:
    site = {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    name = f"levels-{uuid.uuid4().hex[:8]}"
    owner = ckan.get_action("organization_create")(dict(site), {"name": f"office-{name}", "title": WORD[:200]})["id"]
    package = {
        "name": name,
        "title": f"River levels {WORD}",
        "notes": f"Columns: {WORD}\n\nThe code:\n\n    {WORD}\n",
        "identifier": f"https://rivers.example.gov/{WORD}",
        "owner_org": owner,
        "country": "GB",
        "license_id": "OGL-UK-3.0",
        "contact": [{"name": WORD, "email": "desk@rivers.example.gov"}],
        "resources": [{"url": f"https://rivers.example.gov/{WORD}.csv", "name": WORD, "columns": COLUMNS}],
    }
    ckan.get_action("package_create")(dict(site), package)
    log_in(page, live_site, stack)
    for path in (
        f"/dataset/{name}",
        f"/dataset/edit/{name}/1",
        f"/dataset/{name}/files",
        f"/dataset/{name}/score-sheet",
        f"/organization/office-{name}/improve",
        f"/organization/office-{name}/improve/fix/contact",
    ):
        page.goto(live_site + path)
        for _ in on_each_screen(page):
            assert wider_than_the_screen(page) == [], path
    page.goto(f"{live_site}/dataset/{name}/files")
    assert faults(page, "[role=main]") == []
