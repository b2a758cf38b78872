"""Reading agencies, criteria and evaluations of the newest snapshot."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.compare.estimates.agency_figures import AGENCY_FIGURES
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.table import listing
from ckanext.aivision.compare.table.agency_counts import narrowed
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.errors import UsageError
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.docstring import lists
from ckanext.aivision.logic.parameter_types import Choice, Flag, Several, Text, Whole
from ckanext.aivision.logic.parameters import cursor, filters, refuse, refused_filter, several, some_of
from ckanext.aivision.logic.shared_parameters import FILTERS, GRADED, REQUIRED_NAME, limit
from ckanext.aivision.scoring.guidance import cite_all
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.answers import agency_profile as profile
from ckanext.aivision.snapshot.answers import criteria
from ckanext.aivision.snapshot.answers.agencies import SORTS, agency_page, agency_rows
from ckanext.aivision.snapshot.answers.still_public import still_public

__all__ = [
    "aivision_agency_list",
    "aivision_agency_show",
    "aivision_criterion_list",
    "aivision_criterion_show",
    "aivision_evaluation_list",
]
_USUAL_ROWS = 100
_EXAMPLES = 5
_LARGEST_OFFSET = 1_000_000


@toolkit.side_effect_free
@lists(figures=AGENCY_FIGURES)
@accepts(
    {
        **FILTERS,
        "counted": Flag(),
        "sort": Choice(known=lambda: SORTS, usual=SORTS[0]),
        "limit": limit(_USUAL_ROWS),
        "offset": Whole(least=0, most=_LARGEST_OFFSET, usual=0),
    }
)
def aivision_agency_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The agencies with public datasets, and their figures in the newest snapshot.

    :param country, level, agency, publisher, source, theme, kind, format, licence, year, looked_at: count only these
        datasets, as in aivision_compare; a value, or a list of alternatives
    :param counted: `true` for only the agencies with enough datasets to count in comparisons, `false` for only the
        others (optional)
    :param sort: `data_sets` (the default; most first), `data_sets asc`, `mean` (highest first), `mean asc`, `title` or
        `title desc`
    :param limit: the maximum number of agencies, 1 to 1000; default 100 (optional)
    :param offset: how many to pass over (optional)
    :returns: as_of (the moment of the figures, UTC), count (all agencies that the filters leave) and agencies: id,
        title, country, level, parent (the id of the body above it, or empty), {figures} and grades
        ({grade: datasets}). While the first figures are being computed as_of is null, and `message` says so
    :raises ValidationError: for a name or value that means nothing
    """
    toolkit.check_access("aivision_agency_list", context, data_dict)
    chosen, sort = filters(data_dict), data_dict.get("sort", SORTS[0])
    size, start, counted = data_dict.get("limit", _USUAL_ROWS), data_dict.get("offset", 0), data_dict.get("counted")
    with _newest() as found:
        if found is None:
            return _computing()
        try:
            rows = agency_rows(found.table, found.figures, chosen, sort, counted)
        except UsageError as error:
            refused_filter(error)
        return {"as_of": found.as_of, "count": len(rows), "agencies": rows[start : start + size]}


@toolkit.side_effect_free
@accepts(id=REQUIRED_NAME)
def aivision_agency_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One agency, and its figures in the newest snapshot.

    :param id: the id of the agency, such as `us-026` or `gb-cabinet-office`
    :returns: as in aivision_agency_list, and kind (of body), parent ({id, title} or null), bureaus (the bodies right
        below it: [{id, title, data_sets}]), ended (when it closed, or empty), overall (the mean of its country's
        agencies, each counted once: {mean, low, high, agencies, too_little}), dimensions ([{id, title, mean, data_sets,
        known, too_little, of_country (as overall)}]), criteria ([{id, title, dimension, question, fix, weight, passed,
        partial, failed, unknown, not_applicable (numbers of datasets), mean (of the known values, 0-100), of_country,
        too_little (why its mean says little, or empty), behind (points below the mean of its country's agencies, or
        null), gain (points that its mean score would rise at least if all its datasets passed)}]), gaps (ids of the
        criteria that are behind; first those that cost it most in its scores), strengths (those ahead), peers (the
        other agencies of its country and level with enough datasets: {level, agencies ([{id, title, mean}]), low,
        median, high (percentiles 10, 50 and 90 of their means, or null), dimensions ({id: {median, agencies}})}),
        publishers ([{id, title, data_sets}]) and sources ([{name, data_sets}]), largest first, lowest (its
        public datasets with the lowest grades and scores: [{id, name, title, grade, gate, score}]); as_of. The
        datasets of its bureaus are theirs. While the first figures are being computed as_of is null, and `message` says
        so
    :raises NotFound: if there is no such agency
    """
    toolkit.check_access("aivision_agency_show", context, data_dict)
    id = data_dict["id"]
    if id not in load_register().agencies:
        raise toolkit.ObjectNotFound(toolkit._("There is no such agency; aivision_agency_list has their ids"))
    with _newest() as found:
        if found is None:
            return _computing()
        shown = agency_page(found.table, found.figures, id)
        return {**shown, "lowest": _lowest(found, id), "as_of": found.as_of}


@toolkit.side_effect_free
@accepts(dimension=Choice(known=lambda: DIMENSIONS))
def aivision_criterion_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The criteria of the rubric, with the countries' figures in the newest snapshot.

    :param dimension: only criteria of this dimension, such as `licensed` (optional)
    :returns: as_of (null while there are no figures), rubric_version and criteria: id, title, dimension, depth (what
        has to be looked at: metadata, links or content), question, weight, verdict (of the comparison, in words) and
        countries ({code: {mean (of the agencies' means, 0-100), passed (per cent of the known results), known (per
        cent), data_sets, agencies, too_little (why there is no mean)}}); without figures where there are none
    :raises ValidationError: if there is no such dimension
    """
    toolkit.check_access("aivision_criterion_list", context, data_dict)
    dimension = data_dict.get("dimension", "")
    newest, rubric = read.newest(), load()
    figures = newest.figures() if newest is not None else None
    rows = [criteria.criterion_row(row, figures) for row in rubric.everything if dimension in ("", row.dimension)]
    moment = newest.as_of if newest is not None and figures is not None else None
    return {"as_of": moment, "rubric_version": rubric.version, "criteria": rows}


@toolkit.side_effect_free
@accepts(id=REQUIRED_NAME)
def aivision_criterion_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One criterion of the rubric, with its figures in the newest snapshot.

    :param id: the id of the criterion, such as `licence-open`
    :returns: as in aivision_criterion_list, and reason, rule, fix, form_field, sources (codes of the clauses that it
        rests on), citations ({code: {title, url, document, asks}}), figures (of each country and between them, as in
        aivision_compare; null if there are none), agencies ([{id, title, passed, partial, failed, unknown,
        not_applicable, mean}], largest first) and examples ({pass, fail: [{id, name, title, country, publisher}]})
    :raises NotFound: if there is no such criterion
    """
    toolkit.check_access("aivision_criterion_show", context, data_dict)
    row = criteria.find_criterion(data_dict["id"])
    if row is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such criterion; aivision_criterion_list has their ids"))
    about = {
        **{name: getattr(row, name) for name in ("reason", "rule", "fix", "form_field", "sources")},
        "citations": msgspec.to_builtins(cite_all(row.sources)),
    }
    with _newest() as found:
        if found is None:
            return {**criteria.criterion_row(row, None), **about, **_computing()}
        return {
            **criteria.criterion_row(row, found.figures),
            **about,
            "figures": criteria.figures_of(criteria.measure_of(row.id, found.figures)),
            "agencies": criteria.agency_shares(found.table, row.id, _everything(found)),
            "examples": _examples(found, row.id),
            "as_of": found.as_of,
        }


@toolkit.side_effect_free
@accepts(
    {
        **FILTERS,
        **GRADED,
        "criterion": Several(),
        "sort": Choice(known=lambda: listing.SORTS, usual=listing.SORTS[0]),
        "fields": Several(),
        "limit": limit(_USUAL_ROWS),
        "after": Text(),
    }
)
def aivision_evaluation_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The evaluations of public datasets in the newest snapshot, from their metadata alone.

    :param country, level, agency, publisher, source, theme, kind, format, licence, year, looked_at: only these
        datasets, as in aivision_compare; a value, or a list of alternatives
    :param grade, min_score: only datasets with this grade (A to E), and with at least this score (0 to 100)
    :param criterion: only datasets with this result of a criterion, such as `licence-open.fail`; of a list, results of
        the same criterion are alternatives, and those of different criteria must all hold
    :param sort: `grade` (the default; best first, then highest score), `grade desc`, `score` (highest first), `score
        asc`, `title`, `title desc`, `modified` (in this catalogue; newest first) or `modified asc`
    :param fields: which of the fields to return, a list or with commas between; default: all (optional)
    :param limit: the maximum number of datasets, 1 to 1000; default 100 (optional)
    :param after: `next` of the page before, to get the page after it (optional)
    :returns: as_of (the moment of the figures, UTC), count (all datasets that the filters leave), next (null on the
        last page) and evaluations: id, name, title, country, level, agency, publisher, publisher_title, source, sample
        (whether it is made up), themes, kinds, formats, licence, licence_class, year, looked_at, modified, grade, gate
        (that limits the grade, or empty), score (0-100), coverage (0-1), reference_date, dimensions ({id: score}),
        results ({criterion: pass, partial, fail, unknown or not-applicable}) and values ({criterion: 0 to 1, or null}).
        A dataset that is no longer public is left out, so that a page may be shorter than `limit`. While the first
        figures are being computed as_of is null, and `message` says so
    :raises ValidationError: for a name or value that means nothing
    """
    toolkit.check_access("aivision_evaluation_list", context, data_dict)
    sort = data_dict.get("sort", listing.SORTS[0])
    asked = listing.Asked(
        filters=filters(data_dict),
        **{name: data_dict[name] for name in GRADED if name in data_dict},
        sort=sort,
        after=cursor(data_dict, sort),
        limit=data_dict.get("limit", _USUAL_ROWS),
        fields=some_of(data_dict, "fields", listing.FIELDS),
    )
    wanted = several(data_dict, "criterion")
    with _newest(read.Snapshot.datasets) as found:
        if found is None:
            return _computing()
        try:
            results = listing.read_results(wanted, found.table.criteria)
        except UsageError as error:
            refuse("criterion", str(error))
        try:
            page = listing.page(found.table, msgspec.structs.replace(asked, results=results))
        except UsageError as error:
            refused_filter(error)
        return {
            "as_of": found.as_of,
            "count": page.total,
            "next": listing.to_text(page.after) if page.after is not None else None,
            "evaluations": _still_public(page.rows, asked.fields),
        }


def _examples(found: _Found, criterion: str) -> dict[str, list[dict[str, Any]]]:
    behind = criteria.behind(found.snapshot, criterion, _everything(found), _EXAMPLES)
    # Removed meanwhile, or made by an earlier version of this software.
    return behind.examples if behind is not None else {"pass": [], "fail": []}


def _everything(found: _Found) -> tuple[str, list[object]]:
    return narrowed(Filters(), found.figures.samples)


def _lowest(found: _Found, agency: str) -> list[dict[str, Any]]:
    try:
        groups, table = found.snapshot.groups(), found.snapshot.datasets()
        with contextlib.closing(groups.connection), contextlib.closing(table.connection):
            rows = profile.lowest(found.snapshot.members(groups), table, agency, found.figures.samples)
    except OSError:
        return []
    public = still_public(row["id"] for row in rows)
    return [{**row, **public[row["id"]]} for row in rows if row["id"] in public][: profile.LOWEST]


def _still_public(rows: list[dict[str, Any]], fields: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows of public datasets, with the names and titles that they have now."""
    public = still_public(row["id"] for row in rows)
    named = [{**row, **public[row["id"]]} for row in rows if row["id"] in public]
    return [{field: row[field] for field in fields} for row in named]


class _Found(msgspec.Struct, frozen=True):
    """as_of: the moment of the snapshot (UTC)."""

    as_of: str
    snapshot: read.Snapshot
    table: DatasetTable
    figures: Overview


@contextlib.contextmanager
def _newest(open_table: Callable[[read.Snapshot], DatasetTable] = read.Snapshot.groups) -> Iterator[_Found | None]:
    """The newest snapshot, opened; None while there is none that can be read."""
    # It may have been removed meanwhile, and a newer one is there.
    found = _opened(open_table) or _opened(open_table)
    if found is None:
        yield None
        return
    with contextlib.closing(found.table.connection):
        yield found


def _opened(open_table: Callable[[read.Snapshot], DatasetTable]) -> _Found | None:
    newest = read.newest()
    figures = newest.figures() if newest is not None else None
    if newest is None or figures is None:
        return None
    try:
        return _Found(newest.as_of, newest, open_table(newest), figures)
    except OSError:
        return None


def _computing() -> dict[str, Any]:
    return read.as_data(None, None)
