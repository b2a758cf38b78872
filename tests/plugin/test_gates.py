"""What the pages and the API say of a gate: the grade is named after it, its fix is the first, a warning is in red."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

FILE = {"name": "River levels 2025, CSV", "url": "https://www.rivers.gov.uk/levels/2025.csv", "format": "CSV"}
UNPROTECTED = "Names and home addresses of tenants in arrears, exported every week, with no protection applied."


@pytest.fixture
def dataset(ckan: Any, site_user: dict[str, Any], organization: str) -> Callable[..., str]:
    """Publishes a dataset and gives its name."""

    def publish(**fields: Any) -> str:
        name = f"levels-{uuid.uuid4().hex[:8]}"
        package = {"name": name, "title": "River levels by station", "country": "GB", "license_id": "OGL-UK-3.0"}
        given = {**package, "owner_org": organization, "resources": [FILE], **fields}
        ckan.get_action("package_create")(dict(site_user), given)
        return name

    return publish


@pytest.fixture
def card(ckan_application: Any) -> Callable[[str], str]:
    """The evaluation on the page of a dataset."""

    def read(name: str) -> str:
        answer = ckan_application.test_client().get(f"/dataset/{name}")
        assert answer.status_code == 200
        text: str = answer.get_data(as_text=True).replace("&#39;", "'")
        return " ".join(text.split())

    return read


def _score(ckan: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = ckan.get_action("aivision_score_show")({"user": ""}, {"id": name})
    return found


def test_the_grade_is_named_after_its_gate_and_its_fix_comes_first(
    dataset: Callable[..., str], card: Callable[[str], str], ckan: Any
) -> None:
    name = dataset(resources=[])
    score, text = _score(ckan, name), card(name)
    assert (score["grade"], score["gates"][0]["gate"], score["gates"][0]["label"]) == (
        "E",
        "nothing-to-download",
        "no data",
    )
    assert score["next_grade"]["gates"] == ["nothing-to-download"]
    assert "Ready for AI? Grade E: no data" in text
    assert (
        text.index("Fix these first") < text.index("Add a link to the file itself") < text.index("lifts the limit of E")
    )
    assert "aivision-warning" not in text
    assert "so none is applied here" in card(f"{name}?lens=mqa")


def test_unprotected_personal_data_are_warned_of(dataset: Callable[..., str], card: Callable[[str], str]) -> None:
    text = card(dataset(notes=UNPROTECTED))
    assert "Grade E: personal data without protection" in text
    assert 'class="alert alert-danger aivision-warning"' in text
    assert "Take the data offline" in text


def test_a_card_without_a_gate_says_what_it_rests_on_and_what_would_raise_it(
    dataset: Callable[..., str], card: Callable[[str], str], ckan: Any
) -> None:
    name = dataset()
    score, text = _score(ckan, name), card(name)
    assert "gates" not in score
    ahead = score["next_grade"]
    assert (len(ahead["steps"]) > 0, ahead["gates"]) == (True, [])
    assert "Judged from the metadata alone" in text
    assert "A from 80 points, B from 65 points, C from 50 points, D from 35 points, E below that." in text
    assert re.search(f"makes? this a grade {ahead['grade']}", text)
