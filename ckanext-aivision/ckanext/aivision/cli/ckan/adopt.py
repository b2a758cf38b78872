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

from ckanext.aivision.catalogue.adoption import Survey, give_country, survey
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
        form = "have our form" if found.form else "have a form of their own, and are evaluated from its fields"
        console.print(f"{found.datasets:,} datasets, which {form}")
        fields = Table("field", Column("datasets", justify="right"), "read as", "example", box=box.SIMPLE)
        for field in found.fields[:_ROWS]:
            proposed = f"not read; perhaps {field.proposed}" if field.proposed else "not read"
            cells = (field.name, f"{field.datasets:,}", field.read_as or proposed, field.example)
            fields.add_row(*(escape(printable(cell)) for cell in cells))
        licences = Table("licence", Column("datasets", justify="right"), "understood as", box=box.SIMPLE)
        for licence in found.licences[:_ROWS]:
            id, meaning = licence.id or "none given", licence.meaning or ("terms of its own" if licence.id else "none")
            licences.add_row(escape(printable(id)), f"{licence.datasets:,}", meaning)
        for table in (fields, licences):
            if table.row_count:
                console.print(table)
        for country, datasets in sorted(found.countries.items()):
            console.print(f"{COUNTRIES.get(country, 'no country stated')}: {datasets:,} datasets")
        if found.organizations:
            names = ", ".join(found.organizations[:_ROWS])
            console.print(f"organizations whose datasets state no country: {escape(printable(names))}", soft_wrap=True)
        for refusal in found.refusals[:_ROWS]:
            examples = ", ".join(refusal.examples)
            line = f"{refusal.field}: {refusal.message}: {refusal.datasets:,} datasets, such as {examples}"
            console.print(escape(printable(line)), soft_wrap=True)
        if found.form and not found.refusals:
            console.print("every dataset can be saved in the form as it is")

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
    found = survey()
    with opened(None) as stream:
        write_report(SurveyReport(found), form, stream)
    if write_map is not None and not dry_run:
        _write_map(found, write_map)
    if write_schema is not None and not dry_run:
        _write_schema(write_schema)
    chosen = [name for name in found.organizations if not only or name in only]
    if country is None or not chosen:
        return
    given = f"{len(chosen)} organizations"
    if dry_run:
        click.echo(f"{given} would get the country {COUNTRIES[country]}", err=True)
        return
    if not yes and not click.confirm(f"State the country {COUNTRIES[country]} for {given}?", err=True):
        raise UsageError("nothing was changed")
    give_country(chosen, country)
    click.echo(f"{given} got the country {COUNTRIES[country]}: run `ckan aivision rescore`", err=True)


def _write_map(found: Survey, path: Path) -> None:
    _check_new(path)
    fields = {field.name: field.proposed or None for field in found.fields if not field.read_as}
    path.write_text(_HEADER + yaml.safe_dump({"fields": fields}, allow_unicode=True), encoding="utf-8")
    click.echo(f"wrote {path}: check each line, then name the file in ckanext.aivision.field_map", err=True)


def _write_schema(path: Path) -> None:
    _check_new(path)
    schema = merged_schema(DEFAULT)
    path.write_text(_SCHEMA_HEADER + yaml.safe_dump(schema, allow_unicode=True, sort_keys=False), encoding="utf-8")
    click.echo(f"wrote {path}: check it, then name it in scheming.dataset_schemas in place of your own", err=True)


def _check_new(path: Path) -> None:
    if path.exists():
        raise UsageError(f"{path} exists already: give another name, or move it away")
