"""Whole catalogues in JSON standards, piece by piece: a dataset is in memory only while it is written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, NamedTuple

import msgspec
import yaml
from pyoxigraph import Triple

from ckanext.aivision.normalise.web.credentials import mask_record
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.json_standards import dcat_us, uk_model, vocabulary
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, MEDIA_TYPES, pieces
from ckanext.aivision.serialise.rdf.uk_graph import uk_triples

# What is listed beside the datasets waits for its turn, on disk beyond so many bytes.
_IN_MEMORY = 1_000_000
_PIECE = 64 * 1024
_encode_object = msgspec.json.Encoder().encode


def _encode(value: Any) -> bytes:
    """A record in JSON. What was stored before credentials were masked may hold some."""
    return _encode_object(mask_record(value, "$")[0])


class About(NamedTuple):
    """What a catalogue says of itself: its title, its address, and the namespace of our own terms."""

    title: str
    address: str
    namespace: str = ""


class Document(NamedTuple):
    """A document that can be written. mimetype: of its text. standard: a name of config/serialise/."""

    standard: str
    mimetype: str
    write: Callable[[Iterable[Dataset], About], Iterator[bytes]]


def _head_1_1(about: About) -> dict[str, Any]:
    """The catalogue's own members (DCAT-US 1.1, Catalog Fields). `conformsTo` comes before the records."""
    return {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@id": about.address,
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "describedBy": "https://project-open-data.cio.gov/v1.1/schema/catalog.json",
        "title": about.title,
    }


def _head_3(about: About) -> dict[str, Any]:
    """The context declares the prefixes of members beyond the standard, which itself has none (3.0.0, JSON)."""
    return {
        "@context": vocabulary.context(about.namespace or vocabulary.namespace(about.address)),
        "@id": about.address,
        "@type": "Catalog",
        "conformsTo": {"@type": "Standard", "@id": "https://resources.data.gov/dcat-us/3.0.0/", "title": "DCAT-US 3.0"},
        "title": about.title,
    }


_HEADS = {"dcat-us-1.1": _head_1_1, "dcat-us-3": _head_3}


def _dcat_us(name: str) -> Callable[[Iterable[Dataset], About], Iterator[bytes]]:
    def write(datasets: Iterable[Dataset], about: About) -> Iterator[bytes]:
        others: dict[str, IO[bytes]] = {}
        try:
            yield _encode(_HEADS[name](about))[:-1] + b',"dataset":['
            between = b"\n"
            for dataset in datasets:
                listed, record = dcat_us.to_dcat_us(dataset, name)
                if listed == "dataset":
                    yield between + _encode(record)
                    between = b",\n"
                else:
                    _keep(others, listed, _encode(record))
            yield b"\n]"
            for listed, file in others.items():
                yield f',"{listed}":['.encode()
                file.seek(0)
                yield from iter(lambda file=file: file.read(_PIECE), b"")  # type: ignore[misc]
                yield b"\n]"
            yield b"}\n"
        finally:
            for file in others.values():
                file.close()

    return write


def _keep(others: dict[str, IO[bytes]], listed: str, record: bytes) -> None:
    file = others.get(listed)
    if file is None:
        file = others[listed] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by the caller
        file.write(b"\n")
    else:
        file.write(b",\n")
    file.write(record)


def _uk_json(datasets: Iterable[Dataset], about: About) -> Iterator[bytes]:
    """A list of records: each dataset, followed by its distributions."""
    yield b"["
    between = b"\n"
    for dataset in datasets:
        for record in uk_model.to_uk_model(dataset):
            yield between + _encode(record)
            between = b",\n"
    yield b"\n]\n"


def _uk_yaml(datasets: Iterable[Dataset], about: About) -> Iterator[bytes]:
    empty = True
    for dataset in datasets:
        yield _yaml_items(uk_model.to_uk_model(dataset))
        empty = False
    if empty:
        yield b"[]\n"


def _yaml_items(records: list[dict[str, Any]]) -> bytes:
    """The items of a list in YAML: those of several calls make one list."""
    records = mask_record(records, "$")[0]
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(records, Dumper=dumper, sort_keys=False, allow_unicode=True, width=120)
    return text.encode("utf-8", "replace")


def _uk_rdf(syntax: str) -> Callable[[Iterable[Dataset], About], Iterator[bytes]]:
    def write(datasets: Iterable[Dataset], about: About) -> Iterator[bytes]:
        return pieces(_uk_triples(datasets, about.address), FORMATS[syntax])

    return write


def _uk_triples(datasets: Iterable[Dataset], address: str) -> Iterator[Triple]:
    for number, dataset in enumerate(datasets):
        records: list[dict[str, Any]] = mask_record(uk_model.to_uk_model(dataset), "$")[0]
        yield from uk_triples(records, address, f"d{number}")


# By the end of a dataset's address (`/dataset/NAME/dcat-us.json`).
DOCUMENTS = {
    "dcat-us.json": Document("dcat-us-1.1", "application/json", _dcat_us("dcat-us-1.1")),
    "dcat-us-3.json": Document("dcat-us-3", "application/json", _dcat_us("dcat-us-3")),
    "uk-metadata-exchange.json": Document(uk_model.NAME, "application/json", _uk_json),
    "uk-metadata-exchange.yaml": Document(uk_model.NAME, "application/yaml", _uk_yaml),
    **{
        f"uk-metadata-exchange.{syntax}": Document(uk_model.NAME, mimetype, _uk_rdf(syntax))
        for syntax, mimetype in MEDIA_TYPES.items()
    },
}
