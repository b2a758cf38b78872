"""Saved metadata: data.json, CKAN's answers and dumps, pages of the catalog.data.gov search, gzipped or not."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing import entries
from ckanext.aivision.harvesters.parsing.json_text import JsonText
from ckanext.aivision.harvesters.protocols.ckan.package import CKAN
from ckanext.aivision.harvesters.protocols.dcat_us.data_json import DcatUsCatalogues
from ckanext.aivision.harvesters.protocols.dcat_us.editions import mapper_of
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested


def records(
    chunks: Iterator[str], source: Source, shape: entries.Shape, catalogues: DcatUsCatalogues | None = None
) -> Iterator[Harvested]:
    """The records of a document of that shape.

    chunks: its text in pieces. catalogues: of the reading that the document is a part of.
    Raises SourceError if it is not of that shape, or breaks off.
    """
    if shape == entries.CATALOGUE:
        yield from (catalogues or DcatUsCatalogues(source)).read(JsonText(chunks, source.name))
        return
    found = _entries(chunks, source, shape)
    if shape.kind == "uk-metadata-exchange":
        # The model's tables are for those who read it.
        from ckanext.aivision.harvesters.protocols.uk_metadata_exchange import dataset as uk_metadata_exchange

        yield from uk_metadata_exchange.records(found, source)
        return
    for entry in found:
        if shape == entries.SEARCH:
            entry = _inner(entry)
        yield harvested(entry, source, CKAN if shape.kind == "ckan" else mapper_of(entry.raw, source))


def _entries(chunks: Iterator[str], source: Source, shape: entries.Shape) -> Iterator[entries.Entry]:
    if shape.layout == "yaml":
        return entries.yaml_entries(chunks, source.name)
    if shape.layout == "lines":
        return entries.lines(chunks, source.name)
    return entries.entries(JsonText(chunks, source.name), shape, source.name)


def _inner(entry: entries.Entry) -> entries.Entry:
    """The DCAT-US record inside a result of the search."""
    raw = entry.raw.get("dcat") if isinstance(entry.raw, dict) else None
    return entry._replace(raw=raw, where=f"{entry.where}.dcat")
