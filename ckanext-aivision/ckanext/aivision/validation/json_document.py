"""Check JSON and YAML documents in constant memory: each original record, then the catalogue around them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

from ckanext.aivision.errors import Problem, SourceError, UsageError
from ckanext.aivision.harvesters.mapping.table import shown
from ckanext.aivision.harvesters.parsing import entries
from ckanext.aivision.harvesters.parsing.json_text import JsonText
from ckanext.aivision.harvesters.parsing.repair import is_sound, repaired
from ckanext.aivision.harvesters.protocols.dcat_us.data_json import LISTS, MAX_CATALOGUES
from ckanext.aivision.harvesters.protocols.dcat_us.editions import Edition, edition_of
from ckanext.aivision.harvesters.protocols.uk_metadata_exchange.model import class_of
from ckanext.aivision.validation.findings import CATALOGUE
from ckanext.aivision.validation.standards import Standard, default

DCAT_US, UK = "dcat-us", "uk-metadata-exchange"
_RECORD = "dataset"
# Values that one record may have, counted by their commas: what checks it holds all of it once more.
MOST_VALUES = 2_000_000
# One record of DCAT-US, or a list of them: no catalogue stands around it.
_CHOOSE = "omit --standard, or choose another one"
_ONE = entries.Shape(DCAT_US, (), "one")
_LIST = entries.Shape(DCAT_US, (), "list")


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

    def parts(self, head: str, chunks: Iterator[str]) -> Generator[Part, None, None]:
        """Its records in their order, then what stands around them.

        head: its beginning. chunks: all of its text, in pieces.
        Raises UsageError if no standard is known for what it is; SourceError where it is not what it should be, or
        breaks off.
        """
        shape = self._shape(head)
        if shape == entries.CATALOGUE:
            text = JsonText(chunks, self._name)
            entries.refuse_page(text, self._name)
            yield from self._catalogue(text, "$", Edition(), 1)
            entries.refuse_more(text, self._name)
            return
        for entry in self._entries(chunks, shape):
            yield self._of_entry(entry, shape)

    def _shape(self, head: str) -> entries.Shape:
        shape = entries.shape_of(head)
        chosen = self._chosen
        if shape == entries.UNKNOWN and (chosen is None or chosen.kind == DCAT_US):
            shape = _records_shape(head)
        if chosen is not None and shape == entries.UNKNOWN:
            is_list = chosen.kind == DCAT_US and head.lstrip().startswith("[")
            return _LIST if is_list else entries.stated(chosen.kind, head)
        kind = DCAT_US if shape == entries.SEARCH else shape.kind
        if chosen is not None and chosen.kind != kind:
            raise UsageError(f"{self._name}: this is {kind}, and {chosen.name} is for {chosen.kind}; {_CHOOSE}")
        if kind == "ckan":
            raise UsageError(
                f"{self._name}: this is in CKAN's own form, for which there is no official schema; validate what the "
                "portal gives out as DCAT (its address with /catalog.ttl), or use `aivision score`"
            )
        if shape == entries.UNKNOWN:
            if head.lstrip()[:1] in ("", "<"):
                # What a web page or an empty file is told is told here as anywhere.
                entries.refuse_page(JsonText(iter((head,)), self._name), self._name)
            names = sorted(entries.member_names(head))
            seen = entries.has(names) if names else f"it begins with {shown(head.lstrip()[:20])!r}"
            raise UsageError(f"{self._name}: shows no standard ({seen}); name one with --standard, if it keeps to any")
        return shape

    def _entries(self, chunks: Iterator[str], shape: entries.Shape) -> Iterator[entries.Entry]:
        if shape.layout == "yaml":
            return entries.yaml_entries(chunks, self._name)
        if shape.layout == "lines":
            return entries.lines(chunks, self._name)
        return entries.entries(JsonText(chunks, self._name), shape, self._name)

    def _of_entry(self, entry: entries.Entry, shape: entries.Shape) -> Part:
        if shape == entries.SEARCH:
            inner = entry.raw.get("dcat") if isinstance(entry.raw, dict) else None
            entry = entry._replace(raw=inner, where=f"{entry.where}.dcat")
        return part_of(entry, self._chosen, shape.kind)

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
        yield Part(standard, CATALOGUE, path, around, problems)

    def _tell_late(self, standard: Standard | None, edition: Edition) -> None:
        if self._chosen is None and standard is not None and edition.name not in ("", standard.edition):
            self.remarks.append(
                f"says after its records that it is DCAT-US {edition.name}, and they were checked by {standard.title}; "
                "put `conformsTo` before them, or say --standard"
            )


def part_of(entry: entries.Entry, chosen: Standard | None, kind: str) -> Part:
    """A record that stands for itself. kind: of its document, where nobody has chosen a standard."""
    raw = entry.raw if isinstance(entry.raw, dict) else {}
    if (chosen.kind if chosen is not None else kind) == UK:
        standard = chosen or default(UK)
        assert standard is not None
        return _checked(entry, standard, class_of(raw))
    return _checked(entry, chosen or _edition_standard("", raw), _RECORD)


def _records_shape(head: str) -> entries.Shape:
    """DCAT-US without a catalogue around it, where the members of the first object show that."""
    names = entries.member_names(head)
    if not edition_of(dict.fromkeys(names)) or names & set(LISTS):
        return entries.UNKNOWN
    return _LIST if head.lstrip().startswith("[") else _ONE


def _edition_standard(edition: str, raw: Any) -> Standard:
    """The standard of an edition that the catalogue has told, or that the record shows; else 1.1."""
    shown = edition or (edition_of(raw) if isinstance(raw, dict) else "")
    found = default(DCAT_US, shown or "1.1")
    assert found is not None
    return found


def _entry(text: JsonText, where: str) -> entries.Entry:
    raw = text.value()
    if text.written().count(",") > MOST_VALUES:
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
