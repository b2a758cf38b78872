"""A comparison as tables for a terminal of 80 columns."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.compare.estimates.figures import (
    Country,
    Difference,
    LensComparison,
    Mean,
    Measure,
    Overview,
    Share,
)
from ckanext.aivision.compare.estimates.method import Clustering, Method
from ckanext.aivision.compare.estimates.verdict_sentences import format_difference
from ckanext.aivision.compare.tallies.known_share import percent

LISTED = 12  # agencies of a country


def print_overview(overview: Overview, console: Console) -> None:
    """Prints notes, samples, dimensions, criteria, what was left out, weights, clusters and agencies."""
    first, second = overview.countries
    dates = {str(date) for date in (overview.first_date, overview.last_date) if date}
    console.print(Text(f"{first.label} and {second.label} compared", style="bold"))
    if overview.banner:
        console.print(Text(overview.banner, style="bold"))
    as_of = f", evaluated as of {' to '.join(sorted(dates))}" if dates else ""
    console.print(f"rubric {overview.rubric_version}{as_of}", highlight=True)
    if overview.sources:
        console.print(_from_records(f"sources: {'; '.join(overview.sources)}"))
    for note in overview.notes:  # The first note is the verdict.
        console.print(_from_records(f"- {note}"))
    lens = [] if overview.lens is None or overview.lens.lacking else [_lens(overview, overview.lens)]
    if overview.lens is not None:
        console.print(_from_records(f"- {overview.lens.verdict}"))
    for table in (_samples(overview), *lens, _dimensions(overview), _criteria(overview)):
        console.print()
        console.print(table)
    console.print(
        Text(
            "Means are 0 to 100, with 95 % confidence intervals in brackets. The number after a dimension shows how "
            "many of its criteria are known for both countries. A dash means that too little is known for a mean: "
            f"less than {overview.method.least_known:.0f} %, or almost no dataset can fail."
        )
    )
    console.print(Text(_ahead(overview.method)))
    if overview.left_out:
        console.print()
        console.print(_left_out(overview))
    console.print()
    console.print(Text(_weights(overview)))
    console.print(Text(_clusters(overview)))
    for country in overview.countries:
        if country.agencies:
            console.print()
            console.print(_agencies(overview, country))


def _ahead(method: Method) -> str:
    return (
        "A country is ahead if the interval of the difference excludes zero, counting each agency with at least "
        f"{method.least_of_agency} datasets once. Of the criteria and of the dimensions, which are many, the p-value "
        f"must be below {1 - method.level:.2f} after {method.correction}'s correction as well; the intervals shown are "
        "not corrected."
    )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, collapse_padding=True)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", overflow="fold")
    return table


def _samples(overview: Overview) -> Table:
    first, second = overview.countries
    table = _table("Sample sizes, and how agencies differ within each country", "", first.label, second.label)
    both = (first, second)
    table.add_row("Datasets", *(f"{row.data_sets:,}" for row in both))
    table.add_row("Agencies", *(f"{row.agencies:,}" for row in both))
    table.add_row("  too small to be counted once", *(f"{row.agencies_left_out:,}" for row in both))
    table.add_row("Publishers", *(f"{row.publishers:,}" for row in both))
    table.add_row("Share of the largest agency", *(_percent(row.largest_share) for row in both))
    table.add_row("Agencies' own scores: 10th percentile", *(_number(row.spread.p10) for row in both))
    table.add_row("  median", *(_number(row.spread.p50) for row in both))
    table.add_row("  90th percentile", *(_number(row.spread.p90) for row in both))
    table.add_row("Questions answered", *(_percent(overview.overall.countries[row.code].known) for row in both))
    for place, grade in enumerate(first.grades):
        shares = (f"{_share(row.grades[place].by_data_set)}" for row in both)
        table.add_row(f"Grade {grade.grade}, share of datasets", *shares)
    return table


def _lens(overview: Overview, lens: LensComparison) -> Table:
    """Means by group of a framework; nested groups are indented."""
    first, second = overview.countries
    heads = ("", "by", first.label, second.label, f"{first.label} minus {second.label}")
    table = _table(printable(f"Seen through {lens.title} ({lens.publisher}), over what is known for both"), *heads)
    for measure in (lens.overall, *lens.groups):
        _add_comparison(table, measure, "  " if measure.dimension else "")
    return table


def _dimensions(overview: Overview) -> Table:
    first, second = overview.countries
    heads = ("", "by", first.label, second.label, f"{first.label} minus {second.label}")
    table = _table("Overall and by dimension, over the criteria known for both", *heads)
    whole = [overview.overall.countries[row.code] for row in (first, second)]
    table.add_row("Own score (everything known)", "agency", *(_mean(row.by_agency) for row in whole))
    table.add_row("", "dataset", *(_mean(row.by_data_set) for row in whole))
    for measure in (overview.overall, *overview.dimensions):
        _add_comparison(table, measure)
    return table


def _add_comparison(table: Table, measure: Measure, indent: str = "") -> None:
    found = measure.comparison
    title = Text(printable(f"{indent}{measure.title} {found.criteria}/{found.of_criteria}"))
    verdict = f"{indent}  {found.verdict}"
    for head, name, gap in ((title, "agency", found.by_agency), (verdict, "dataset", found.by_data_set)):
        table.add_row(head, name, _mean(gap.first), _mean(gap.second), _gap(gap))


def _criteria(overview: Overview) -> Table:
    first, second = overview.countries
    table = _table(
        "By criterion: mean by agency, and share known",
        "",
        first.label,
        "known",
        second.label,
        "known",
        f"{first.label} minus {second.label}",
    )
    dimension = ""
    for measure in overview.criteria:
        if measure.dimension != dimension:
            dimension = measure.dimension
            table.add_row(Text(dimension.capitalize(), style="bold"))
        cells = [cell for row in (first, second) for cell in _pair(measure, row)]
        found = measure.comparison
        gap = "-" if found.distinguishable is None else _format_points(found.by_agency.value)
        table.add_row(Text(measure.title), *cells, gap)
        table.add_row(f"  {found.verdict}")
    return table


def _pair(measure: Measure, country: Country) -> tuple[str, str]:
    found = measure.countries[country.code]
    return _number(found.by_agency.value), _percent(found.known)


def _left_out(overview: Overview) -> Table:
    table = _table("Left out of the differences", "Criterion")
    table.add_column("Why", overflow="fold")
    for row in overview.left_out:
        table.add_row(Text(row.title), Text(row.reason))
    return table


def _weights(overview: Overview) -> str:
    found = overview.sensitivity
    if found.by_agency is None or found.by_data_set is None:
        return f"Other weights: not computed, {found.note}."
    counted = (("agency", found.by_agency), ("dataset", found.by_data_set))
    sentences = (
        f"by {name} the difference is {_format_points(steady.difference)}, "
        f"with equal weights {_format_points(steady.equal_weights)}; "
        f"its sign is the same in {steady.same_sign:,} of {found.weightings:,} sets of random weights"
        for name, steady in counted
    )
    return f"Other weights: {'; '.join(sentences)}."


def _clusters(overview: Overview) -> str:
    """The overall difference by dataset, under each way to group datasets."""
    value = overview.overall.comparison.by_data_set.value
    if value is None:
        return "Other clusters: not computed, as there is no difference."
    told = "; ".join(_cluster(row) for row in overview.clustering)
    return (
        f"Other clusters: counting each dataset once, the difference is {format_difference(value)}; its interval is "
        f"{told}."
    )


def _cluster(row: Clustering) -> str:
    number = f"if datasets of one {row.by} are alike ({row.first:,} and {row.second:,})"
    if row.interval is None:
        return f"not known {number}: {row.note}"
    return f"{format_difference(row.interval.low)} to {format_difference(row.interval.high)} {number}"


def _agencies(overview: Overview, country: Country) -> Table:
    title = f"Agencies of the {country.label}, by number of datasets (not a ranking)"
    table = _table(title, "Agency", "datasets", "own score", "known", "")
    rows = [row for row in overview.agencies if row.country == country.code]
    for row in rows[:LISTED]:
        sample = "small sample" if row.small_sample else ""
        table.add_row(_from_records(row.title), f"{row.data_sets:,}", _number(row.mean), _percent(row.known), sample)
    if len(rows) > LISTED:
        table.add_row(f"and {len(rows) - LISTED:,} more: see --format json")
    return table


def _from_records(text: str) -> Text:
    """Text that contains names from records, made safe for a terminal and without markup."""
    return Text(printable(text))


def _mean(mean: Mean) -> str:
    if mean.interval is None:
        return _number(mean.value)
    return f"{_number(mean.value)} ({_number(mean.interval.low)}-{_number(mean.interval.high)})"


def _gap(found: Difference) -> str:
    if found.interval is None:
        return "-"
    return (
        f"{_format_points(found.value)} ({_format_points(found.interval.low)} to {_format_points(found.interval.high)})"
    )


def _share(share: Share) -> str:
    if share.interval is None:
        return _percent(share.value)
    low, high = (_percent(end).removesuffix(" %") for end in (share.interval.low, share.interval.high))
    return f"{_percent(share.value)} ({low}-{high})"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def _format_points(value: float | None) -> str:
    """In whole points, or with decimals if it would round to zero."""
    if value is None:
        return "-"
    return f"{value:+.0f}" if round(value) else format_difference(value)


def _percent(value: float | None) -> str:
    return "-" if value is None else percent(value, 100)
