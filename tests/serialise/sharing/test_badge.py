"""Badges: images that say two words, whoever chose them, and nothing else."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ckanext.aivision.serialise.sharing.badge import Badge, write_badge

_SVG = "{http://www.w3.org/2000/svg}"


@given(label=some.text(max_size=100), value=some.text(max_size=100), about=some.text(max_size=400))
def test_whatever_it_says_is_text_in_a_well_formed_image_without_programs(label: str, value: str, about: str) -> None:
    image = ElementTree.fromstring(write_badge(Badge(label, value, "B", about)))
    kinds = {element.tag.removeprefix(_SVG) for element in image.iter()}
    assert kinds <= {"svg", "title", "clipPath", "rect", "g", "text"}
    assert not any(name.lower().startswith("on") or "href" in name for part in image.iter() for name in part.attrib)
    assert image.get("aria-label") == (image.findtext(f"{_SVG}title") or "")


def test_it_has_an_alternative_text_and_is_as_wide_as_its_words() -> None:
    short, long = (write_badge(Badge("AI readiness", words, "A", "Levels: A")) for words in ("A", "A · 91/100"))
    one, other = (ElementTree.fromstring(image) for image in (short, long))
    assert one.get("role") == "img"
    assert one.get("aria-label") == "Levels: A"
    assert float(one.get("width", 0)) < float(other.get("width", 0))


@pytest.mark.parametrize("grade", ["A", "B", "C", "D", "E", ""])
def test_white_words_can_be_read_on_every_colour(grade: str) -> None:
    image = write_badge(Badge("a", "b", grade, "c")).decode()
    colours = [part.split('"')[0] for part in image.split('fill="#')[1:]]
    for colour in colours:
        if colour != "fff":
            assert _contrast(colour) >= 4.5


def _contrast(colour: str) -> float:
    """Against white (WCAG 2.2, contrast ratio)."""
    full = colour if len(colour) == 6 else "".join(part * 2 for part in colour)
    parts = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
