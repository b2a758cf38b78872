"""No address of ours is one that another extension of CKAN has, or ours gives way to it.

tests/data/routes_of_others.csv has the addresses of extensions, as their releases or repositories had them on
30 November 2026.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

TABLE = Path(__file__).parents[1] / "data" / "routes_of_others.csv"
OURS = "aivision_"
PLACEHOLDER = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>")


def rows() -> Iterator[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


EXTENSIONS = sorted({row["extension"] for row in rows()})


def an_address(rule: str) -> str:
    """An address of a rule: each part that may be anything is a name that nobody else uses."""
    return PLACEHOLDER.sub(lambda found: "7" if found[1] == "int" else "zzz-7", rule)


def owner(adapter: Any, address: str) -> str:
    """The endpoint that an address leads to; empty for none."""
    for method in ("GET", "POST"):
        try:
            endpoint, _ = adapter.match(address, method=method)
        except HTTPException:
            continue
        return str(endpoint)
    return ""


@pytest.fixture
def beside(ckan_application: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Gives the addresses of our pages in a site that has plugins of these names too."""
    import ckan.plugins as plugins

    from ckanext.aivision.plugins import AivisionPlugin

    is_loaded = plugins.plugin_loaded

    def routes(*others: str) -> Any:
        from flask import Flask

        with monkeypatch.context() as patch:
            patch.setattr(plugins, "plugin_loaded", lambda name: name in others or is_loaded(name))
            plugin = plugins.get_plugin("aivision")
            assert isinstance(plugin, AivisionPlugin)
            site = Flask("site")
            for blueprint in plugin.get_blueprint():
                site.register_blueprint(blueprint)
        plugin.get_blueprint()
        return site.url_map

    return routes


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_addresses_of_another_extension_are_not_ours(beside: Any, extension: str) -> None:
    theirs = [row for row in rows() if row["extension"] == extension]
    adapter = beside(*{row["plugin"] for row in theirs}).bind("site.example.gov")
    taken = {row["rule"]: found for row in theirs if (found := owner(adapter, an_address(row["rule"])))}
    assert taken == {}


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_our_addresses_are_not_of_another_extension(beside: Any, extension: str) -> None:
    theirs = [row for row in rows() if row["extension"] == extension]
    ours = beside(*{row["plugin"] for row in theirs})
    adapter = Map([Rule(row["rule"], endpoint=row["file"]) for row in theirs]).bind("site.example.gov")
    taken = {
        rule.rule: found
        for rule in ours.iter_rules()
        if rule.endpoint.startswith(OURS) and (found := owner(adapter, an_address(rule.rule)))
    }
    assert taken == {}


def test_our_pages_are_found_below_aivision_where_another_has_their_addresses(beside: Any) -> None:
    adapter = beside("harvest", "datajson", "sitemap").bind("site.example.gov")
    assert owner(adapter, "/aivision/harvest") == "aivision_harvest.index"
    assert owner(adapter, "/aivision/data.json") == "aivision_data_json.catalogue"
    assert owner(beside().bind("site.example.gov"), "/data.json") == "aivision_data_json.catalogue"
