"""`make messages`: extracts the texts of pages and brings the catalogues up to date."""

from __future__ import annotations

import click

from ckanext.aivision.translation.catalogues import update

for locale, (translated, texts) in update().items():
    click.echo(f"{locale}: {translated:,} of {texts:,} texts are translated; the others are shown in English")
