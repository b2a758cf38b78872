"""Template helpers: the ways to take a figure away."""

from __future__ import annotations

import functools
from importlib import resources
from typing import NamedTuple

from markupsafe import Markup

from ckanext.aivision.downloads import addresses
from ckanext.aivision.downloads.formats.registry import FORMATS
from ckanext.aivision.downloads.registry import find_figure
from ckanext.aivision.downloads.work_out import Taken
from ckanext.aivision.snapshot.answers.comparison import Question

__all__ = ["aivision_chart_styles", "aivision_figure_files", "aivision_take_away"]

# Under each figure; the others are on its own page.
_ON_BAR = ("csv", "xlsx", "json", "svg", "png")


class Link(NamedTuple):
    """A format's name, and the address of the file."""

    title: str
    address: str


def aivision_take_away(figure: str, question: Question | None, subject: str = "") -> list[Link]:
    """The files of a figure that a page links to, and last, without a title, the figure's own page.

    figure: an id of `downloads.registry.FIGURES`. question: None for pages that cannot be narrowed.
    subject: the id of what the page is of, for figures of something.
    """
    found, question = find_figure(figure, subject), question or Question()
    offered = [FORMATS[name] for name in _ON_BAR if found.drawn or not FORMATS[name].drawn]
    files = [Link(form.title, addresses.path(found, question, subject, form.extension)) for form in offered]
    return [*files, Link("", addresses.path(found, question, subject))]


def aivision_figure_files(taken: Taken) -> list[Link]:
    """Every file of a figure, for the figure's own page."""
    question, subject = addresses.dated(taken.figure, taken.asked), taken.asked.subject
    return [
        Link(form.title, addresses.path(taken.figure, question, subject, form.extension))
        for form in FORMATS.values()
        if taken.content.marks or not form.drawn
    ]


@functools.cache
def aivision_chart_styles() -> Markup:
    """The styles of charts, for a page that loads nothing."""
    styles = resources.files("ckanext.aivision") / "assets" / "css" / "charts.css"
    return Markup(styles.read_text(encoding="utf-8"))  # noqa: S704 - our own file
