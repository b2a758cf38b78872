"""The tree of an ISO record as its fields are read from it: properties alone, in English, whatever the encoding.

In ISO 19139 and ISO 19115-3 a property (`citation`) holds an object (`CI_Citation`), which has properties again. Here
`citation` leads to its properties at once, and `#type` says what the object is. A code list's value is its code
(ISO 19139, 8.5.5), an Anchor has `#text` and `@href`, an element with a nilReason has nothing. Of a text in several
languages (PT_FreeText: ISO 19139, 9.4.4) the English one is read; the others stay in the record as it was harvested.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.aivision.harvesters.mapping.table import is_english
from ckanext.aivision.harvesters.mapping.xml_table import Element, find, text
from ckanext.aivision.normalise import languages
from ckanext.aivision.normalise.text import one

_FREE_TEXT = "PT_FreeText"
# Where a record says which language its locales are of: ISO 19139, 9.4.3, and ISO 19115-1, 7.3.
_LOCALES = ("locale", "otherLocale", "defaultLocale")
_DEEPEST = 100
# Attributes that add nothing to a text: of gml:timePosition, of a nil, of a type.
_PLAIN = frozenset(("#text", "@frame", "@calendarEraName", "@indeterminatePosition", "@type", "@nilReason"))


def simplified(raw: Mapping[str, Any]) -> Element:
    """The tree of a record (`xml_records`) as properties alone."""
    return _Simplifier(raw).element(raw)


def core(raw: Mapping[str, Any]) -> Element:
    """The tree without what is empty; what ISO 19115-3 names otherwise has its name of ISO 19139."""
    tree = _filled(simplified(raw))
    if "dateInfo" in tree:
        tree.setdefault("dateStamp", tree["dateInfo"])
    for resource in tree.get("identificationInfo", ()):
        if isinstance(resource, dict) and "defaultLocale" in resource:
            resource.setdefault("language", resource["defaultLocale"])
    return tree


def is_of_service(tree: Any) -> bool:
    """Whether a record, as `core` gives it, is of a service (SV_ServiceIdentification)."""
    resources = tree.get("identificationInfo", ()) if isinstance(tree, dict) else ()
    return any(isinstance(item, dict) and "Service" in str(item.get("#type")) for item in resources)


def _filled(element: Element, levels: int = _DEEPEST) -> Element:
    found: Element = {}
    for key, value in element.items():
        if not isinstance(value, list):
            found[key] = value
        elif levels and (items := [_filled(one, levels - 1) if isinstance(one, dict) else one for one in value]):
            found[key] = items
    return found


class _Simplifier:
    """Knows the languages of one record."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._languages: dict[str, str] = {}
        self._is_english = True
        plain = self.element({key: raw[key] for key in ("language", *_LOCALES) if key in raw})
        for name in _LOCALES:
            for locale in find(plain, name):
                if isinstance(locale, dict):
                    codes = [*locale.get("languageCode", ()), *locale.get("language", ())]
                    self._languages[f"#{locale.get('@id', '')}"] = text(codes[0]) if codes else ""
        own = [*find(plain, "language"), *find(plain, "defaultLocale/language")]
        if own:
            self._is_english = languages.clean(text(own[0])).id in ("en", None)

    def element(self, node: Mapping[str, Any], levels: int = _DEEPEST) -> Element:
        found: Element = {}
        for key, value in node.items():
            if key[0] in "@#":
                found[key] = value
            elif levels:
                items = value if isinstance(value, list) else [value]
                found[key] = [inner for item in items for inner in self._values(item, levels - 1)]
        return found

    def _values(self, value: Any, levels: int) -> list[Any]:
        """What a property holds: texts and objects."""
        if not isinstance(value, dict):
            return [value] if one(value) else []
        if _FREE_TEXT in value:
            written = self._free_text(value)
            return [written] if written else []
        objects = [
            (name, item)
            for name, inner in value.items()
            if name[0].isupper()
            for item in (inner if isinstance(inner, list) else [inner])
        ]
        if objects:
            return [found for name, item in objects for found in self._object(name, item, levels)]
        if (position := value.get("@indeterminatePosition")) and not value.get("#text"):
            return [position]
        if value.keys() <= _PLAIN:
            return [value["#text"]] if value.get("#text") else []
        inner = self.element(value, levels)
        return [inner] if inner else []

    def _object(self, name: str, item: Any, levels: int) -> list[Any]:
        if not isinstance(item, dict):
            return [item] if one(item) else []
        if "@codeListValue" in item or "@codeList" in item:
            code = one(item.get("@codeListValue")) or one(item.get("#text"))
            return [code] if code else []
        if name == "Anchor" and not one(item.get("@href")):
            return [item["#text"]] if one(item.get("#text")) else []
        inner = self.element(item, levels)
        return [inner if name == "Anchor" else {"#type": name, **inner}] if inner else []

    def _free_text(self, value: Mapping[str, Any]) -> str:
        main = next((text(item) for key, item in value.items() if key not in (_FREE_TEXT, "@type")), "")
        others: dict[str, str] = {}
        for language, written in _localised(value[_FREE_TEXT], 6):
            others.setdefault(self._languages.get(language, language.strip("#")).lower(), written)
        if main and self._is_english:
            return main
        english = next((written for language, written in others.items() if _is_english(language)), "")
        return english or main or next(iter(others.values()), "")


def _is_english(language: str) -> bool:
    return is_english(language) or language.endswith(("-en", "-eng", "_en", "_eng"))


def _localised(node: Any, levels: int) -> list[tuple[str, str]]:
    """(locale, text) of each LocalisedCharacterString inside."""
    if isinstance(node, list):
        return [pair for item in node for pair in _localised(item, levels)]
    if not isinstance(node, dict) or not levels:
        return []
    found = node.get("LocalisedCharacterString")
    if found is None:
        return [pair for item in node.values() for pair in _localised(item, levels - 1)]
    return [
        (str(item.get("@locale", "")), written)
        for item in (found if isinstance(found, list) else [found])
        if isinstance(item, dict) and (written := one(item.get("#text")))
    ]
