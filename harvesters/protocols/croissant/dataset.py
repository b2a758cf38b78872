"""A description in Croissant to the record, by schema.org's table and its own (Croissant 1.0 and 1.1, RAI 1.0)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.table import ANY, Raw, Row, meaningful_text, objects
from ckanext.aivision.harvesters.mapping.values import as_list, label
from ckanext.aivision.harvesters.protocols.schema_org.dataset import DATASET, build_dataset, with_identifier
from ckanext.aivision.harvesters.protocols.schema_org.json_ld import Node, plain, types_of
from ckanext.aivision.record import Distribution

_FILE_SET = "FileSet"
_NAME = ("name", "@id")


def _sentences(value: Any) -> str | None:
    """What several texts say, as one."""
    return "\n".join(text for item in as_list(value) if (text := meaningful_text(label(item, _NAME)))) or None


# Croissant says by `conformsTo` which version of it a description follows.
CROISSANT = (
    *DATASET,
    Row("bibliographic_citation", "citeAs", _sentences, ANY),
    Row("collection", "rai:dataCollection", _sentences, ANY),
    Row("collection_type", "rai:dataCollectionType", _sentences, ANY),
    Row("preprocessing", "rai:dataPreprocessingProtocol", _sentences, ANY),
    Row("annotation", "rai:dataAnnotationProtocol", _sentences, ANY),
    Row("limitations", "rai:dataLimitations", _sentences, ANY),
    Row("biases", "rai:dataBiases", _sentences, ANY),
    Row("personal_data", "rai:personalSensitiveInformation", _sentences, ANY),
    Row("uses", "rai:dataUseCases", _sentences, ANY),
    Row("social_impact", "rai:dataSocialImpact", _sentences, ANY),
    Row("maintenance_plan", "rai:dataReleaseMaintenancePlan", _sentences, ANY),
)


def mapper_of(named: dict[str, Node], page: str = "") -> Mapper:
    """How the descriptions of a document are read. named: its nodes by name. page: its address."""
    return Mapper(("identifier",), ("name",), _build, prepared=_preparation(named, page))


def _preparation(named: dict[str, Node], page: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def prepare(raw: dict[str, Any]) -> dict[str, Any]:
        return with_identifier(plain(raw, named), page)

    return prepare


def _build(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of a description; everything is read as far as it goes."""
    files = [item for item in as_list(raw.get("distribution") or []) if not _is_file_set(item)]
    fields = build_dataset({**raw, "distribution": files or None}, where, problems, CROISSANT)
    columns = _columns(raw.get("recordSet"), f"{where}.recordSet", problems)
    places = [_places_of(item) for item in files if isinstance(item, dict)]
    if len(places) == len(fields["distribution"]):
        fields["distribution"] = [
            _with_columns(file, place, columns) for file, place in zip(fields["distribution"], places, strict=True)
        ]
    return fields


def _is_file_set(item: Any) -> bool:
    """A set of files inside another one has no address of its own."""
    return isinstance(item, dict) and _FILE_SET in types_of(item)


def _places_of(item: Raw) -> set[str]:
    return {text for text in (label(item.get("@id"), ()), label(item.get("name"), ())) if text}


def _columns(value: Any, where: str, problems: list[Problem]) -> list[tuple[str, str]]:
    """The fields of all record sets, each with the name of the file that it is taken from; empty if nothing tells."""
    found = []
    for index, record_set in objects(as_list(value) if value else None, where, problems):
        inner = record_set.get("field")
        for _, field in objects(as_list(inner) if inner else None, f"{where}[{index}].field", problems):
            source = field.get("source")
            file = source.get("fileObject") or source.get("distribution") if isinstance(source, dict) else None
            name = label(field, _NAME)
            if name:
                found.append((name, label(file, ("@id", "name")) or ""))
    return found


def _with_columns(file: Distribution, names: set[str], columns: list[tuple[str, str]]) -> Distribution:
    own = [name for name, source in columns if source in names]
    return msgspec.structs.replace(file, columns=own) if own and not file.columns else file
