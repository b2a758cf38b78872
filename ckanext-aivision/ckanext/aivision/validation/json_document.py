"""Check JSON and YAML documents in constant memory: each original record, then the catalogue around them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

from ckanext.aivision.errors import Problem, SourceError, UsageError
from ckanext.aivision.harvesters.mapping.table import describe_value
from ckanext.aivision.harvesters.parsing import entries
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.parsing.json_text import JsonText
from ckanext.aivision.harvesters.parsing.other_documents import name_other
from ckanext.aivision.harvesters.parsing.repair import is_sound, repaired
from ckanext.aivision.harvesters.protocols.dcat_us import KIND as DCAT_US
from ckanext.aivision.harvesters.protocols.dcat_us.data_json import CATALOGUE, LISTS, MAX_CATALOGUES
from ckanext.aivision.harvesters.protocols.dcat_us.editions import Edition, edition_of
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.recognition import Recognised, protocol_of, recognise_document
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.validation import findings
from ckanext.aivision.validation.standards import Standard, default, table

# Values that one record may have, counted by their commas: what checks it holds all of it once more.
MOST_VALUES = 2_000_000
_CHOOSE = "omit --standard, or choose another one"


class Part(NamedTuple):
    """A thing to check. part: of the standard's parts. where: a JSON path. problems: what the reader mended or refused.

    value: JSON types; None if it could not be read.
    """

    standard: Standard
    part: str
    where: str
    value: Any
    problems: list[Problem]


class JsonDocument:
    """One document of JSON or YAML.

    remarks: what is to be told of it as a whole, known at the end.
    """

    def __init__(self, name: str, chosen: Standard | None) -> None:
        """name: of the document in messages. chosen: the standard that somebody has named."""
        self._name, self._chosen = name, chosen
        self.remarks: list[str] = []

    def parts(self, document: Document) -> Generator[Part, None, None]:
        """Its records in their order, then what stands around them.

        Raises UsageError if no standard is known for what it is; SourceError where it is not what it should be, or
        breaks off.
        """
        protocol, shape = self._recognise(document.head)
        if shape.layout == CATALOGUE.layout:
            text = JsonText(document.text(), self._name)
            entries.refuse_page(text, self._name)
            yield from self._catalogue(text, "$", Edition(), 1)
            entries.refuse_more(text, self._name)
            return
        for entry in protocol.entries(document, shape):
            yield part_of(protocol.published(entry), self._chosen, protocol.kind.name)

    def _recognise(self, head: Head) -> Recognised:
        chosen = self._chosen
        found = recognise_document(head, chosen.kind if chosen is not None else "") or self._unrecognised(head)
        if found is None:
            raise UsageError(f"{self._name}: {self._refuse(head)}")
        kind = standards_of(found.protocol.kind.name)
        if chosen is not None and chosen.kind != kind:
            raise UsageError(f"{self._name}: this is {kind}, and {chosen.name} is for {chosen.kind}; {_CHOOSE}")
        if not is_by_schema(kind):
            raise UsageError(f"{self._name}: {found.protocol.no_standard}")
        return found

    def _unrecognised(self, head: Head) -> Recognised | None:
        """What a document is that is no whole document of a kind: records of one, or what somebody has chosen."""
        kinds = [self._chosen.kind] if self._chosen is not None else KINDS
        for protocol in map(protocol_of, kinds):
            shape = protocol.validated_shape(head, is_stated=self._chosen is not None)
            if shape is not None:
                return Recognised(protocol, shape)
        return None

    def _refuse(self, head: Head) -> str:
        """Why nothing tells by which standard a document is to be checked."""
        if other := name_other(head, self._name):
            return other
        if head.first in ("", "<"):
            # Web pages and empty files get the same message as everywhere else.
            entries.refuse_page(JsonText(iter((head.text,)), self._name), self._name)
        names = sorted(head.members) if head.first in ("{", "[") else []
        seen = entries.has(names) if names else f"it begins with {describe_value(head.text.lstrip()[:20])!r}"
        return f"shows no standard ({seen}); name one with --standard, if it keeps to any"

    def _catalogue(self, text: JsonText, path: str, edition: Edition, depth: int) -> Iterator[Part]:
        if depth > MAX_CATALOGUES:
            raise SourceError(f"{self._name}: more than {MAX_CATALOGUES} catalogues inside each other at {path}")
        around: dict[str, Any] = {}
        problems: list[Problem] = []
        standard = self._chosen
        for member in text.members():
            if member in LISTS and text.peek() == "[":
                edition.note(member, None)
                around[member] = []
                for index, _ in enumerate(text.items()):
                    where = f"{path}.{member}[{index}]"
                    if member == "catalog" and text.peek() == "{":
                        yield from self._catalogue(text, where, Edition(edition), depth + 1)
                        continue
                    entry = _entry(text, where)
                    standard = standard or _edition_standard(edition.name, entry.raw)
                    if member in standard.parts:
                        yield _checked(entry, standard, member)
            else:
                entry = _entry(text, f"{path}.{member}")
                around[member], found = _fit(entry)
                problems += found
                edition.note(member, around[member])
        self._tell_late(standard, edition)
        standard = standard or _edition_standard(edition.name, around)
        yield Part(standard, findings.CATALOGUE, path, around, problems)

    def _tell_late(self, standard: Standard | None, edition: Edition) -> None:
        if self._chosen is None and standard is not None and edition.name not in ("", standard.edition):
            self.remarks.append(
                f"says after its records that it is DCAT-US {edition.name}, and they were checked by {standard.title}; "
                "put `conformsTo` before them, or say --standard"
            )


def standards_of(kind: str) -> str:
    """The kind whose rows of config/standards.yaml the records of a kind are checked by."""
    return protocol_of(kind).standards or kind


def is_by_schema(kind: str) -> bool:
    """Whether records of a kind can be checked one by one, by a JSON Schema."""
    return any(row.kind == standards_of(kind) and row.language == "json-schema" for row in table().standards.values())


def part_of(entry: entries.Entry, chosen: Standard | None, kind: str) -> Part:
    """A record that stands for itself. kind: of its document, where nobody has chosen a standard."""
    protocol = protocol_of(chosen.kind if chosen is not None else kind)
    edition, part = protocol.part_of(entry.raw)
    standard = chosen or default(standards_of(kind), edition)
    assert standard is not None
    return _checked(entry, standard, part)


def _edition_standard(edition: str, raw: Any) -> Standard:
    """The standard of an edition that the catalogue has told, or that the record shows; else 1.1."""
    shown = edition or (edition_of(raw) if isinstance(raw, dict) else "")
    found = default(DCAT_US.name, shown or "1.1")
    assert found is not None
    return found


def _entry(text: JsonText, where: str) -> entries.Entry:
    raw = text.value()
    if text.last_text().count(",") > MOST_VALUES:
        raw, fault = None, f"has more than {MOST_VALUES:,} values and is not checked: give fewer"
        return entries.Entry(where, raw, frozenset(), fault, "record-too-large")
    entry = entries.Entry(where, raw, frozenset(text.mended), sound=is_sound(text))
    text.mended.clear()
    return entry


def _checked(entry: entries.Entry, standard: Standard, part: str) -> Part:
    value, problems = _fit(entry)
    return Part(standard, part, entry.where, value, problems)


def _fit(entry: entries.Entry) -> tuple[Any, list[Problem]]:
    """A value as it can be checked, and what was mended in it."""
    if entry.fault:
        return None, [Problem(entry.code, entry.where, entry.fault, "error")]
    return (entry.raw, []) if entry.sound else repaired(entry.raw, entry.mended, entry.where)
