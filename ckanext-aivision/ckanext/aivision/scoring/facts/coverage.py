"""The place and the period that a record tells in words: in its title, its description or the title of a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ckanext.aivision.normalise.geography.place_names import find_place
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.normalise.year_spans import find_period, find_year
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.facts.formats import format_of
from ckanext.aivision.scoring.results import Finding, valued

# What words are worth: a reader understands them, and most programs do not.
IN_WORDS = 0.9
# After these words the name of an office is that of its area.
_AREA_OF = re.compile(r"\b(?:in|within|across|throughout)(?: the)? $", re.IGNORECASE)
# A record of many files tells the periods of each in their titles.
_MOST_FILES, _LONGEST_FILE_TITLE = 200, 500


def place_in_words(dataset: Dataset) -> Finding | None:
    """The place that the record names, which its publisher's name alone does not; None if it names none."""
    publisher = (dataset.publisher.name or "").strip() if dataset.publisher else ""

    def place(text: str) -> str | None:
        # A short name may be the place itself.
        return find_place(_without(text, publisher) if " " in publisher and publisher in text else text)

    return _first(dataset, place, place)


def period_in_words(dataset: Dataset, latest: int) -> Finding | None:
    """The period that the record tells; None if it tells none. latest: the last year in which data can end."""

    def in_title(text: str) -> str | None:
        return find_period(text, latest) or find_year(text, latest)

    return _first(dataset, in_title, lambda text: find_period(text, latest))


def _first(
    dataset: Dataset, in_title: Callable[[str], str | None], in_text: Callable[[str], str | None]
) -> Finding | None:
    for field, text, is_title in _texts(dataset):
        if (words := (in_title if is_title else in_text)(text)) is not None:
            return valued(IN_WORDS, field, f"in words: {words}")
    return None


def _texts(dataset: Dataset) -> Iterator[tuple[str, str, bool]]:
    """The field, the text and whether it is a title."""
    yield "title", plain(dataset.title), True
    if dataset.description and not is_placeholder(dataset.description):
        yield "description", plain(dataset.description), False
    for item in dataset.distribution[:_MOST_FILES]:
        if item.title and not _is_paper(item):
            yield "distribution[].title", plain(item.title[:_LONGEST_FILE_TITLE]), True


def _is_paper(distribution: Distribution) -> bool:
    """Whether it is a document or a picture, whose year may be that of a conference or a report."""
    found = format_of(distribution)
    return found is not None and found.kind in ("document", "image")


def _without(text: str, publisher: str) -> str:
    """The text without the publisher's name, unless it stands for the area."""
    parts = text.split(publisher)
    kept = parts[0]
    for part in parts[1:]:
        kept += (publisher if _AREA_OF.search(kept) else "") + part
    return kept
