"""Publishers see ahead of a rescore how their grades change, and nobody else does."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from tests.catalogue.test_dry_run import under_former_rubric

LATER = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=14)
IN_WORDS = f"{LATER.day} {LATER:%B %Y}"


@pytest.fixture
def office(ckan: Any, site_user: dict[str, Any], organization: str) -> str:
    """The path of the organization's page."""
    name = ckan.get_action("organization_show")(dict(site_user), {"id": organization})["name"]
    return f"/organization/{name}"


@pytest.fixture
def announced(ckan: Any, site_user: dict[str, Any], organization: str) -> Any:
    """A dataset of an organization whose grade is going to be lower."""
    from ckanext.aivision.catalogue.rescore import announcement

    fields = {"name": f"levels-{organization[:8]}", "title": "River levels", "notes": "Levels.", "country": "GB"}
    fields["license_id"] = "none"
    package = ckan.get_action("package_create")(dict(site_user), {**fields, "owner_org": organization})
    under_former_rubric([package["id"]])
    announcement.announce(LATER, 1, lambda done, total: None)
    yield package
    announcement.withdraw()


def test_people_who_can_edit_see_the_notice_on_both_pages_and_others_do_not(
    announced: Any, reader: Any, person: Any, organization: str, office: str
) -> None:
    pages = (f"/dataset/{announced['name']}", office)
    editor = reader(person("editor", organization))
    dataset, listed = (editor.text(path) for path in pages)
    assert f"on {IN_WORDS}." in dataset
    assert "Under it this dataset would have grade E (now A)" in dataset
    assert "What lowers the score most, and how to fix it:" in dataset
    assert f"on {IN_WORDS}" in listed
    assert "Datasets with a lower grade: 1 of 1. With a higher grade: 0." in listed
    assert f"/dataset/{announced['name']}#ai-readiness" in listed
    for other in ("", person(), person("member", organization)):
        for path in pages:
            assert "The rubric changes" not in reader(other).text(path)


def test_the_wrong_person_is_refused(ckan: Any, announced: Any, person: Any, organization: str) -> None:
    show = ckan.get_action("aivision_announcement_show")
    for other in ("", person(), person("member", organization)):
        for asked in ({"id": announced["id"]}, {"organization": organization}):
            with pytest.raises(ckan.NotAuthorized):
                show({"user": other}, dict(asked))
    editor = person("editor", organization)
    found = show({"user": editor}, {"id": announced["name"]})
    assert (found["before"], found["after"], found["starts_on"]) == ("A", "E", str(LATER))
    assert show({"user": editor}, {"organization": organization})["grades"] == [
        {"before": "A", "after": "E", "datasets": 1}
    ]


def test_a_wrong_question_is_refused_with_what_to_do(ckan: Any, site_user: dict[str, Any]) -> None:
    show = ckan.get_action("aivision_announcement_show")
    for meaningless in ({}, {"id": ["x"]}):
        with pytest.raises(ckan.ValidationError):
            show(dict(site_user), meaningless)
    for asked in ({"id": "no-such"}, {"organization": "no-such"}):
        with pytest.raises(ckan.ObjectNotFound):
            show(dict(site_user), asked)


def test_the_notice_is_gone_after_the_rescore(
    announced: Any, reader: Any, person: Any, organization: str, office: str
) -> None:
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    rescore()
    editor = reader(person("editor", organization))
    for path in (f"/dataset/{announced['name']}", office):
        assert "The rubric changes" not in editor.text(path)
