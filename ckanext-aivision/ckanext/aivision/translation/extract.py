"""Extract the texts of pages: calls of `_()` and `ungettext()` in Python and templates, and texts of tables."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from ckan.lib.jinja_extensions import _get_extensions

from ckanext.aivision import __version__
from ckanext.aivision.translation.table_texts import PACKAGE, table_texts

DOMAIN = "ckanext-aivision"
_FORMS = {"_": 1, "ungettext": 2}
_CALL = re.compile(r"(?<!\w)(?:_|ungettext)\(")
_KEYWORDS: dict[str, Any] = {"_": None, "ungettext": (1, 2)}
_TEMPLATES = ("templates", "site_templates")


class Text(NamedTuple):
    """A text to translate. ids: the text, or its forms for one and for several. place: the file, below the package."""

    ids: str | tuple[str, str]
    place: str


def extract_texts(package: Path = PACKAGE) -> Iterator[Text]:
    """Every text of Python, templates and tables, in a fixed order; many come more than once."""
    for path in sorted(package.rglob("*.py")):
        yield from _python_texts(path, path.relative_to(package).as_posix())
    for folder in _TEMPLATES:
        for path in sorted((package / folder).rglob("*.html")):
            yield from _template_texts(path, path.relative_to(package).as_posix())
    for found in table_texts(package):
        yield Text(found.text, found.place)


def make_template() -> Catalog:
    """The catalogue without translations (the .pot): each text once, with the files that it is in."""
    catalog = Catalog(project=DOMAIN, version=__version__, charset="utf-8", fuzzy=False)
    for text in extract_texts():
        # Without numbers of lines, which change with every edit.
        catalog.add(text.ids, locations=[(text.place, 0)])
    return catalog


def jinja_options() -> dict[str, str]:
    """Those of CKAN's own extractor (`ckan.lib.extract`): its tags, and white space trimmed as its pages do."""
    tags = [found if isinstance(found, str) else f"{found.__module__}:{found.__name__}" for found in _get_extensions()]
    return {"extensions": ",".join(tags), "trimmed": "true", "silent": "false", "encoding": "utf-8"}


def python_calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """The calls of `_()` and `ungettext()` in a module, also as `toolkit._()`, with the name of the function."""
    source = path.read_text(encoding="utf-8")
    # Few modules have texts for pages.
    if not _CALL.search(source):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in _FORMS:
                yield name, node


def _python_texts(path: Path, place: str) -> Iterator[Text]:
    # Babel's own extractor takes the key of `_(row["label"])` for a text.
    for name, call in python_calls(path):
        values = [one.value for one in call.args[: _FORMS[name]] if isinstance(one, ast.Constant)]
        forms = [value for value in values if isinstance(value, str) and value]
        if len(forms) == _FORMS[name]:
            yield Text(forms[0] if len(forms) == 1 else (forms[0], forms[1]), place)


def _template_texts(path: Path, place: str) -> Iterator[Text]:
    with path.open("rb") as file:
        for _, message, _, _ in extract("jinja2", file, keywords=_KEYWORDS, options=jinja_options()):
            ids = (message[0], message[1]) if isinstance(message, tuple) else message
            if ids:
                yield Text(ids, place)
