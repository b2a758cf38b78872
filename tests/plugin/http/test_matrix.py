"""The rows of matrix.yaml: each request that a program makes, and what it gets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROWS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("matrix.yaml").read_text(encoding="utf-8"))
_PLACE = re.compile(r"\{([a-z-]+)\}")


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    """The datasets that the rows name, once they are made."""
    return {}


@pytest.fixture
def datasets(names: dict[str, str], published: Any, harvest: Any, act: Any) -> dict[str, str]:
    if not names:
        purged, deleted = published(), published()
        act("dataset_purge", id=purged["id"])
        act("package_delete", id=deleted["id"])
        public = published()
        names |= {
            "public": public["name"],
            "id": public["id"],
            "harvested": harvest()[0]["name"],
            "private": published(private=True)["name"],
            "draft": published(state="draft")["name"],
            "deleted": deleted["name"],
            "purged": purged["name"],
            "purged-id": purged["id"],
        }
    return names


@pytest.fixture
def unlimited(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("catalogues", "catalogues_of_all", "pages", "pages_of_all"):
        monkeypatch.setitem(ckan.config, f"ckanext.aivision.limit_{name}", 0)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['ask']} {row.get('send', '')}".strip() for row in ROWS])
def test_a_program_gets_what_the_matrix_says(
    row: dict[str, Any], datasets: dict[str, str], ask: Any, unlimited: None
) -> None:
    method, path = _PLACE.sub(lambda found: datasets[found[1]], row["ask"]).split(" ", 1)
    headers = dict(row.get("send", {}))
    if any("{etag}" in value for value in headers.values()):
        tag = ask(path).headers["ETag"]
        headers = {name: value.replace("{etag}", tag) for name, value in headers.items()}
    answer = ask(path, method, **headers)
    status, _, media_type = str(row["gives"]).partition(" ")
    assert answer.status_code == int(status), answer.get_data(as_text=True)[:500]
    assert not media_type or answer.mimetype == media_type
    for name, pattern in row.get("with", {}).items():
        assert re.fullmatch(pattern, ", ".join(answer.headers.getlist(name))), (name, answer.headers.getlist(name))
    assert not set(row.get("without", ())) & set(answer.headers.keys())
    assert row.get("has", "").encode() in answer.get_data()
    if answer.mimetype == "application/problem+json" and method != "HEAD":
        assert answer.get_json(force=True)["status"] == int(status)
    if int(status) == 304 or method == "HEAD":
        assert answer.get_data() == b""


def test_the_matrix_has_many_rows() -> None:
    assert len({(row["ask"], str(row.get("send"))) for row in ROWS}) == len(ROWS)
    assert len(ROWS) >= 30
