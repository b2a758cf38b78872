"""`ckan aivision adopt`: looks at a catalogue that had datasets before, and states the country of its organizations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import yaml
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from ckanext.aivision.catalogue.adoption import Survey, give_country, is_organization, survey
from ckanext.aivision.catalogue.merged_schema import merged_schema
from ckanext.aivision.catalogue.tables.dataset_types import DEFAULT
from ckanext.aivision.cli.ckan.one_line import one_line_errors
from ckanext.aivision.cli.output.destination import opened
from ckanext.aivision.cli.output.format_registry import format_option, write_report
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import COUNTRIES

_HEADER = """\
# Which of our fields your own fields are, for the setting ckanext.aivision.field_map.
# A line without a value is not read. A name with a dot is a part of a field that repeats, such as contact.email.
"""
_SCHEMA_HEADER = """\
# Your own schema with the fields of ckanext-aivision added. It needs the plugins aivision_schema and dcat, and in
# scheming.presets, beside your own, ckanext.scheming:presets.json and ckanext.dcat.schemas:presets.yaml.
"""
_ROWS = 40


class SurveyReport:
    """What a catalogue has, and what would have to change."""

    def __init__(self, found: Survey) -> None:
        self._found = found

    def print_table(self, console: Console) -> None:
        """Prints what there is: fields, licences, countries, and datasets that the form would refuse."""
        found = self._found
        form = "use our form" if found.form else "use a form of your own, and are evaluated from its fields"
        console.print(f"{_count(found.datasets, 'dataset')}, which {form}", soft_wrap=True)
        fields = Table("field", Column("datasets", justify="right"), "read as", "example", box=box.SIMPLE)
        for field in found.fields[:_ROWS]:
            proposed = f"not read; perhaps {field.proposed}" if field.proposed else "not read"
            cells = (field.name, f"{field.datasets:,}", field.read_as or proposed, field.example)
            fields.add_row(*(escape(printable(cell)) for cell in cells))
        licences = Table("licence", Column("datasets", justify="right"), "understood as", box=box.SIMPLE)
        for licence in found.licences[:_ROWS]:
            id, meaning = licence.id or "none given", licence.meaning or ("terms of its own" if licence.id else "none")
            licences.add_row(escape(printable(id)), f"{licence.datasets:,}", meaning)
        for table, rows in ((fields, len(found.fields)), (licences, len(found.licences))):
            if rows:
                console.print(table)
                _print_rest(console, rows)
        self._print_countries(console)
        for refusal in found.refusals[:_ROWS]:
            examples = ", ".join(refusal.examples)
            line = f"{refusal.field}: {refusal.message}: {_count(refusal.datasets, 'dataset')}, such as {examples}"
            console.print(escape(printable(line)), soft_wrap=True)
        _print_rest(console, len(found.refusals))
        if found.form and not found.refusals:
            console.print("every dataset can be saved in the form as it is")

    def _print_countries(self, console: Console) -> None:
        found = self._found
        for country, datasets in sorted(found.countries.items()):
            console.print(f"{COUNTRIES.get(country, 'no country stated')}: {_count(datasets, 'dataset')}")
        if found.organizations:
            names = ", ".join(found.organizations[:_ROWS])
            console.print(f"organizations whose datasets state no country: {escape(printable(names))}", soft_wrap=True)
            _print_rest(console, len(found.organizations))
            console.print("state it with --country, and with --organization NAME for some of them", soft_wrap=True)
        if found.unowned:
            line = f"{_count(found.unowned, 'dataset')} of no organization without a country"
            console.print(f"{line}: state it in the setting ckanext.aivision.country", soft_wrap=True)

    def document(self) -> Survey:
        """All that was found."""
        return self._found

    def columns(self) -> Sequence[str]:
        return ("name", "datasets", "read_as", "proposed", "example")

    def rows(self) -> Iterator[Mapping[str, object]]:
        """The fields."""
        for field in self._found.fields:
            yield {name: getattr(field, name) for name in self.columns()}

    def line_end(self) -> str:
        return "\r\n"


@click.command()
@click.option("--country", type=click.Choice(list(COUNTRIES)), help="State this country for organizations without one.")
@click.option(
    "--organization", "only", metavar="NAME", multiple=True, help="With --country: only this organization. Repeatable."
)
@click.option(
    "--write-map",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write a first version of the file for ckanext.aivision.field_map.",
)
@click.option(
    "--write-schema",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the site's own schema of datasets with the fields of our form added.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@format_option(SurveyReport)
@one_line_errors
def adopt(
    country: str | None,
    only: tuple[str, ...],
    write_map: Path | None,
    write_schema: Path | None,
    dry_run: bool,
    yes: bool,
    form: str,
) -> None:
    """Look at a catalogue that had datasets before this extension.

    Datasets are never changed. With --country, organizations whose datasets state no country get one, after a
    confirmation; run `ckan aivision rescore` afterwards.
    """
    _check_options(country, only, (write_map, write_schema))
    # A site without a schema of its own is refused before anything is printed or written.
    schema = merged_schema(DEFAULT) if write_schema is not None else {}
    found = survey()
    with opened(None) as stream:
        write_report(SurveyReport(found), form, stream)
    if write_map is not None:
        fields = {field.name: field.proposed or None for field in found.fields if not field.read_as}
        advice = "check each line, then name the file in ckanext.aivision.field_map"
        _write(write_map, _HEADER, {"fields": fields}, advice, dry_run=dry_run)
    if write_schema is not None:
        advice = "check it, then name it in scheming.dataset_schemas in place of your own"
        _write(write_schema, _SCHEMA_HEADER, schema, advice, dry_run=dry_run)
    if country is not None:
        chosen = [name for name in found.organizations if not only or name in only]
        _give_country(chosen, country, dry_run=dry_run, yes=yes)


def _check_options(country: str | None, only: tuple[str, ...], files: tuple[Path | None, ...]) -> None:
    """Before the survey, which takes minutes in a large catalogue. Raises UsageError for what could not be done."""
    if only and country is None:
        raise UsageError("--organization says which organizations get a country: give --country too")
    if unknown := [name for name in only if not is_organization(name)]:
        raise UsageError(f"there is no organization `{unknown[0]}`: give its name as its address has it")
    for path in files:
        if path is None:
            continue
        if path.exists():
            raise UsageError(f"{path} exists already: give another name, or move it away")
        if not path.parent.is_dir():
            raise UsageError(f"{path}: there is no directory {path.parent}: make it, or give another name")


def _write(path: Path, header: str, document: Mapping[str, object], advice: str, *, dry_run: bool) -> None:
    if dry_run:
        click.echo(f"would write {path}", err=True)
        return
    text = header + yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    with opened(path) as stream:
        stream.write(text.encode())
    click.echo(f"wrote {path}: {advice}", err=True)


def _give_country(chosen: list[str], country: str, *, dry_run: bool, yes: bool) -> None:
    title = COUNTRIES[country]
    if not chosen:
        click.echo("nothing to change: no organization that was asked for has datasets without a country", err=True)
        return
    given = _count(len(chosen), "organization")
    if dry_run:
        click.echo(f"{given} would get the country {title}", err=True)
        return
    if not yes and not click.confirm(f"State the country {title} for {given}?", err=True):
        raise UsageError("no country was stated")
    give_country(chosen, country)
    click.echo(f"{given} got the country {title}: run `ckan aivision rescore`", err=True)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _print_rest(console: Console, rows: int) -> None:
    if rows > _ROWS:
        console.print(f"and {rows - _ROWS:,} more, which --format json has")
