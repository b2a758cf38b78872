"""The catalogues of translations: `i18n/ckanext-aivision.pot`, and LOCALE/LC_MESSAGES/ckanext-aivision.po and .mo."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.translation.extract import DOMAIN, make_template
from ckanext.aivision.translation.table_texts import PACKAGE

FOLDER = PACKAGE / "i18n"
_HEAD = """\
# {language} texts of the pages of ckanext-aivision, under the same licence as ckanext-aivision (AGPL-3.0-or-later).
# {review}
# `make messages` writes this file. Change what stands in msgstr only; an empty one is shown in English."""
_REVIEW = {
    "no": "NOT YET REVIEWED by a native speaker. Corrections are welcome: see CONTRIBUTING.md, Translations.",
    "yes": "Reviewed by a native speaker.",
}
# In the place of the time of each run, which would change the compiled file.
_NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
# Times would change the file at each run, and authors are in version control.
_DROPPED = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Generated-By",
    "Report-Msgid-Bugs-To",
)


class Language(NamedTuple):
    """A row of config/translation/languages.csv. plurals: as in the head of a .po file. reviewed: `yes` or `no`."""

    locale: str
    name: str
    plurals: str
    reviewed: str

    @property
    def path(self) -> Path:
        return FOLDER / self.locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def languages() -> list[Language]:
    """The languages that pages are translated into, beside English."""
    return [Language(**row) for row in rows("languages", "translation")]


def read_catalogue(language: Language) -> Catalog:
    """The translations of a language as its .po file has them; none if there is no file yet."""
    start = f'msgid ""\nmsgstr ""\n"Language: {language.locale}\\n"\n"Plural-Forms: {language.plurals}\\n"\n'
    text = language.path.read_bytes() if language.path.exists() else start.encode()
    return read_po(io.BytesIO(text), locale=language.locale)


def update() -> dict[str, tuple[int, int]]:
    """Writes the .pot and every .po and .mo file. Gives the number of translated texts and of all, by locale.

    Translations whose text is gone are dropped: version control has them. A new text has none; nothing is guessed.
    """
    template = make_template()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{DOMAIN}.pot").write_bytes(as_po(template))
    counts = {}
    for language in languages():
        catalog = read_catalogue(language)
        catalog.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalog.obsolete.clear()
        catalog.project, catalog.version, catalog.fuzzy = template.project, template.version, False
        catalog.header_comment = _HEAD.format(language=language.name, review=_REVIEW[language.reviewed])
        language.path.parent.mkdir(parents=True, exist_ok=True)
        language.path.write_bytes(as_po(catalog))
        language.path.with_suffix(".mo").write_bytes(as_mo(catalog))
        counts[language.locale] = (
            sum(is_translated(message.string) for message in catalog if message.id),
            len(catalog),
        )
    return counts


def as_po(catalog: Catalog) -> bytes:
    """A catalogue as a .po or .pot file, the texts in the order of the alphabet."""
    file = io.BytesIO()
    write_po(file, catalog, width=120, sort_output=True, include_lineno=False)
    dropped = tuple(f'"{name}'.encode() for name in _DROPPED)
    return b"".join(line for line in file.getvalue().splitlines(keepends=True) if not line.startswith(dropped))


def as_mo(catalog: Catalog) -> bytes:
    """A catalogue compiled, as programs read it, without the texts that have no translation."""
    file = io.BytesIO()
    same = read_po(io.BytesIO(as_po(catalog)), locale=catalog.locale)
    same.creation_date = _NEVER
    write_mo(file, same)
    return file.getvalue()


def is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    """Whether a message has its translation, in each of its forms."""
    return bool(string) if string is None or isinstance(string, str) else all(string)
