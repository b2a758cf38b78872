"""Persons' e-mail addresses in corrections and corrected documents: for the dataset's editors alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugin.corrections.conftest import Office

JANE, HARRIET = "jane.doe@rivers.example.gov", "hpoole@rivers.example.gov"
# No program that searches for addresses would know the second as a person's, but for the name beside it.
PERSONS = ("jane.doe", "hpoole")
CONTACT = [{"name": "Jane Doe", "email": JANE}, {"name": "Harriet Poole", "email": HARRIET}]
STRANGERS = ("anonymous", "stranger", "member", "editor elsewhere")
EDITORS = ("editor", "admin", "sysadmin")
# A word that a page shortens, within the address.
LONG = "Weekly levels of the river. " * 10 + f"Ask me: {JANE}"


@pytest.fixture
def corrected(office: Office, ckan: Any, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The source names one person; the correction names two, and a text names them without their names."""
    monkeypatch.setitem(ckan.config, "ckanext.aivision.hide_contacts", "all")
    office.harvest(contactPoint={"@type": "vcard:Contact", "fn": "Jane Doe", "hasEmail": f"mailto:{JANE}"})
    office.act("package_patch", id=office.id, contact=CONTACT, notes=LONG, provenance=f"Read by {HARRIET}.")
    return office


@pytest.fixture
def somebody(corrected: Office, person: Callable[..., str], organization: str) -> Callable[[str], str]:
    """The name of a user by role; empty for somebody who is not logged in."""
    owner = corrected.show()["owner_org"]
    places = {"editor elsewhere": ("editor", organization), "sysadmin": ("sysadmin", ""), "stranger": ("", "")}

    def find(role: str) -> str:
        return "" if role == "anonymous" else person(*places.get(role, (role, owner)))

    return find


def persons_in(text: Any) -> list[str]:
    return [name for name in PERSONS if name in str(text).lower()]


@pytest.mark.parametrize("role", [*STRANGERS, *EDITORS])
def test_corrections_name_persons_to_editors_alone(
    role: str, corrected: Office, somebody: Callable[[str], str], reader: Any
) -> None:
    user = somebody(role)
    page = reader(user).text(f"/dataset/{corrected.show()['name']}")
    card = page.partition('id="corrections"')[2].partition("</section>")[0]
    listed = corrected.act("aivision_correction_list", user, id=corrected.id)
    assert {row["field"] for row in listed} == {"contact", "notes", "provenance"}
    assert "Harriet Poole" in card
    seen = list(PERSONS) if role in EDITORS else []
    assert persons_in(listed) == seen
    assert persons_in(card) == seen
    assert persons_in(page) == seen


@pytest.mark.parametrize("field", ["notes", "provenance"])
def test_a_text_names_nobody_whose_name_is_in_a_contact_that_was_not_corrected(
    field: str, office: Office, ckan: Any, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.hide_contacts", "all")
    office.harvest(contactPoint={"@type": "vcard:Contact", "fn": "Harriet Poole", "hasEmail": f"mailto:{HARRIET}"})
    office.act("package_patch", id=office.id, **{field: f"Levels. {HARRIET} knows more."})
    assert persons_in(office.act("aivision_correction_list", "", id=office.id)) == []
    assert persons_in(reader("").text(f"/dataset/{office.show()['name']}")) == []


@pytest.mark.parametrize("role", [*STRANGERS, "editor"])
def test_corrected_documents_name_them_to_nobody(
    role: str, corrected: Office, somebody: Callable[[str], str], reader: Any
) -> None:
    """They are the same for everybody, so that they can be kept by caches."""
    package = corrected.show()
    name, own = package["name"], reader(somebody(role))
    asked = [f"/dataset/{name}{end}?corrected=1" for end in (".ttl", ".xml", ".jsonld", ".nt")]
    asked += [f"/dataset/{name}/{end}?corrected=1" for end in ("dcat-us.json", "dcat-us-3.json")]
    asked += [f"/dataset/{name}/uk-metadata-exchange.json?corrected=1", f"/dataset/{name}/card.md"]
    asked += [f"/catalog.ttl?fq=name:{name}&corrected=1", f"/catalog.xml?page=all&fq=name:{name}&corrected=1"]
    asked += [f"/organization/{package['organization']['name']}/data.json?corrected=1"]
    texts = {path: own.get(path).get_data(as_text=True) for path in asked}
    assert {path: found for path, text in texts.items() if (found := persons_in(text))} == {}
    assert [path for path, text in texts.items() if "Weekly levels of the river." not in text] == []
