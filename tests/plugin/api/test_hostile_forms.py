"""Hostile values in every form of ours and in every field of our schemas: an answer, never a fault.

The forms, the names of their fields and the schemas are found, so that new ones are covered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import ckanext.aivision.views

ANSWERS = (200, 400, 403, 404, 409)
# What the views read of a form: `form.get("name")`, `form["name"]`, `form.getlist("name")`, `"name" in ….form`.
_READ = re.compile(r"""form(?:\.get(?:list)?\(|\[)"([\w-]+)"|"([\w-]+)" in (?:toolkit\.)?request\.form""")
TEXTS = ("\0", "a\0b", "\u202e" * 40, "x" * 20_000, "' OR 1=1; --", "{{7*7}}", "99999999999999999999", "true", "[]")
VALUES: list[Any] = ["\0", "\ud800", {"a": 1}, [["a"]], [None], [{"name": {"a": 1}}], 10**40, True, "x" * 120_000]
ENTRIES = {"dataset": "title", "guidance": "title", "cooperation": "title", "training": "title"}


@pytest.fixture
def post(reader: Callable[[str], Any], person: Callable[..., str]) -> Callable[[str, Any], Any]:
    """Posts an action as a sysadmin, with JSON as it is."""
    somebody = reader(person("sysadmin"))
    headers = {**somebody.headers, "Content-Type": "application/json"}
    return lambda action, body: somebody._ask("POST", f"/api/3/action/{action}", data=json.dumps(body), headers=headers)


def _names() -> set[str]:
    """The names of the fields that our views read."""
    folder = Path(ckanext.aivision.views.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py")]
    return {name for text in texts for found in _READ.findall(text) for name in found if name}


def _forms(rules: Any, dataset: str, organization: str) -> Iterator[str]:
    """The addresses that our forms are sent to."""
    for rule in rules.iter_rules():
        if not rule.endpoint.startswith("aivision_") or "POST" not in rule.methods:
            continue
        path = rule.rule.replace("/organization/<name>", f"/organization/{organization}")
        path = re.sub(
            r"/dataset/<name>|(?<=/form)/<id>", lambda found: f"{found[0][: found[0].index('<')]}{dataset}", path
        )
        yield re.sub("<int:[^>]*>", "1", re.sub(r"<(?!int:)[^>]*>", "licence", path))


def test_a_hostile_value_is_answered_in_every_form(
    ckan_application: Any, sysadmin: Any, dataset: Any, organization: str, ckan: Any
) -> None:
    office = ckan.get_action("organization_show")({"ignore_auth": True}, {"id": organization})["name"]
    names = _names()
    assert len(names) > 8
    wrong = []
    for address in sorted(set(_forms(ckan_application.url_map, dataset(), office))):
        for text in TEXTS:
            form = dict.fromkeys((*names, "title", "contact-0-name", f"{text}-0-x", text), text)
            answer = sysadmin._ask("POST", address, data=form, headers=sysadmin.headers)
            if answer.status_code >= 500:
                wrong.append((address, text[:20], answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("kind", ENTRIES)
def test_a_hostile_value_is_answered_in_every_field_of_a_schema(
    ckan: Any, post: Any, organization: str, kind: str
) -> None:
    schema = ckan.get_action("scheming_dataset_schema_show")({"ignore_auth": True}, {"type": kind})
    fields = [field["field_name"] for field in schema["dataset_fields"]]
    in_files = [field["field_name"] for field in schema.get("resource_fields") or ()]
    usual = {"type": kind, "name": "levels-of-hostile-rivers", "title": "Levels", "owner_org": organization}
    wrong = []
    for value in VALUES:
        bodies = [({**usual, field: value}, field) for field in fields]
        bodies += [
            ({**usual, "resources": [{"url": "https://a.gov/a.csv", field: value}]}, field) for field in in_files
        ]
        # All at once, for values that are refused by any field; one by one for texts that a field might let through.
        together = {**usual, **dict.fromkeys(fields, value)}
        for body, field in bodies if value in ("\0", "\ud800", {"a": 1}) else [(together, "all")]:
            # No dataset is stored: there is no such country.
            answer = post("package_create", {**body, "country": "Atlantis"} if field != "country" else body)
            if answer.status_code not in ANSWERS:
                wrong.append((field, repr(value)[:20], answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("value", ["a\0b", "\ud800"])
@pytest.mark.parametrize("action", ["package_create", "package_search", "organization_create", "package_patch"])
def test_text_that_no_database_stores_is_refused_in_actions_of_ckan(post: Any, action: str, value: str) -> None:
    for body in ({"title": value, "name": "levels"}, {"q": value}, {"extras": [{"key": "a", "value": value}]}):
        assert post(action, body).status_code == 400, body
