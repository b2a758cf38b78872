"""The products' own forms: no value is dropped without a word, and every field of a table is read from its member."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from ckanext.aivision.harvesters.mapping.links import LINK
from ckanext.aivision.harvesters.protocols.arcgis_hub.item import ITEM
from ckanext.aivision.harvesters.protocols.croissant.dataset import CROISSANT
from ckanext.aivision.harvesters.protocols.ogc_records.record import RECORD
from ckanext.aivision.harvesters.protocols.opendatasoft import dataset as ods
from ckanext.aivision.harvesters.protocols.schema_org.dataset import FILE
from ckanext.aivision.harvesters.protocols.socrata import asset
from ckanext.aivision.harvesters.protocols.stac.collection import COLLECTION
from ckanext.aivision.record import Harvested

Read = Callable[..., list[Harvested]]
ODD: dict[str, Any] = {
    "text": "ZZQX 9",
    "an object": {"odd": "ZZQX 9"},
    "objects": [{"odd": "ZZQX 9"}],
    "two": ["Good", "ZZQX 9"],
    "a number": 987654321,
}
CONTEXT = {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"}


def nested(key: str, value: Any, levels: tuple[str, ...], base: dict[str, Any]) -> dict[str, Any]:
    """A record with a value at a dotted place."""
    record = json.loads(json.dumps(base))
    level = max((level for level in levels if key.startswith(f"{level}.")), key=len, default="")
    target = record
    for part in filter(None, level.split(".")):
        target = target.setdefault(part, {})
    target[key.removeprefix(f"{level}.") if level else key] = value
    return record


def of_socrata(key: str, value: Any) -> Any:
    metadata = {"domain": "data.example.org"}
    base = {"resource": {"id": "a", "name": "Trees", "type": "dataset"}, "classification": {}, "metadata": metadata}
    return {"results": [nested(key, value, ("resource", "classification", "metadata"), base)]}


def of_socrata_portal(key: str, value: Any) -> Any:
    return of_socrata("classification.domain_metadata", [{"key": f"Common-Core_{key}", "value": value}])


def of_opendatasoft(key: str, value: Any) -> Any:
    base = {"dataset_id": "a", "metas": {"default": {"title": "Trees"}}}
    return {"results": [nested(key, value, ("metas", "metas.default", "metas.dcat", "metas.custom"), base)]}


def of_attachment(key: str, value: Any) -> Any:
    base = {"dataset_id": "a", "metas": {"default": {"title": "Trees"}}}
    return {"results": [{**base, "attachments": [{key: value}]}]}


def of_arcgis(key: str, value: Any) -> Any:
    base = {"id": "a", "properties": {"title": "Trees", "orgId": "Q", "culture": ""}}
    return {"features": [nested(key, value, ("properties",), base)]}


def of_ogc(key: str, value: Any) -> Any:
    base = {"id": "a", "properties": {"title": "Trees", "formats": []}}
    return {"features": [nested(key, value, ("properties", "time"), base)]}


def of_link(key: str, value: Any) -> Any:
    link = {"rel": "enclosure", "href": "https://a.example.gov/a.csv", key: value}
    return {"features": [{"id": "a", "properties": {"title": "Trees", "formats": []}, "links": [link]}]}


def of_stac(key: str, value: Any) -> Any:
    levels = ("extent", "extent.spatial", "extent.temporal", "summaries")
    base = {"stac_version": "1.0.0", "type": "Collection", "id": "a", "title": "Trees"}
    return {"collections": [nested(key, value, levels, base)]}


def of_croissant(key: str, value: Any) -> Any:
    return {"@context": CONTEXT, "@type": "Dataset", "identifier": "a", "name": "Trees", key: value}


def of_file(key: str, value: Any) -> Any:
    return of_croissant("distribution", [{"@type": "cr:FileObject", "@id": "f", key: value}])


def cases() -> Iterator[tuple[Callable[[str, Any], Any], str]]:
    yield from ((of_socrata, key) for key in (*asset.DATASET, "resource.attribution", "resource.columns_name"))
    yield from ((of_socrata_portal, key) for key in asset.CUSTOM)
    yield from ((of_opendatasoft, row.key) for row in ods.DATASET.values())
    yield from ((of_attachment, key) for key in ods.ATTACHMENT)
    yield from ((of_arcgis, row.key) for row in ITEM)
    yield from ((of_ogc, row.key) for row in RECORD)
    yield from ((of_link, key) for key in LINK if key != "href")
    yield from ((of_stac, row.key) for row in COLLECTION if row.field != "columns")
    yield from ((of_croissant, row.key) for row in CROISSANT if row.field not in ("columns",))
    yield from ((of_file, row.key) for row in FILE)


@pytest.mark.long
@pytest.mark.parametrize(("document", "key"), list(cases()))
def test_a_value_is_read_or_quoted(document: Callable[[str, Any], Any], key: str, read: Read) -> None:
    for name, odd in ODD.items():
        [record] = read(document(key, odd), "sample.json")
        assert record.dataset is not None, record.problems
        kept = msgspec.structs.replace(record.dataset, raw={})
        told = json.dumps([msgspec.to_builtins(kept), msgspec.to_builtins(record.problems)])
        assert ("987654321" if name == "a number" else "ZZQX 9") in told, (key, name, record.problems)


def test_two_members_that_say_a_thing_differently_are_told(read: Read) -> None:
    document = of_opendatasoft("metas.default.update_frequency", "daily")
    document["results"][0]["metas"]["dcat"] = {"accrualperiodicity": "monthly"}
    [record] = read(document, "sample.json")
    assert record.dataset is not None
    assert record.dataset.accrual_periodicity is not None
    assert record.dataset.accrual_periodicity.original == "daily"
    assert [(problem.code, problem.seen) for problem in record.problems] == [("value-unused", "monthly")]


@pytest.mark.parametrize("make", [of_socrata, of_opendatasoft, of_arcgis, of_ogc, of_stac, of_croissant])
def test_a_country_is_not_guessed(make: Callable[[str, Any], Any], read: Read) -> None:
    [record] = read(make("keywords", ["trees"]), "sample.json")
    assert record.dataset is not None
    assert record.dataset.country == ""
