"""SVG and PNG: the chart with its title, sample sizes, moment, source and versions in the picture itself."""

from __future__ import annotations

from ckanext.aivision.compare.charts.picture import Group, Picture, describe
from ckanext.aivision.downloads import pictures
from ckanext.aivision.downloads.work_out import Taken, licence, site
from ckanext.aivision.snapshot.answers.comparison import NoFigures


def svg(taken: Taken) -> bytes:
    """Raises NoFigures where there is nothing to draw, Busy while too many are being drawn, NotDrawn if that fails."""
    return pictures.draw(picture(taken), "svg", taken.asked.snapshot.folder.name)


def png(taken: Taken) -> bytes:
    """Raises as `svg`."""
    return pictures.draw(picture(taken), "png", taken.asked.snapshot.folder.name)


def is_stored(taken: Taken, form: str) -> bool:
    """Whether an image needs no drawing. form: `svg` or `png`. Raises NoFigures where there is nothing to draw."""
    return pictures.is_stored(picture(taken), "png" if form == "png" else "svg", taken.asked.snapshot.folder.name)


def text_alternative(taken: Taken) -> str:
    """The picture in words. Raises NoFigures where there is nothing to draw."""
    return f"{describe(picture(taken))} Figures as of {taken.moment_in_words}."


def picture(taken: Taken) -> Picture:
    """The chart of a figure with all that is said in it. Raises NoFigures where there is nothing to draw."""
    marks = taken.content.marks
    if marks is None or not (marks.trend or any(rows for _, rows in marks.groups)):
        raise NoFigures("there is nothing to draw: use CSV, XLSX or JSON")
    only = f"Only datasets with {'; '.join(taken.only)}." if taken.only else ""
    source = f"Source: {site()}, {taken.permalink}"
    return Picture(
        title=taken.title,
        labels=marks.labels,
        scale=marks.scale,
        groups=[Group(title, rows) for title, rows in marks.groups if rows],
        notes=[line for line in (taken.content.banner, only, marks.note) if line],
        footer=[
            f"Figures as of {taken.moment_in_words}, judged from metadata alone. Rubric {taken.rubric}.",
            source,
            *([f"Licence: {licence()}"] if licence() else []),
        ],
        unit=marks.unit,
        bars=marks.bars,
        verdicts=marks.verdicts,
        trend=marks.trend,
    )
