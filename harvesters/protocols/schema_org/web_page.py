"""The JSON-LD in a web page: what its `script` elements of that type hold (https://www.w3.org/TR/json-ld11/, 7)."""

from __future__ import annotations

from html.parser import HTMLParser

_TYPE = "application/ld+json"
_MOST_SCRIPTS = 100


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = next((value for name, value in attrs if name == "type" and value), "")
        self._is_inside = tag == "script" and kind.partition(";")[0].strip().lower() == _TYPE
        if self._is_inside and len(self.found) < _MOST_SCRIPTS:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside and self.found:
            self.found[-1] += data


def json_ld_texts(page: str) -> list[str]:
    """The texts of JSON-LD in a page, in their order."""
    scripts = _Scripts()
    scripts.feed(page)
    scripts.close()
    return [text for text in (found.strip() for found in scripts.found) if text]
