"""Examples of each criterion: short records and the expected results.

They are beside the functions (`criteria/*_examples.yaml`): documentation shows them, and a test runs them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from importlib import resources
from typing import Any

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.normalise import dates, frequencies, languages, licences, media_types, themes
from ckanext.aivision.normalise.geography import places
from ckanext.aivision.record import Agent, Dataset, Distribution, Term
from ckanext.aivision.scoring.observations.file_profile import FileProfile
from ckanext.aivision.scoring.observations.observations import Link, Observed
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.results import Outcome

# The day (UTC) that ages in the examples count to.
ON = datetime.date(2026, 11, 24)

_ACCESS = {"public": "public", "restricted public": "restricted", "non-public": "non-public"}
_VALUES: dict[str, float | None] = {"pass": 1.0, "fail": 0.0, "unknown": None, "not-applicable": None}


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """gives: an outcome, or the value between 0 and 1 that makes a partial. record: fields of a `Dataset` as text.

    links, files: fields of a `Link` or a `FileProfile` by address, for criteria that look at links or files.
    """

    gives: str | float
    record: dict[str, Any]
    links: dict[str, dict[str, Any]] = {}
    files: dict[str, dict[str, Any]] = {}

    @property
    def outcome(self) -> Outcome:
        return self.gives if isinstance(self.gives, str) else "partial"  # type: ignore[return-value]

    @property
    def value(self) -> float | None:
        return _VALUES[self.gives] if isinstance(self.gives, str) else self.gives

    @property
    def dataset(self) -> Dataset:
        return record(**self.record)

    @property
    def observed(self) -> Observed:
        """What was seen beyond the record; every depth was looked at."""
        links = {url: msgspec.convert({"url": url, **facts}, Link) for url, facts in self.links.items()}
        files = {url: msgspec.convert({"url": url, **facts}, FileProfile) for url, facts in self.files.items()}
        return Observed(links, files)


def load_examples() -> dict[str, list[Example]]:
    """The examples by criterion, in the order of the files. Raises UsageError if a file is not in their form."""
    found: dict[str, list[Example]] = {}
    for dimension in DIMENSIONS:
        file = examples_file(dimension)
        path = resources.files("ckanext.aivision") / file
        where = file
        try:
            for id, listed in msgspec.yaml.decode(path.read_bytes(), type=dict[str, Any]).items():
                where = f"{file}: {id}"
                found[id] = msgspec.convert(listed, list[Example])
                for number, example in enumerate(found[id], 1):
                    where = f"{file}: {id}: example {number}"
                    _ = example.dataset, example.observed
        except (OSError, msgspec.MsgspecError, TypeError, ValueError, AttributeError) as error:
            # What is no YAML is told on several lines.
            raise UsageError(f"{where}: {' '.join(str(error).split())}") from error
    return found


def examples_file(dimension: str) -> str:
    """The file with the examples of a dimension, in the package."""
    return f"scoring/criteria/{dimension.replace('-', '_')}_examples.yaml"


def record(**said: Any) -> Dataset:
    """A record from plain words, read as a harvest reads them. Its profile, if none is said, has room for all."""
    needed = {"identifier": "levels", "title": "River levels at gauging stations", "profile": "aivision"}
    return Dataset(country="GB", **{**needed, **_read(said)})


def distribution(said: dict[str, Any]) -> Distribution:
    """A distribution from plain words."""
    return Distribution(**_read(said))


def _each(reader: Callable[[Any], Any]) -> Callable[[list[Any]], list[Any]]:
    return lambda values: [found for value in values if (found := reader(value)) is not None]


def _access(level: str) -> Term:
    return Term(level, _ACCESS.get(level), "id" if level in _ACCESS else "")


def _classification(written: str) -> Term:
    return Term(written, written, "id") if written == "OFFICIAL" else Term(written)


def _agent(said: str | dict[str, Any]) -> Agent:
    return Agent(**said) if isinstance(said, dict) else Agent(name=said)


# What is not text in a record, and how it is read of text.
_READERS: dict[str, Callable[[Any], Any]] = {
    "theme": _each(themes.clean),
    "language": _each(languages.clean),
    "issued": dates.moment,
    "modified": dates.moment,
    "next_update": dates.moment,
    "metadata_issued": dates.moment,
    "metadata_modified": dates.moment,
    "accrual_periodicity": frequencies.clean,
    "publisher": _agent,
    "creator": _each(_agent),
    "contact_point": _each(_agent),
    "license": licences.clean,
    "access_rights": _access,
    "security_classification": _classification,
    "temporal": _each(dates.period),
    "spatial": _each(places.location),
    "media_type": media_types.clean,
    "format": media_types.from_format,
    "distribution": _each(distribution),
}


def _read(said: dict[str, Any]) -> dict[str, Any]:
    return {field: _READERS[field](value) if field in _READERS else value for field, value in said.items()}
