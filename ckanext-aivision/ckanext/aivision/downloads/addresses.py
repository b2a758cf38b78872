"""Where a figure is found: its own page, its files, the page to embed, and the page that it stands on."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from ckan.plugins import toolkit

from ckanext.aivision.downloads.registry import Figure
from ckanext.aivision.downloads.table import Asked
from ckanext.aivision.snapshot.answers.comparison import Question

_FIGURES, _EMBED = "/best-practice/figures", "/best-practice/embed"


def figure_page(figure: Figure, question: Question, subject: str = "") -> str:
    """The address of a figure's own page, whole."""
    return _site() + _path(_FIGURES, figure, question, subject)


def file(figure: Figure, question: Question, subject: str, extension: str) -> str:
    """The address of a figure's file, whole."""
    return _site() + _path(_FIGURES, figure, question, subject, f".{extension}")


def embedded(figure: Figure, question: Question, subject: str) -> str:
    """The address of the page that other sites can embed, whole."""
    return _site() + _path(_EMBED, figure, question, subject)


def page(figure: Figure, question: Question, subject: str) -> str:
    """The address of the page that a figure stands on, narrowed alike, whole."""
    about = {"id": subject} if figure.of in ("criterion", "agency") else {}
    address: str = toolkit.url_for(figure.endpoint, locale="default", _external=True, **about)
    own = question if figure.stored else question._replace(as_of=None)
    return _with(address, own) + (f"#{subject}" if figure.of == "dimension" else "")


def path(figure: Figure, question: Question, subject: str = "", extension: str = "") -> str:
    """The address of a figure's own page, or of a file, on this site: as short as links on pages can be."""
    root: str = toolkit.url_for("aivision_best_practice.show", locale="default").removesuffix("/best-practice")
    return root + _path(_FIGURES, figure, question, subject, f".{extension}" if extension else "")


def is_permanent(figure: Figure, question: Question) -> bool:
    """Whether the figures of a day are kept for good: those of all datasets are, and no others."""
    return figure.stored and not question.filters


def dated(figure: Figure, asked: Asked) -> Question:
    """The question with the day of the figures, if they are kept."""
    if not is_permanent(figure, asked.question):
        return asked.question
    return asked.question._replace(as_of=asked.snapshot.moment.date())


def _site() -> str:
    whole: str = toolkit.url_for("aivision_best_practice.show", locale="default", _external=True)
    return whole.removesuffix("/best-practice")


def _path(start: str, figure: Figure, question: Question, subject: str, ending: str = "") -> str:
    own = question if figure.takes_lens else question._replace(lens="")
    parts = [start, figure.id, *([quote(subject)] if subject else [])]
    return _with("/".join(parts) + ending, own)


def _with(address: str, question: Question) -> str:
    pairs = question.pairs()
    return f"{address}?{urlencode(pairs)}" if pairs else address
