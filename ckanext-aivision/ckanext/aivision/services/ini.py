"""CKAN's configuration file merged from a template and an operator's own settings, key by key.

The format is that of Python's configparser, as CKAN reads it (ckan.cli.CKANConfigLoader): `=` or `:` after a key,
values over several indented lines, lines of comment that begin with `#` or `;`, no key twice.
"""

from __future__ import annotations

import configparser
import io
import os
import re
from collections.abc import Mapping
from pathlib import Path

from ckanext.aivision.errors import UsageError

Sections = dict[str, dict[str, str]]

MAIN = "app:main"
# Keys before the first section header are settings of CKAN itself.
_BEFORE = "\0before"
_KEY = re.compile(r"[\w.*+@/-]+")
_PERCENT = re.compile(r"%%|%\((?P<name>[^()]*)\)s|%")
# What CKAN itself adds to the names that `%(name)s` can stand for, beside the environment's.
_CKANS_NAMES = ("here", "__file__")


def read_template(text: str) -> Sections:
    """The sections of a template whose placeholders are filled in."""
    parser = _parser()
    parser.read_string(text)
    return {name: dict(parser.items(name)) for name in parser.sections()}


def read_settings(path: Path) -> Sections:
    """An operator's own settings by section; none where there is no such file.

    Raises UsageError, with the file and the line, where it cannot be read, is no such file, or has a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}; fix its permissions, or remove it") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise _refusal(path, line, "this is not UTF-8 text; save the file as UTF-8") from error
    if "\0" in text:
        raise _refusal(path, text[: text.index("\0")].count("\n") + 1, "this is not text; write `key = value` lines")
    parser = _parser()
    try:
        parser.read_string(f"[{_BEFORE}]\n{text}")
    except configparser.Error as error:
        raise _refusal(path, _line(error) - 1, _reason(error)) from error
    sections: Sections = {}
    for name in parser.sections():
        own = sections.setdefault(MAIN if name == _BEFORE else name, {})
        for key, value in parser.items(name):
            _check_key(path, text, name, key, own)
            own[key] = value
    return {name: values for name, values in sections.items() if values or name != MAIN}


def merge(template: Sections, own: Sections, path: Path) -> Sections:
    """The template's sections with an operator's settings, which win. path: of the file that they stand in.

    In CKAN's own settings a percent sign stands for itself, but for `%%`, which is one, and for `%(name)s` with a known
    name, which stands for that setting. Raises UsageError if such names lead in a circle.
    """
    merged = {name: dict(values) for name, values in template.items()}
    for name, values in own.items():
        into = merged.setdefault(name, {})
        # CKAN reads the file once without regard to upper and lower case, and takes no key twice then.
        spelt = {key.lower(): key for key in into}
        for key, value in values.items():
            into[spelt.get(key.lower(), key)] = value
    names = {*_CKANS_NAMES, *merged.get(MAIN, {}), *merged.get("DEFAULT", {}), *_of_environment()}
    for section in (MAIN, "DEFAULT"):
        ours = {key.lower() for key in own.get(section, {})}
        for key in merged.get(section, {}):
            if key.lower() in ours:
                merged[section][key] = _with_literal_percents(merged[section][key], names)
    _check_names(merged, path)
    return merged


def to_text(sections: Mapping[str, Mapping[str, str]]) -> str:
    """The text of a configuration file."""
    parser = _parser()
    parser.read_dict(sections)
    text = io.StringIO()
    parser.write(text)
    return text.getvalue()


def _parser() -> configparser.RawConfigParser:
    """[DEFAULT] is a section like the others here, so that nothing of it is copied into them."""
    parser = configparser.RawConfigParser(default_section="\0none")
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    return parser


def _check_key(path: Path, text: str, section: str, key: str, before: Mapping[str, str]) -> None:
    if section in (_BEFORE, MAIN) and not _KEY.fullmatch(key):
        raise _refusal(path, _line_of(text, key), f"{key!r} is not the name of a setting; write `key = value` lines")
    if key.lower() in {name.lower() for name in before}:
        raise _refusal(path, _line_of(text, key), f"{key!r} appears twice; keep one of them")


def _line_of(text: str, key: str) -> int:
    """The last line that begins with a key."""
    lines = [line.strip() for line in text.split("\n")]
    numbers = [number for number, line in enumerate(lines, 1) if re.split("[=:]", line)[0].strip() == key]
    return numbers[-1] if numbers else 1


def _with_literal_percents(value: str, names: set[str]) -> str:
    def escape(found: re.Match[str]) -> str:
        known = found.group() == "%%" or found["name"] in names
        return found.group() if known else found.group().replace("%", "%%")

    return _PERCENT.sub(escape, value)


def _check_names(merged: Sections, path: Path) -> None:
    """As CKAN will read it, so that what it cannot read is refused here, with its place."""
    parser = configparser.ConfigParser(defaults={**_of_environment(), **dict.fromkeys(_CKANS_NAMES, "")})
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(to_text(merged))
    for key in parser.options(MAIN):
        try:
            parser.get(MAIN, key)
        except configparser.InterpolationError as error:
            reason = str(error).splitlines()[0]
            raise UsageError(f"{path}: {key!r} cannot be read: {reason}; write `%%` for a percent sign") from error


def _of_environment() -> dict[str, str]:
    return {name: value.replace("%", "%%") for name, value in os.environ.items() if name.startswith("CKAN_")}


def _refusal(path: Path, line: int, reason: str) -> UsageError:
    return UsageError(f"{path}, line {max(1, line)}: {reason}")


def _line(error: configparser.Error) -> int:
    """Where a file is wrong, in configparser's count."""
    if isinstance(error, configparser.ParsingError) and error.errors:
        return int(error.errors[0][0])
    return int(getattr(error, "lineno", 2) or 2)


def _reason(error: configparser.Error) -> str:
    if isinstance(error, configparser.DuplicateOptionError):
        return f"{error.option!r} appears twice; keep one of them"
    if isinstance(error, configparser.DuplicateSectionError):
        return f"the section [{error.section}] appears twice; merge its keys"
    return "this is not a `key = value` line, a [section] or a comment"
