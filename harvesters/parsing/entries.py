"""The records of a JSON document, whatever stands around them: `dataset`, `result.results`, a list, one a line.

What a document is shows in its first kilobytes; `SHAPES` says where in it the records are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.parsing.json_text import MAX_VALUE, JsonText, TextCut
from ckanext.aivision.harvesters.parsing.repair import is_sound
from ckanext.aivision.harvesters.parsing.yaml_text import documents


class Entry(NamedTuple):
    """One record as it was read.

    where: its place in the document, a JSON path. mended: repairs of the JSON reader (`JsonText.mended`).
    fault: why it could not be read, where it could not; raw is then the beginning of its text. code: of that fault.
    sound: its text shows already that nothing has to be mended (`repair.is_sound`).
    """

    where: str
    raw: Any
    mended: frozenset[str] = frozenset()
    fault: str = ""
    code: str = "record-not-json"
    sound: bool = False


# The codes of records that could not be read: which ones they are, nobody knows.
UNREADABLE = frozenset(("record-not-json", "record-not-yaml"))


class Shape(NamedTuple):
    """What a document is. kind: a key of `source.KINDS`, or empty. path: the members that lead to its records."""

    kind: str
    path: tuple[str, ...]
    layout: str  # `list` of records, `one` record, `lines` with one each, or `yaml`


# Layouts whose documents may end after any record.
OPEN_ENDED = frozenset(("lines", "yaml"))

CATALOGUE = Shape("dcat-us", ("dataset",), "list")
SEARCH = Shape("datagov-search", ("results",), "list")
ANSWER = Shape("ckan", ("result", "results"), "list")
PACKAGE_ANSWER = Shape("ckan", ("result",), "one")
PACKAGES = Shape("ckan", (), "list")
PACKAGE_LINES = Shape("ckan", (), "lines")
ONE_PACKAGE = Shape("ckan", (), "one")
UK_LIST = Shape("uk-metadata-exchange", (), "list")
UK_LINES = Shape("uk-metadata-exchange", (), "lines")
UK_RECORD = Shape("uk-metadata-exchange", (), "one")
UK_YAML = Shape("uk-metadata-exchange", (), "yaml")
UNKNOWN = Shape("", (), "list")
# One record and the same with one a line: a single line shows no difference.
_ALONE = {PACKAGE_LINES: ONE_PACKAGE, UK_LINES: UK_RECORD}

# Members that show what an object is, the most telling first: {first members of the path: (members, shape)}.
_PACKAGE_MEMBERS = frozenset(
    ("resources", "owner_org", "license_id", "metadata_created", "num_resources", "organization", "creator_user_id")
)
# Members that only the UK model has, and those that it has together.
_UK_MEMBERS = frozenset(
    ("securityClassification", "updateFrequency", "serviceStatus", "serviceType", "servesData", "contactName")
)
_UK_TOGETHER = frozenset(("identifier", "title", "licence"))
# The names of a YAML document's members, and of those of the objects in its list.
_YAML_MEMBER = re.compile(r"^(?:- {1,3}| {2,4})?[\"']?([A-Za-z@]{1,40})[\"']?[ \t]*:(?=\s|$)", re.MULTILINE)
# What a catalogue of DCAT-US 3.0 may list beside or instead of datasets.
_CATALOGUE_LISTS = frozenset(("service", "datasetSeries", "record", "catalog"))
_HINT = "; check the address, and the kind of the source"
_ANSWER_MEMBERS = frozenset(("results", "count", "facets", "search_facets", "sort"))


def shape_of(head: str) -> Shape:
    """What a document is, from the beginning of its text."""
    text = JsonText(iter((head,)), "")
    try:
        first = text.peek()
        if first == "[":
            members = _first_members(text)
            return PACKAGES if _PACKAGE_MEMBERS & members else UK_LIST if _is_uk(members) else UNKNOWN
        if first != "{":
            return UK_YAML if first != "<" and _is_uk(set(_YAML_MEMBER.findall(head))) else UNKNOWN
        shape = _object_shape(text)
        return _ALONE.get(shape, shape) if _goes_on(head) else shape
    except SourceError:
        return UNKNOWN


def member_names(head: str) -> set[str]:
    """The names of the members of a document's object, or of the first of its list, as far as its beginning shows."""
    text = JsonText(iter((head,)), "")
    try:
        first = text.peek()
        if first == "[":
            return _first_members(text)
        return _members(text) if first == "{" else set()
    except SourceError:
        return set()


def _goes_on(head: str) -> bool:
    """Whether the object that a text begins with goes on in the next line: where each line has its own, it does not."""
    following = [line.strip() for line in head.split("\n")[1:3]]
    return any(line and not line.startswith("{") for line in following)


def _object_shape(text: JsonText) -> Shape:
    seen: set[str] = set()
    try:
        for key in text.members():
            if key == "dataset" or (key in _CATALOGUE_LISTS and text.peek() == "["):
                return CATALOGUE
            if key == "result" and text.peek() == "{":
                return ANSWER if _ANSWER_MEMBERS & _members(text) else PACKAGE_ANSWER
            if key == "results" and text.peek() == "[":
                return SEARCH if "dcat" in _first_members(text) else UNKNOWN
            seen.add(key)
            text.value()
    except SourceError:
        # The beginning ended in the middle of a value: what was seen so far has to tell.
        pass
    return PACKAGE_LINES if _PACKAGE_MEMBERS & seen else UK_LINES if _is_uk(seen) else UNKNOWN


def _is_uk(members: set[str]) -> bool:
    return bool(_UK_MEMBERS & members) or members >= _UK_TOGETHER


def stated(kind: str, head: str) -> Shape:
    """What a document is whose kind somebody has named, and whose beginning does not show it."""
    if kind == "ckan":
        return PACKAGES
    if kind != "uk-metadata-exchange":
        return CATALOGUE
    shapes = {"[": UK_LIST, "{": UK_RECORD if _goes_on(head) else UK_LINES, "<": UK_LIST, "": UK_LIST}
    return shapes.get(head.lstrip()[:1], UK_YAML)


def _first_members(text: JsonText) -> set[str]:
    """The members of the first object of the list at the cursor, as far as they can be seen."""
    text.take("[")
    return _members(text) if text.peek() == "{" else set()


def _members(text: JsonText) -> set[str]:
    seen: set[str] = set()
    try:
        for key in text.members():
            seen.add(key)
            text.value()
    except SourceError:
        pass
    return seen


def entries(text: JsonText, shape: Shape, name: str) -> Iterator[Entry]:
    """The records of a document that is one JSON text.

    Raises SourceError if they are not where the shape says, or where the text breaks off or goes wrong; the
    records before that have been yielded.
    """
    refuse_page(text, name)
    for count, raw in enumerate(_at(text, shape, shape.path, name)):
        yield Entry(_place(shape, count), raw, frozenset(text.mended), sound=is_sound(text))
        text.mended.clear()
    refuse_more(text, name)


def _place(shape: Shape, index: int) -> str:
    path = ".".join(("$", *shape.path))
    return f"{path}[{index}]" if shape.layout == "list" else path


def refuse_page(text: JsonText, name: str) -> None:
    """Raises SourceError if a text does not begin as a JSON object or list does."""
    first = text.peek()
    if first == "":
        raise SourceError(f"{name}: the document is empty; check the file or the address, or try again later")
    if first == "<":
        raise SourceError(
            f"{name}: this is a web page or XML instead of JSON; check the file or the address, or try again later"
        )
    if first not in "{[":
        seen = f"it begins with {first!r}" if first.isprintable() else "it is not text"
        raise SourceError(
            f"{name}: not a JSON object or list; {seen}; check the file or the address, and the kind of the source"
        )


def refuse_more(text: JsonText, name: str) -> None:
    """Raises SourceError if something comes after the end of a document."""
    if (rest := text.peek()) != "":
        raise SourceError(f"{name}: the JSON text is followed by {rest!r}: use one JSON text only")


def _at(text: JsonText, shape: Shape, path: Sequence[str], name: str) -> Iterator[Any]:
    if not path:
        yield from _records(text, shape, name)
        return
    if text.peek() != "{":
        raise SourceError(f"{name}: {kind_of(text.peek())} where an object with `{path[0]}` belongs{_HINT}")
    found, others = False, []
    for key in text.members():
        if key == path[0]:
            found = True
            yield from _at(text, shape, path[1:], name)
        else:
            others.append(key)
            text.value()
    if not found:
        raise SourceError(f"{name}: no `{'.'.join(shape.path)}` in the document ({has(others)}){_HINT}")
    # What was mended beside the records is no record's fault.
    text.mended.clear()


def _records(text: JsonText, shape: Shape, name: str) -> Iterator[Any]:
    if shape.layout == "one" and text.peek() == "{":
        yield text.value()
    elif shape.layout == "list" and text.peek() == "[":
        yield from text.elements()
    else:
        wanted = "an object" if shape.layout == "one" else "a list"
        place = ".".join(shape.path) or "the document"
        raise SourceError(f"{name}: `{place}` is {kind_of(text.peek())}, not {wanted}{_HINT}")


def kind_of(first: str) -> str:
    """What a JSON value is, by its first character, in words for a message."""
    names = {"[": "a list", "{": "an object", '"': "text", "n": "null", "t": "true", "f": "false", "": "nothing"}
    return names.get(first, "a number")


def has(members: Sequence[str]) -> str:
    """What an object has in place of what was looked for, in words for a message."""
    return f"it has: {', '.join(members[:8])}"[:200] if members else "it is an empty object"


def lines(chunks: Iterator[str], name: str) -> Iterator[Entry]:
    """The records of a dump with one JSON object a line. A line that is no JSON is one record that cannot be read.

    Raises SourceError if the last line ends in the middle of its object, without a line feed: the dump was cut.
    """
    for number, line in enumerate(_split(chunks, name), 1):
        if not line.strip():
            continue
        text = JsonText(iter((line,)), f"line {number}")
        try:
            raw = text.value()
            fault = "more follows after the object" if text.peek() else ""
        except TextCut as error:
            if not line.endswith("\n"):
                raise SourceError(f"{name}: ends in the middle of line {number}; download it again") from error
            raw, fault = None, str(error)
        except SourceError as error:
            raw, fault = None, str(error)
        yield Entry(f"line {number}", line[:1000] if fault else raw, frozenset(text.mended), fault)


def yaml_entries(chunks: Iterator[str], name: str) -> Iterator[Entry]:
    """The records of YAML documents: one each, or a list of them. A document that is no YAML is one bad record."""
    for number, document in enumerate(documents(chunks, name), 1):
        where, mended = f"document {number}: $", frozenset(("repeated",) if document.repeated else ())
        if document.fault:
            yield Entry(where, None, mended, document.fault, "record-not-yaml")
        elif isinstance(document.value, list):
            for index, item in enumerate(document.value):
                yield Entry(f"{where}[{index}]", item, mended)
        else:
            yield Entry(where, document.value, mended)


def _split(chunks: Iterator[str], name: str) -> Iterator[str]:
    """The lines of a text, each with its line feed."""
    rest = ""
    for chunk in chunks:
        if "\n" not in chunk:
            rest += chunk
        else:
            *whole, rest = (rest + chunk).split("\n")
            for line in whole:
                yield f"{line}\n"
        if len(rest) > MAX_VALUE:
            raise SourceError(
                f"{name}: a line is longer than {MAX_VALUE:,} characters; a dump has one package per line"
            )
    yield rest
