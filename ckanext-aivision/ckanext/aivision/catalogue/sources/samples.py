"""Find the made-up samples in the catalogue: the datasets of sources that are marked as samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.harvesters.sources.source import load_sources
from ckanext.aivision.model import record as record_table
from ckanext.aivision.model import source as source_table


def sample_sources() -> list[str]:
    """The names of the sources of samples; those of this project also where nobody lists them any more."""
    ours = [source for source in load_sources().values() if source.sample]
    # A file that is harvested without a name is called by its path.
    names = {name for source in ours for name in (source.name, source.url, str(Path(source.url).resolve()))}
    marked = source_table.c.source["sample"].astext == "true"
    return sorted(names | set(model.Session.execute(sa.select(source_table.c.name).where(marked)).scalars()))


def sample_packages() -> sa.Select[Any]:
    """The ids of the packages that are samples, as a subquery."""
    return sa.select(record_table.c.package_id).where(record_table.c.source.in_(sample_sources()))


def is_sample_source(name: str) -> bool:
    """Whether a source has samples."""
    return name in sample_sources()
