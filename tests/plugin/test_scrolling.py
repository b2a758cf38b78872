"""What scrolls in a page can be scrolled with the keyboard, and says what it is (WCAG 2.2, 2.1.1 and 4.1.2)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "ckanext-aivision" / "ckanext" / "aivision"
TEMPLATES = sorted(path for folder in ("templates", "site_templates") for path in (PACKAGE / folder).rglob("*.html"))
# What the style sheets let scroll where its content is wider or longer than the screen.
SCROLLING = re.compile(r"<pre\b[^>]*|<\w+ class=\"[^\"]*\b(?:table-responsive|aivision-dictionary-table)\b[^>]*")
NAMES = ('aria-label="', 'aria-labelledby="')


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_scrolls_is_a_named_region_that_the_keyboard_reaches(path: Path) -> None:
    for tag in SCROLLING.findall(path.read_text()):
        assert 'tabindex="0"' in tag, tag
        assert 'role="group"' in tag, tag
        assert any(name in tag for name in NAMES), tag


def test_there_is_something_that_scrolls() -> None:
    assert sum(len(SCROLLING.findall(path.read_text())) for path in TEMPLATES) > 10
