"""From what an address asks for to a figure with all that is said beside it."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from ckan.plugins import toolkit

from ckanext.aivision import __version__
from ckanext.aivision.downloads import addresses
from ckanext.aivision.downloads.registry import Figure, find_figure
from ckanext.aivision.downloads.table import Asked, Content
from ckanext.aivision.errors import UsageError
from ckanext.aivision.normalise import licences
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.answers.comparison import NoFigures, read_question

_LONGEST_TAG = 80
_NO_WORD = re.compile(r"[^a-z0-9]+")


class Wanted(NamedTuple):
    """A figure that is asked for, before it is worked out."""

    figure: Figure
    asked: Asked

    @property
    def etag(self) -> str:
        """Changes with the snapshot, the software and the question: what is the same gives the same figures."""
        words = [__version__, self.figure.id, self.asked.subject, *map("=".join, self.asked.question.pairs())]
        digest = hashlib.sha256("\n".join(words).encode(errors="replace")).hexdigest()[:16]
        return f"{self.asked.snapshot.folder.name}-{digest}"


class Taken(NamedTuple):
    """A figure worked out. title: of the figure, in words. rubric: its version."""

    figure: Figure
    asked: Asked
    content: Content
    title: str
    rubric: str

    @property
    def moment(self) -> datetime.datetime:
        """The moment (UTC) of the figures."""
        return self.asked.snapshot.moment

    @property
    def moment_in_words(self) -> str:
        """`30 November 2026, 14:05 UTC`, in files of every language."""
        return f"{self.moment.day} {self.moment:%B %Y, %H:%M} UTC"

    @property
    def only(self) -> list[str]:
        """What it is narrowed to: `theme: health`."""
        return [f"{name.replace('_', ' ')}: {value}" for name, value in self.asked.question.filters.pairs()]

    @property
    def permalink(self) -> str:
        """The address that gives these figures again, as long as that can be promised; otherwise the newest ones."""
        return addresses.figure_page(self.figure, addresses.dated(self.figure, self.asked), self.asked.subject)

    @property
    def is_permanent(self) -> bool:
        """Whether the permalink gives the same day's figures for good."""
        return addresses.is_permanent(self.figure, self.asked.question)

    @property
    def citation(self) -> str:
        """In one line, with the moment and the version of the rubric."""
        return (
            f"{site()} ({self.moment:%Y}). {self.title}{self._narrowed()}. Figures as of {self.moment_in_words}, "
            f"rubric {self.rubric}. {self.permalink}"
        )

    def file_name(self, extension: str) -> str:
        """`aivision-licensed-us-uk-2026-11-30.csv`: letters, digits, hyphens and the dot of the extension only."""
        countries = self.asked.question.filters.chosen.get("country") or tuple(COUNTRIES)
        tag = self.figure.tag.format(subject=self.asked.subject or self.content.subject)
        chosen = [value for name, value in self.asked.question.filters.pairs() if name != "country"]
        both = self.figure.of != "agency" and "country" not in self.figure.choices
        words = [tag, *([COUNTRIES[code] for code in countries] if both else []), *chosen]
        name = _NO_WORD.sub("-", "-".join(words).lower()).strip("-")[:_LONGEST_TAG].strip("-")
        return f"aivision-{name}-{self.moment:%Y-%m-%d}.{extension}"

    def metadata(self) -> dict[str, Any]:
        """What goes with the figures in every file."""
        question = self.asked.question
        return {
            "figure": self.figure.id,
            "title": self.title,
            "subject": self.asked.subject,
            "source": site(),
            "url": self.permalink,
            "page": addresses.page(self.figure, question, self.asked.subject),
            "as_of": self.asked.snapshot.as_of,
            "rubric_version": self.rubric,
            "software": f"ckanext-aivision {__version__}",
            "filters": {name: list(values) for name, values in question.filters.chosen.items()},
            "choices": {name: [value] for name, value in question.choices},
            "lens": question.lens,
            "sample": self.content.sample,
            "warning": self.content.banner,
            "licence": licence(),
            "citation": self.citation,
        }

    def _narrowed(self) -> str:
        only = [*self.only, *(f"{name.replace('_', ' ')}: {value}" for name, value in self.asked.question.choices)]
        return f" (only {'; '.join(only)})" if only else ""


def want(id: str, subject: str, pairs: Iterable[tuple[str, str]]) -> Wanted | None:
    """What an address asks for. pairs: the names and values in it. None while there is no snapshot.

    Raises NoFigure if there is no such figure, UsageError for a name or value that means nothing, NoFigures where there
    are no figures of the day.
    """
    figure, given = find_figure(id, subject), list(pairs)
    question = read_question((name, value) for name, value in given if name not in figure.choices)
    if question.filters and not figure.takes_filters:
        raise UsageError(f"{next(iter(question.filters.chosen))}: this figure cannot be narrowed")
    chosen = ((name, value.strip()) for name, value in given if name in figure.choices)
    question = question._replace(choices=tuple((name, value) for name, value in chosen if value))
    if not figure.takes_lens:
        question = question._replace(lens="")
    snapshot = read.newest() if question.as_of is None else read.as_of(question.as_of)
    if snapshot is None:
        if question.as_of is not None:
            raise NoFigures(f"as_of={question.as_of}: there are no figures of that day or an earlier one")
        return None
    return Wanted(figure, Asked(question, snapshot, subject))


def work_out(wanted: Wanted) -> Taken:
    """Works a figure out.

    Raises UsageError where a filter names what no dataset has, NoFigures where the snapshot has no such figures.
    """
    figure, asked = wanted
    content = figure.build(asked)
    banner = asked.of_all.banner
    title = figure.title.format(subject=content.subject)
    return Taken(figure, asked, content._replace(banner=banner), title, asked.of_all.rubric_version)


def site() -> str:
    """The name of this catalogue, as it is cited."""
    return str(toolkit.config.get("ckan.site_title") or "ckanext-aivision")


def licence() -> str:
    """The address of the licence of the figures, or what else the setting says."""
    stated = str(toolkit.config.get("ckanext.aivision.figures_licence") or "").strip()
    known = licences.info(licences.clean(stated).id or "")
    return known.uri if known is not None and known.uri else stated
