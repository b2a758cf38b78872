"""The figures of the pages below /best-practice, row by row, as their files have them."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.compare.table.filters import NAMES
from ckanext.aivision.downloads.formats.json_rows import as_data
from ckanext.aivision.downloads.formats.registry import FORMATS
from ckanext.aivision.downloads.registry import FIGURES, NoFigure
from ckanext.aivision.downloads.work_out import want, work_out
from ckanext.aivision.errors import UsageError
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Several
from ckanext.aivision.logic.parameters import refuse, several
from ckanext.aivision.logic.shared_parameters import AS_OF, FILTERS, LENS, NAME, REQUIRED_NAME
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.answers.comparison import CHOICES, NoFigures

__all__ = ["aivision_figure_list", "aivision_figure_show"]
_CHOICES = {name: Several() for figure in FIGURES for name in figure.choices}
_NAMES = tuple(dict.fromkeys((*CHOICES, *NAMES, *_CHOICES)))


@toolkit.side_effect_free
@accepts()
def aivision_figure_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures that can be downloaded, and their formats.

    :returns: id, title ({subject} stands for what it is of), of (`criterion`, `dimension` or `agency`, whose id
        aivision_figure_show needs as `subject`; or empty), filters and lens (whether it can be narrowed by them),
        stored (whether the figures of past days are kept), choices (names that this figure takes beside filters) and
        formats (endings of its file, `/best-practice/figures/ID.csv` or `/best-practice/figures/ID/SUBJECT.csv`;
        tables that are no chart have no `svg` and `png`)
    """
    toolkit.check_access("aivision_figure_list", context, data_dict)
    return [
        {
            "id": figure.id,
            "title": figure.title,
            "of": figure.of,
            "filters": figure.takes_filters,
            "lens": figure.takes_lens,
            "stored": figure.stored,
            "choices": list(figure.choices),
            "formats": [name for name, form in FORMATS.items() if figure.drawn or not form.drawn],
        }
        for figure in FIGURES
    ]


@toolkit.side_effect_free
@accepts({"id": REQUIRED_NAME, "subject": NAME, "lens": LENS, "as_of": AS_OF, **_CHOICES, **FILTERS})
def aivision_figure_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One figure of the pages below /best-practice, as its files have it.

    :param id: of aivision_figure_list, such as `dimensions`
    :param subject: the id of what it is of, such as `licence-open` (only for figures that are of something)
    :param lens: for the figure `lens`: a name from `aivision_lens_list`
    :param as_of: the figures of this day (YYYY-MM-DD), or of the last day before it that has some
    :param country, level, agency, publisher, source, theme, kind, format, licence, year, looked_at: only these
        datasets, as in aivision_compare; a value, or a list of alternatives
    :param dimension, criterion, rubric_version, first, last: for figures whose `choices` have them, as their page
        takes them, such as `first` and `last` of `trends` (days, YYYY-MM-DD)
    :returns: figure, title, subject, source, url (a permalink), page, as_of, rubric_version, software, filters,
        choices ({name: [value]}), lens, sample, warning (as that all records are made up; or empty), licence (of the
        figures), citation, columns ([{name, title, unit, description, datatype}]) and rows ([{name: value}]). While the
        first figures are being computed as_of is null, and `message` says so
    :raises ValidationError: for a name or value that means nothing
    :raises NotFound: if there is no such figure, or there are no figures of the day
    """
    toolkit.check_access("aivision_figure_show", context, data_dict)
    pairs = [(name, value) for name in _NAMES for value in several(data_dict, name)]
    try:
        wanted = want(data_dict["id"], data_dict.get("subject", ""), pairs)
        return as_data(work_out(wanted)) if wanted is not None else read.as_data(None, None)
    except (NoFigure, NoFigures) as error:
        raise toolkit.ObjectNotFound(str(error)) from error
    except UsageError as error:
        refuse("message", str(error))
