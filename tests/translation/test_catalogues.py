"""The catalogues are in step with the texts of pages, and translations have the placeholders of their source."""

from __future__ import annotations

import ast
import gettext
import io
import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from ckanext.aivision.translation.catalogues import (
    FOLDER,
    Language,
    as_mo,
    is_translated,
    languages,
    read_catalogue,
)
from ckanext.aivision.translation.extract import DOMAIN, extract_texts, jinja_options, python_calls
from ckanext.aivision.translation.table_texts import PACKAGE

RENEW = "run `make messages` and commit what it changes"
TAG = re.compile(r"</?[a-z][^>]*>")
# CKAN's way to name the list of a package's type.
OF_CKAN = "pkg_dict.type.title() ~ 's'"


def template() -> Catalog:
    return read_po(io.BytesIO((FOLDER / f"{DOMAIN}.pot").read_bytes()))


def ids(catalog: Catalog) -> set[str | tuple[str, ...]]:
    return {message.id if isinstance(message.id, str) else tuple(message.id) for message in catalog if message.id}


def translated(language: Language) -> list[Message]:
    return [message for message in read_catalogue(language) if message.id and is_translated(message.string)]


@pytest.mark.long
def test_the_template_has_the_texts_of_python_templates_and_tables_and_no_others() -> None:
    # A text with several forms stands once, under the first.
    texts = {text.ids if isinstance(text.ids, str) else text.ids[0] for text in extract_texts()}
    listed = {one if isinstance(one, str) else one[0] for one in ids(template())}
    assert (texts - listed, listed - texts) == (set(), set()), RENEW


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.locale)
def test_a_catalogue_has_the_texts_of_the_template(language: Language) -> None:
    assert ids(read_catalogue(language)) == ids(template()), RENEW


@pytest.mark.long
@pytest.mark.parametrize("language", languages(), ids=lambda language: language.locale)
def test_what_programs_read_is_compiled_from_what_people_read(language: Language) -> None:
    compiled = language.path.with_suffix(".mo").read_bytes()
    assert compiled == as_mo(read_catalogue(language)), RENEW
    found = gettext.GNUTranslations(io.BytesIO(compiled))
    singular = [message for message in translated(language) if isinstance(message.id, str)]
    assert [message.id for message in singular if found.gettext(message.id) != message.string] == []


def fields(text: str) -> Counter[str]:
    """The placeholders of a text for `str.format`, with how they are written."""
    return Counter(f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(text) if name is not None)


def pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each form of a translation with the source that it stands for."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
    else:
        one, several = message.id
        for number, form in enumerate(message.string):
            yield (several if number else one), form


@pytest.mark.long
@pytest.mark.parametrize("language", languages(), ids=lambda language: language.locale)
def test_a_translation_has_the_placeholders_of_its_source(language: Language) -> None:
    wrong = []
    for message in translated(language):
        for source, translation in pairs(message):
            try:
                expected = fields(source)
            except ValueError:  # braces that are no placeholders: nothing formats such a text
                expected = Counter()
                assert Counter(re.findall(r"[{}]", source)) == Counter(re.findall(r"[{}]", translation))
                continue
            if set(fields(translation)) != set(expected):
                wrong.append((source, translation))
    assert wrong == []


@pytest.mark.long
@pytest.mark.parametrize("language", languages(), ids=lambda language: language.locale)
def test_a_translation_has_the_html_tags_and_the_code_of_its_source(language: Language) -> None:
    def parts(text: str) -> Counter[str]:
        return Counter([*TAG.findall(text), *re.findall(r"`[^`]*`", text)])

    wrong = [pair for message in translated(language) for pair in pairs(message) if parts(pair[0]) != parts(pair[1])]
    assert wrong == []


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.locale)
def test_a_catalogue_says_whether_a_native_speaker_has_reviewed_it(language: Language) -> None:
    head = language.path.read_text(encoding="utf-8").split("msgid", 1)[0]
    assert ("NOT YET REVIEWED by a native speaker" in head) is (language.reviewed == "no")


@pytest.mark.long
@pytest.mark.parametrize("language", languages(), ids=lambda language: language.locale)
def test_the_forms_for_numbers_fit_what_ckan_puts_on_top_of_them(language: Language) -> None:
    """A catalogue of another extension without the language leaves gettext's own rule: form 0 for one, else 1."""
    count, choose = gettext.c2py, gettext.c2py(language.plurals.split("plural=")[1].rstrip(";"))
    assert count is not None
    assert (choose(1), choose(5), choose(21)) == (0, choose(5), choose(5))
    for message in translated(language):
        if not isinstance(message.id, str):
            assert len(message.string) == int(language.plurals[len("nplurals=")])
            assert message.string[1] == message.string[choose(5)], message.id


def template_calls() -> Iterator[tuple[str, nodes.Expr]]:
    tags = jinja_options()["extensions"].split(",")
    environment = Environment(extensions=[*tags], autoescape=True)
    for folder in ("templates", "site_templates"):
        for path in sorted((PACKAGE / folder).rglob("*.html")):
            for call in environment.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
                if isinstance(call.node, nodes.Name) and call.node.name in ("_", "ungettext") and call.args:
                    yield f"{path.relative_to(PACKAGE)}:{call.lineno}", call.args[0]


@pytest.mark.long
def test_a_text_is_never_put_together_before_it_is_looked_up() -> None:
    """Neither a text with values in it nor parts of a sentence can be found in a catalogue."""
    made = [
        place
        for path in sorted(PACKAGE.rglob("*.py"))
        for _, call in python_calls(path)
        if (place := f"{path.relative_to(PACKAGE)}:{call.lineno}")
        and (
            any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in ast.walk(call.args[0]))
            or (isinstance(call.args[0], ast.Call) and getattr(call.args[0].func, "attr", "") == "format")
        )
    ]
    for place, argument in template_calls():
        parts = [argument, *argument.find_all((nodes.Concat, nodes.Add, nodes.Mod))]
        joined = any(isinstance(part, nodes.Concat | nodes.Add | nodes.Mod) for part in parts)
        line = source_line(place)
        if (joined and OF_CKAN not in line) or is_format(argument):
            made.append(place)
    assert made == []


def is_format(argument: nodes.Expr) -> bool:
    return isinstance(argument, nodes.Call) and getattr(argument.node, "attr", "") == "format"


def source_line(place: str) -> str:
    path, _, number = place.rpartition(":")
    return (PACKAGE / Path(path)).read_text(encoding="utf-8").splitlines()[int(number) - 1]
