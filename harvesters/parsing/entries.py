"""The records of a JSON or YAML document, wherever they are in it: in a member, in a list, one on each line."""

from __future__ import annotations

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
    """How a document lays out its records. path: the members that lead to them.

    layout: a `list` of records, `one` record, `lines` with one each, or `yaml`. Documents with another layout are read
    by a reader of their protocol.
    """

    path: tuple[str, ...]
    layout: str


# Layouts whose documents may end after any record.
OPEN_ENDED = frozenset(("lines", "yaml"))

LIST, ONE, LINES, YAML = (Shape((), layout) for layout in ("list", "one", "lines", "yaml"))
_HINT = "; check the address, and the kind of the source"


def read_entries(
    chunks: Iterator[str], shape: Shape, name: str, beside: dict[str, Any] | None = None
) -> Iterator[Entry]:
    """The records of a document of that shape. chunks: its text in pieces. name: of the document, for messages.

    beside: gets the texts and numbers that stand beside the records as they come by.
    Raises SourceError where it is not of that shape, or breaks off; the records before that have been yielded.
    """
    if shape.layout == "yaml":
        return yaml_entries(chunks, name)
    if shape.layout == "lines":
        return lines(chunks, name)
    return entries(JsonText(chunks, name), shape, name, beside)


def entries(text: JsonText, shape: Shape, name: str, beside: dict[str, Any] | None = None) -> Iterator[Entry]:
    """The records of a document that is one JSON text. beside: as `read_entries`.

    Raises SourceError if they are not where the shape says, or where the text breaks off or goes wrong; the
    records before that have been yielded.
    """
    refuse_page(text, name)
    for count, raw in enumerate(_at(text, shape, shape.path, name, beside)):
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


def _at(text: JsonText, shape: Shape, path: Sequence[str], name: str, beside: dict[str, Any] | None) -> Iterator[Any]:
    if not path:
        yield from _records(text, shape, name)
        return
    if text.peek() != "{":
        raise SourceError(f"{name}: {kind_of(text.peek())} where an object with `{path[0]}` belongs{_HINT}")
    found, others = False, []
    for key in text.members():
        if key == path[0]:
            found = True
            yield from _at(text, shape, path[1:], name, beside)
        else:
            others.append(key)
            value = text.value()
            if beside is not None and isinstance(value, int | str):
                beside[key] = value
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
        text = JsonText(iter((line,)), "the record", number)
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
        where, mended = f"document {number}: $", frozenset(document.left_out)
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
