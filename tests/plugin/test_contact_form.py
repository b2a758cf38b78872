"""A person's e-mail address: the public has a form in its place in every output, and stewards see the address."""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.mailbox import Mailbox, open_mailbox
from tests.plugin.conftest import Reader
from tests.records import record

PERSON = "jane.doe@rivers.example.gov.uk"
# The person is told by the name beside it.
SHORT = "hpoole@rivers.example.gov.uk"
OFFICE = "data.desk@rivers.example.gov.uk"
HIDDEN = ("jane.doe", "hpoole")
FIELDS: dict[str, Any] = {
    "title": "Levels of the Wye",
    "notes": f"One row for each gauge and week. Ask {PERSON} about it.",
    "contact": [
        {"name": "Jane Doe", "email": PERSON},
        {"name": "Data desk", "email": OFFICE},
        {"name": "Harriet Poole", "email": SHORT},
    ],
}
DOCUMENTS = (
    *("", ".ttl", ".xml", ".jsonld", "/dcat-us.json", "/dcat-us-3.json", "/uk-metadata-exchange.json", "/card.md"),
    *("/croissant.jsonld", "/schema-org.jsonld", "/evaluation.ttl", "/citation.bib", "/score-sheet", "/contact"),
)
CATALOGUES = ("/data.json", "/catalog.ttl", "/uk-metadata-exchange.json", "/changes?include=package", "/dataset/")
ACTIONS = (
    *("package_show?id={id}", "package_show?id={id}&use_default_schema=true", "package_search?q=Wye&rows=1000"),
    *("package_search?q=Wye&fl=id&fl=validated_data_dict", "package_search?q=Wye&fl=id&fl=data_dict&fl=extras_contact"),
    *("current_package_list_with_resources?limit=1000", "aivision_score_show?id={id}", "aivision_evaluation_list"),
)


@pytest.fixture
def mailbox(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.limit_contacts", 0)
    with open_mailbox(ckan.config, monkeypatch) as found:
        yield found


def hidden_in(text: str) -> list[str]:
    return [name for name in HIDDEN if name in text.lower()]


def test_no_document_page_or_action_gives_the_public_a_persons_address(
    dataset: Callable[..., str], reader: Callable[[str], Reader], ckan: Any
) -> None:
    name = dataset(**FIELDS)
    id = ckan.get_action("package_show")({"ignore_auth": True}, {"id": name})["id"]
    public = reader("")
    asked = [f"/dataset/{name}{document}" for document in DOCUMENTS] + [*CATALOGUES]
    asked += [f"/api/3/action/{action.format(id=id)}" for action in ACTIONS]
    answers = {path: public.get(path).get_data(as_text=True) for path in asked}
    assert {path: found for path, text in answers.items() if (found := hidden_in(text))} == {}
    form = f"/dataset/{id}/contact"
    for path in (f"/dataset/{name}", f"/dataset/{name}.ttl", f"/api/3/action/package_show?id={id}"):
        assert form in answers[path], path
        assert OFFICE in answers[path], path


def test_a_harvested_record_is_given_out_without_it_too(
    harvested: Any, reader: Callable[[str], Reader], ckan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.hide_contacts", "all")
    name = f"rivers-{uuid.uuid4().hex[:8]}"
    contact = {"@type": "vcard:Contact", "fn": "Jane Doe", "hasEmail": f"mailto:{PERSON}"}
    harvested(name, [record(1, identifier=name, contactPoint=contact, description=f"Levels. Ask {PERSON}.")])
    (row,) = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": name})
    public = reader("")
    for path in ("/source-record", "/dcat-us.json", "/dcat-us.json?corrected=1", ".ttl", ""):
        text = public.get(f"/dataset/{row['name']}{path}").get_data(as_text=True)
        assert hidden_in(text) == [], path
        assert f"/dataset/{row['package_id']}/contact" in text, path


def test_nobody_can_search_for_it(dataset: Callable[..., str], ckan: Any) -> None:
    name = dataset(**FIELDS)
    search = ckan.get_action("package_search")
    for query in (f'"{PERSON}"', "extras_contact:*jane.doe*", "extras_contact:*hpoole*"):
        assert search({"user": ""}, {"q": query})["count"] == 0, query
    assert name in {found["name"] for found in search({"user": ""}, {"q": f'"{OFFICE}"'})["results"]}


def test_the_dump_has_none(dataset: Callable[..., str], ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ckanext.aivision.snapshot.dump.dump_files import files
    from ckanext.aivision.snapshot.dump.write_dump import write_dump

    monkeypatch.setitem(ckan.config, "ckanext.aivision.hide_contacts", "all")
    dataset(**FIELDS)
    write_dump()
    newest = files().newest()
    assert newest is not None
    for path in Path(newest).iterdir():
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert hidden_in(body.decode("utf-8", "replace")) == [], path.name


def test_stewards_see_it_and_an_edit_of_theirs_keeps_it(
    dataset: Callable[..., str], reader: Callable[[str], Reader], person: Any, organization: str, ckan: Any
) -> None:
    name, editor = dataset(**FIELDS), person("editor", organization)
    for user in (editor, person("sysadmin")):
        shown = json.loads(reader(user).get(f"/api/3/action/package_show?id={name}").get_data(as_text=True))["result"]
        assert [entry["email"] for entry in shown["contact"]] == [PERSON, OFFICE, SHORT]
        found = json.loads(reader(user).get(f"/api/3/action/package_search?q=name:{name}").get_data(as_text=True))
        assert PERSON in found["result"]["results"][0]["notes"]
    ckan.get_action("package_patch")({"user": editor}, {"id": name, "title": "Levels of the Severn"})
    stored = ckan.get_action("package_show")({"ignore_auth": True}, {"id": name})
    assert [entry["email"] for entry in stored["contact"]] == [PERSON, OFFICE, SHORT]
    # Whoever may edit it by another plugin's rules must not save it without the addresses.
    read = ckan.get_action("package_show")({"user": "", "for_update": True}, {"id": name})
    assert [entry["email"] for entry in read["contact"]] == [PERSON, OFFICE, SHORT]
    stranger = reader(person("editor", "")).get(f"/api/3/action/package_show?id={name}").get_data(as_text=True)
    assert hidden_in(stranger) == []


@pytest.mark.parametrize(
    ("setting", "country", "is_hidden"),
    [("uk", "GB", True), ("uk", "US", False), ("uk", None, False), ("all", "US", True), ("off", "GB", False)],
)
def test_the_setting_says_of_which_datasets(
    dataset: Callable[..., str],
    ckan: Any,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    country: str | None,
    is_hidden: bool,
) -> None:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.hide_contacts", setting)
    name = dataset(**FIELDS, country=country)
    shown = ckan.get_action("package_show")({"user": ""}, {"id": name})
    assert (hidden_in(json.dumps(shown)) == []) == is_hidden


def test_a_message_reaches_the_person_who_can_answer_it(
    mailbox: Mailbox, dataset: Callable[..., str], reader: Callable[[str], Reader]
) -> None:
    name, public = dataset(**FIELDS), reader("")
    assert "Write to the contact" in public.text(f"/dataset/{name}/contact")
    written = {"name": "A reader", "email": "reader@town.example", "message": "Is 2025 complete?"}
    public.post(f"/dataset/{name}/contact", 302, **written)
    assert [to for to, _ in mailbox.messages] == [[PERSON], [SHORT]]
    message = mailbox.messages[0][1]
    assert message["Reply-To"] == "reader@town.example"
    assert "Is 2025 complete?" in message.get_content()
    assert f"/dataset/{name}" in message.get_content()


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"email": "a@town.example\r\nBcc: b@town.example"},
        {"message": ""},
        {"message": "x" * 5001},
        {"name": "x" * 101},
        {"name": "A\nBcc: b@town.example"},
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_form(
    mailbox: Mailbox, dataset: Callable[..., str], reader: Callable[[str], Reader], wrong: dict[str, str]
) -> None:
    written = {"name": "A reader", "email": "reader@town.example", "message": "Is 2025 complete?", **wrong}
    page = reader("").post(f"/dataset/{dataset(**FIELDS)}/contact", 400, **written).get_data(as_text=True)
    assert mailbox.messages == []
    # Sentences, and no list as Python writes it.
    assert "[&#39;" not in page


def test_programs_that_fill_in_everything_and_visitors_who_write_too_often_send_nothing(
    mailbox: Mailbox, dataset: Callable[..., str], reader: Callable[[str], Reader], ckan: Any, monkeypatch: Any
) -> None:
    name, public = dataset(**FIELDS), reader("")
    written = {"email": "reader@town.example", "message": "Buy this"}
    public.post(f"/dataset/{name}/contact", 302, website="https://spam.example", **written)
    assert mailbox.messages == []
    monkeypatch.setitem(ckan.config, "ckanext.aivision.limit_contacts", 1)
    statuses = [public.post(f"/dataset/{name}/contact", None, **written).status_code for _ in range(3)]
    assert 429 in statuses


def test_there_is_no_form_where_nothing_is_hidden_and_none_for_who_may_not_read_the_dataset(
    dataset: Callable[..., str], reader: Callable[[str], Reader]
) -> None:
    public = reader("")
    public.get(f"/dataset/{dataset(contact=[{'name': 'Desk', 'email': OFFICE}])}/contact", 404)
    public.get(f"/dataset/{dataset(**FIELDS, private=True)}/contact", 404)
    public.get(f"/dataset/{dataset(**FIELDS, country='US')}/contact", 404)


def test_without_a_mail_server_the_reader_is_told(
    dataset: Callable[..., str], reader: Callable[[str], Reader], ckan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.limit_contacts", 0)
    monkeypatch.setitem(ckan.config, "smtp.server", "127.0.0.1:9")
    name, letter = dataset(**FIELDS), {"email": "a@town.example", "message": "Hello"}
    for sender in (None, "catalogue@rivers.example.gov"):
        monkeypatch.setitem(ckan.config, "smtp.mail_from", sender)
        answer = reader("").post(f"/dataset/{name}/contact", 503, **letter)
        assert "could not be sent" in answer.get_data(as_text=True)
