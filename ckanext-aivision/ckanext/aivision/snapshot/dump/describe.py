"""What a dump says of itself: a record as a steward fills it in, in DCAT, Croissant and schema.org."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any, NamedTuple

import yaml
from pyoxigraph import NamedNode

from ckanext.aivision.compare.table.columns import columns as evaluation_columns
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.package import from_package
from ckanext.aivision.serialise.rdf.catalogue import Entry, dataset_triples
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, document
from ckanext.aivision.serialise.tables.parquet import DISTRIBUTIONS, RECORDS, distribution_columns
from ckanext.aivision.serialise.tables.record_columns import columns as record_columns
from ckanext.aivision.serialise.web.catalogued import Catalogued, read_form_fields
from ckanext.aivision.serialise.web.croissant import to_croissant
from ckanext.aivision.serialise.web.schema_org import to_schema_org
from ckanext.aivision.serialise.web.script import to_script
from ckanext.aivision.snapshot.dump.dump_files import EVALUATIONS, Dump, DumpFile, kinds

_EU_COUNTRY = "http://publications.europa.eu/resource/authority/country/"
_COUNTRIES = {"US": f"{_EU_COUNTRY}USA", "GB": f"{_EU_COUNTRY}GBR"}
# Nested columns have no type of Croissant.
_NESTED = ("STRUCT", "MAP")
_LIST = "[]"
_INDENT = 2  # people look at these too
_TYPES = {"VARCHAR": "text", "TIMESTAMP": "datetime"}


class About(NamedTuple):
    """The site whose catalogue it is. address, page: of the site, and of the dump. operator: its name, or the site's
    title. contact: an e-mail address or a web address; empty if none is given. code: where the software's source is."""

    title: str
    address: str
    page: str
    operator: str
    contact: str = ""
    code: str = ""


class Column(NamedTuple):
    """A column of a table. type: of DuckDB."""

    name: str
    type: str
    text: str


def table_columns() -> dict[str, list[Column]]:
    """The columns of each table of a dump, by the name of its file."""
    listed: dict[str, Callable[[], Any]] = {
        RECORDS: record_columns,
        DISTRIBUTIONS: distribution_columns,
        EVALUATIONS: lambda: evaluation_columns(load().criteria, DIMENSIONS),
    }
    return {name: [Column(*column) for column in give()] for name, give in listed.items()}


def description(dump: Dump, about: About) -> tuple[Dataset, Catalogued]:
    """The record of a dump, and what its catalogue knows of it."""
    package = _package(dump, about)
    catalogued = Catalogued(
        id=about.page,
        page=about.page,
        catalogue=about.title,
        catalogue_url=about.address,
        form=read_form_fields(package),
    )
    return from_package(package), catalogued


def to_documents(record: Dataset, catalogued: Catalogued) -> dict[str, bytes]:
    """The description in each standard, by the names of `dump_files.DESCRIPTIONS`."""
    return {
        "dcat.ttl": _to_turtle(record, catalogued.page),
        "croissant.jsonld": to_script(to_croissant(record, catalogued), _INDENT).encode(),
        "schema-org.jsonld": to_script(to_schema_org(record, catalogued), _INDENT).encode(),
    }


def _to_turtle(record: Dataset, page: str) -> bytes:
    """DCAT-AP 3."""
    files = [NamedNode(f"{page}{kind.name}#distribution") for kind in kinds()]
    return document(dataset_triples(Entry(record, NamedNode(page), files), "dcat-ap-3"), FORMATS["ttl"])


def _package(dump: Dump, about: About) -> dict[str, Any]:
    """A package as `package_show` gives one, by config/dump/description.yaml."""
    words = {
        "site": about.title,
        "datasets": f"{dump.datasets:,}",
        "coverage": f"{100 * dump.coverage:.0f}",
        "day": dump.day,
        "rubric": dump.rubric_version,
        "publisher": about.operator,
        "address": about.page,
    }
    contact = {"name": about.operator, **_contact(about.contact)} if about.contact else None
    return {
        **{field: _filled(value, words) for field, value in _described().items()},
        "type": "dataset",
        "identifier": about.page,
        "url": about.page,
        "documentation": [f"{about.address.rstrip('/')}/dumps"],
        "publisher": [{"name": about.operator, "url": about.address, "uri": about.address}],
        "creator": [{"name": about.operator, "identifier": about.address}],
        "contact": [contact] if contact else [],
        "license_id": dump.licence,
        "issued": dump.day,
        "modified": dump.made.isoformat(),
        "temporal_coverage": [{"start": dump.day, "end": dump.day}],
        "spatial_coverage": [{"uri": _COUNTRIES[code]} for code in dump.countries if code in _COUNTRIES],
        "next_update": (dump.made.date() + datetime.timedelta(days=1)).isoformat(),
        # Without zeros it reads as a version of https://semver.org/.
        "version": f"{dump.made.year}.{dump.made.month}.{dump.made.day}",
        "series": f"{about.address.rstrip('/')}/dumps",
        "source": [f"{about.address.rstrip('/')}/catalog"],
        "code_repository": about.code,
        "resources": [_resource(dump, file, about) for file in dump.files],
    }


def _resource(dump: Dump, file: DumpFile, about: About) -> dict[str, Any]:
    kind = next(kind for kind in kinds() if kind.name == file.name)
    found = table_columns().get(file.name, [])
    return {
        "id": file.name,
        "name": kind.title,
        "description": kind.text,
        "url": f"{about.page}{file.name}",
        "download_url": f"{about.page}{file.name}",
        "access_url": about.page,
        "format": kind.format,
        "mimetype": kind.media_type,
        "size": str(file.size),
        "hash": file.sha256,
        "hash_algorithm": "SHA-256",
        "license": dump.licence,
        "modified": dump.day,
        "described_by": f"{about.page}croissant.jsonld",
        "described_by_type": "application/ld+json",
        "columns": "\n".join(_line(column) for column in found if not _is_nested(column)),
    }


def _line(column: Column) -> str:
    """A line of the form's data dictionary."""
    return f"{column.name} | {_TYPES.get(column.type, column.type.lower())} | {' '.join(column.text.split())}"


def _is_nested(column: Column) -> bool:
    return column.type.startswith(_NESTED) or column.type.endswith(_LIST)


def _contact(text: str) -> dict[str, str]:
    return {"url": text} if "://" in text else {"email": text}


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    return value.format(**words) if isinstance(value, str) else value


@functools.cache
def _described() -> dict[str, Any]:
    path = resources.files("ckanext.aivision.config") / "dump" / "description.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found
