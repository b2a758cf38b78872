"""What is not public leaves no trace in what everybody can ask: figures, lists, trends, documents."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from tests.records import record

# Of when and how a figure was worked out, and not of what.
_MOMENTS = {"as_of", "made", "time", "moment", "snapshot", "computed", "next", "etag", "generated"}
PAGES = ("/sitemap-datasets.xml", "/data.json", "/uk-metadata-exchange.json", "/best-practice/coverage", "/catalog.nt")


@pytest.fixture(autouse=True)
def no_limits(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to come back later."""
    for limit in ("filters", "files", "catalogues", "pages"):
        for name in (limit, f"{limit}_of_all"):
            monkeypatch.setitem(ckan.config, f"ckanext.aivision.limit_{name}", 0)


@pytest.fixture
def answers(ckan_application: Any, ckan: Any, reader: Any) -> Callable[[], dict[str, str]]:
    """What everybody is told by each action that needs no parameter, and by pages about all datasets."""
    from ckanext.aivision.logic.accept import parameters_of
    from ckanext.aivision.logic.auth import is_public
    from ckanext.aivision.plugins import AivisionPlugin

    names = [name for name in AivisionPlugin().get_actions() if is_public(name)]
    plain = [name for name in names if not any(p.required for p in parameters_of(ckan.get_action(name)).values())]

    def ask() -> dict[str, str]:
        anonymous = reader("")
        found = {}
        for name in plain:
            answer = anonymous._ask("GET", f"/api/3/action/{name}", headers={})
            found[name] = json.dumps(_without_moments(answer.get_json().get("result")), sort_keys=True)
        return found | {path: anonymous.get(path).get_data(as_text=True) for path in PAGES}

    return ask


def _without_moments(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_moments(one) for key, one in value.items() if key not in _MOMENTS}
    return [_without_moments(one) for one in value] if isinstance(value, list) else value


def test_a_private_dataset_and_a_draft_change_no_figure_and_are_named_nowhere(
    answers: Any, dataset: Any, snapshot: Any, figures_of_two: str, reader: Any
) -> None:
    secret = f"Secret office {uuid.uuid4().hex[:8]}"
    snapshot()
    before = answers()
    for fields in ({"private": True}, {"state": "draft"}):
        dataset(title=secret, publisher=[{"name": secret}], country="US", license_id="none", **fields)
    snapshot()
    after = answers()
    assert [name for name, text in after.items() if secret in text] == []
    figures = [name for name in before if name.startswith("aivision_")]
    assert [name for name in figures if before[name] != after[name]] == []


@pytest.mark.parametrize("role", ["anonymous", "stranger"])
@pytest.mark.parametrize("fields", [{"private": True}, {"state": "draft"}], ids=["private", "draft"])
def test_pages_of_a_dataset_that_is_not_public_are_those_of_none(
    dataset: Any, reader: Any, person: Any, fields: dict[str, Any], role: str
) -> None:
    somebody = reader(person() if role == "stranger" else "")
    found = {}
    for name in (dataset(title="Secret levels", **fields), f"no-such-levels-{uuid.uuid4().hex[:8]}"):
        paths = ("files", "score-sheet", "objection/licence-open", "source-record", "citation.bib")
        answers = [somebody.get(f"/dataset/{name}/{path}", 404) for path in paths]
        found[name] = [answer.get_data(as_text=True).replace(name, "NAME") for answer in answers]
    token = re.compile(r"[\w-]{40,}\.[\w-]+\.[\w-]+")
    first, second = ([token.sub("TOKEN", text) for text in texts] for texts in found.values())
    assert first == second


@pytest.mark.parametrize("fields", [{"private": True}, {"state": "draft"}], ids=["private", "draft"])
def test_trends_of_a_publisher_without_public_datasets_are_those_of_none(
    dataset: Any, snapshot: Any, reader: Any, fields: dict[str, Any]
) -> None:
    secret = f"Secret office {uuid.uuid4().hex[:8]}"
    dataset(title="Levels", publisher=[{"name": secret}], **fields)
    snapshot()
    texts = {
        json.dumps(reader("").get(f"/api/3/action/aivision_trend_list?publisher={name}").get_json()["result"])
        for name in (secret, f"No such office {uuid.uuid4().hex[:8]}")
    }
    assert len(texts) == 1


def test_the_path_of_a_file_on_the_server_is_in_nothing_that_is_given_out(
    ckan: Any, reader: Any, answers: Any, tmp_path: Any, latest: Any
) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import Source

    file = tmp_path / "secret-share" / "data.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"dataset": [record(1)]}))
    name = f"rivers-{uuid.uuid4().hex[:8]}"
    harvest_into_ckan(Source(name=name, url=str(file), kind="dcat-us", profile="dcat-us-1.1", country="US"))
    assert [name for name, text in answers().items() if "secret-share" in text] == []
    found = ckan.get_action("package_search")({"user": ""}, {"rows": 1000})["results"]
    assert "secret-share" not in json.dumps(found)
    assert "secret-share" not in json.dumps(latest(name))


def test_a_preview_asks_nothing_on_a_private_network(ckan: Any, source: Any, serve: Callable[..., str]) -> None:
    from ckanext.aivision.catalogue.ckan import stored_previews as previews
    from ckanext.aivision.catalogue.ckan.harvest_job import preview_job

    asked: list[str] = []
    address = serve(lambda request: asked.append(request.path)).replace("127.0.0.1", "localhost")
    name = source(url=f"{address}/data.json")
    preview_job(previews.ask(name))
    shown = ckan.get_action("aivision_preview_show")({"ignore_auth": True}, {"name": name})
    assert "is not on the public Internet" in str(shown)
    assert "127.0.0.1" not in str(shown)
    assert asked == []
