"""The records of a JSON document, whatever stands around them: `dataset`, `result.results`, a list, one a line.

What a document is shows in its first kilobytes; `SHAPES` says where in it the records are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.json_text import MAX_VALUE, JsonText


class Entry(NamedTuple):
    """One record as it was read.

    where: its place in the document, a JSON path. mended: repairs of the JSON reader (`JsonText.mended`).
    fault: why it could not be read, where it could not; raw is then the beginning of its text.
    """

    where: str
    raw: Any
    mended: frozenset[str] = frozenset()
    fault: str = ""


class Shape(NamedTuple):
    """What a document is. kind: a key of `source.KINDS`, or empty. path: the members that lead to its records."""

    kind: str
    path: tuple[str, ...]
    layout: str  # `list` of records, `one` record, or `lines` with one each


CATALOGUE = Shape("dcat-us", ("dataset",), "list")
SEARCH = Shape("datagov-search", ("results",), "list")
ANSWER = Shape("ckan", ("result", "results"), "list")
PACKAGE_ANSWER = Shape("ckan", ("result",), "one")
PACKAGES = Shape("ckan", (), "list")
PACKAGE_LINES = Shape("ckan", (), "lines")
ONE_PACKAGE = Shape("ckan", (), "one")
UNKNOWN = Shape("", (), "list")

# Members that show what an object is, the most telling first: {first members of the path: (members, shape)}.
_PACKAGE_MEMBERS = frozenset(
    ("resources", "owner_org", "license_id", "metadata_created", "num_resources", "organization", "creator_user_id")
)
_ANSWER_MEMBERS = frozenset(("results", "count", "facets", "search_facets", "sort"))


def shape_of(head: str) -> Shape:
    """What a document is, from the beginning of its text."""
    text = JsonText(iter((head,)), "")
    try:
        first = text.peek()
        if first == "[":
            return PACKAGES if _PACKAGE_MEMBERS & _first_members(text) else UNKNOWN
        shape = _object_shape(text) if first == "{" else UNKNOWN
        return ONE_PACKAGE if shape is PACKAGE_LINES and _goes_on(head) else shape
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
            if key == "dataset":
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
    return PACKAGE_LINES if _PACKAGE_MEMBERS & seen else UNKNOWN


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

    Raises SourceError where they are not where the shape says, or where the text breaks off or goes wrong; the
    records before that have been yielded.
    """
    _refuse_page(text, name)
    for count, raw in enumerate(_at(text, shape, shape.path, name)):
        yield Entry(_place(shape, count), raw, frozenset(text.mended))
        text.mended.clear()
    if (rest := text.peek()) != "":
        raise SourceError(f"{name}: after the end of the JSON text comes {rest!r}: give one JSON text only")


def _place(shape: Shape, index: int) -> str:
    path = ".".join(("$", *shape.path))
    return f"{path}[{index}]" if shape.layout == "list" else path


def _refuse_page(text: JsonText, name: str) -> None:
    first = text.peek()
    if first == "":
        raise SourceError(f"{name}: the document is empty; try again later, or check the address")
    if first == "<":
        raise SourceError(f"{name}: a web page or XML came instead of JSON; check the address, or try again later")
    if first not in "{[":
        raise SourceError(f"{name}: not a JSON object or list; it begins with {first!r}; check the address")


def _at(text: JsonText, shape: Shape, path: Sequence[str], name: str) -> Iterator[Any]:
    if not path:
        yield from _records(text, shape, name)
        return
    if text.peek() != "{":
        raise SourceError(f"{name}: {_kind(text.peek())} where an object with `{path[0]}` belongs{_hint(shape)}")
    found, others = False, []
    for key in text.members():
        if key == path[0]:
            found = True
            yield from _at(text, shape, path[1:], name)
        else:
            others.append(key)
            text.value()
    if not found:
        has = f"it has: {', '.join(others[:8])}" if others else "it is an empty object"
        raise SourceError(f"{name}: no `{'.'.join(shape.path)}` in the document ({has[:200]}){_hint(shape)}")
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
        raise SourceError(f"{name}: `{place}` is {_kind(text.peek())}, not {wanted}{_hint(shape)}")


def _kind(first: str) -> str:
    names = {"[": "a list", "{": "an object", '"': "text", "n": "null", "t": "true", "f": "false", "": "nothing"}
    return names.get(first, "a number")


def _hint(shape: Shape) -> str:
    if shape.kind == "dcat-us":
        return "; a DCAT-US 1.1 catalogue is an object whose member `dataset` lists the data sets"
    return "; check the address, and the kind of the source"


def lines(chunks: Iterator[str], name: str) -> Iterator[Entry]:
    """The records of a dump with one JSON object a line. A line that is no JSON is one record that cannot be read."""
    for number, line in enumerate(_split(chunks, name), 1):
        if not line.strip():
            continue
        text = JsonText(iter((line,)), f"line {number}")
        try:
            raw = text.value()
            fault = "more follows after the object" if text.peek() else ""
        except SourceError as error:
            raw, fault = None, str(error)
        yield Entry(f"line {number}", line[:1000] if fault else raw, frozenset(text.mended), fault)


def _split(chunks: Iterator[str], name: str) -> Iterator[str]:
    rest = ""
    for chunk in chunks:
        if "\n" not in chunk:
            rest += chunk
        else:
            *whole, rest = (rest + chunk).split("\n")
            yield from whole
        if len(rest) > MAX_VALUE:
            raise SourceError(f"{name}: a line is longer than {MAX_VALUE:,} characters; a dump has one package a line")
    yield rest
