"""What can be said of many checked records in a few figures."""

from __future__ import annotations

import collections
from typing import Any

from ckanext.aivision.cli.validate.checked_records import Row
from ckanext.aivision.validation.findings import CATALOGUE


class Counts:
    """Counts records one by one; memory does not grow with their number.

    records: those that were checked; invalid: those of them with an error. catalogues, invalid_catalogues: the same of
    what stands around records. standards: what they were checked by, in that order.
    """

    def __init__(self) -> None:
        self.records = self.invalid = self.catalogues = self.invalid_catalogues = 0
        self.levels: collections.Counter[str] = collections.Counter()
        self.standards: dict[str, None] = {}

    def add(self, row: Row) -> None:
        """Counts one record."""
        if row.checked.part == CATALOGUE:
            self.catalogues += 1
            self.invalid_catalogues += not row.checked.valid
        else:
            self.records += 1
            self.invalid += not row.checked.valid
        self.levels.update(found.level for found in row.checked.findings)
        self.standards.setdefault(row.checked.standard)

    def describe_errors(self) -> list[str]:
        """What is not valid, one sentence each; nothing if all is."""
        found = []
        if self.invalid:
            found.append(f"{self.invalid:,} of {self.records:,} records not valid")
        if self.invalid_catalogues:
            found.append(f"{self.invalid_catalogues:,} of {self.catalogues:,} catalogues around them not valid")
        return found

    def summary(self) -> dict[str, Any]:
        """The figures as a JSON object."""
        return {
            "standards": list(self.standards),
            "records": self.records,
            "valid": self.records - self.invalid,
            "invalid": self.invalid,
            "catalogues": self.catalogues,
            "invalid_catalogues": self.invalid_catalogues,
            "errors": self.levels["error"],
            "warnings": self.levels["warning"],
            "notes": self.levels["note"],
        }
