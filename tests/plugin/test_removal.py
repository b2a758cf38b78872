"""After the plugins are taken out, every dataset can be edited and no field is lost."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

from tests.plugin.test_other_schemas import run
from tests.serialise.conftest import EVERYTHING

from ckanext.aivision.serialise.package import to_package

# What CKAN itself has a field for; the others are its custom fields afterwards.
CORE = {"type", "title", "notes", "tags", "url", "version", "license_id", "resources"}


def test_every_field_of_the_form_is_a_custom_field_afterwards_and_survives_an_edit(
    stack: Any, tmp_path: Path, ckan: Any, site_user: dict[str, Any], organization: str
) -> None:
    from ckan.lib.search import rebuild

    package = to_package(EVERYTHING)
    name = f"everything-{uuid.uuid4().hex[:8]}"
    made = ckan.get_action("package_create")(dict(site_user), {**package, "name": name, "owner_org": organization})
    text = re.sub(r"(?m)^ckan\.plugins = .*$", "ckan.plugins = activity", stack.ini.read_text())
    (tmp_path / "ckan.ini").write_text(text)
    patched, shown = run(
        tmp_path / "ckan.ini",
        [("package_patch", {"id": name, "title": "Edited without the form"}), ("package_show", {"id": name})],
        rebuilt=name,
    )
    extras = {extra["key"] for extra in shown["extras"]}
    assert package.keys() - CORE <= extras
    assert patched["title"] == "Edited without the form"
    rebuild(name)
    again = ckan.get_action("package_show")({**site_user, "use_cache": False}, {"id": name})
    assert {key: again.get(key) for key in package if key not in ("title", "resources")} == {
        key: made.get(key) for key in package if key not in ("title", "resources")
    }
