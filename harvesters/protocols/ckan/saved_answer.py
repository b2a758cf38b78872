"""A saved answer of CKAN's action API, which may be one page of many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import OPEN_ENDED, Shape
from ckanext.aivision.harvesters.protocols.ckan import KIND
from ckanext.aivision.harvesters.protocols.ckan.package import CKAN
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.reader import PART, Reader
from ckanext.aivision.harvesters.sources.source import Source, complete_source
from ckanext.aivision.record import Harvested


class SavedAnswer(Reader):
    """An answer of package_search or package_show, a list of packages, or packages one a line."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._beside: dict[str, Any] = {}
        self._count = 0

    @property
    def expected(self) -> int | None:
        """What the answer says how many there are, if that comes before the packages."""
        count = self._beside.get("count")
        return count if isinstance(count, int) and count >= 0 else None

    @property
    def is_part(self) -> bool:
        return self.expected is not None and self._count < self.expected

    def first(self, document: Document, shape: Shape) -> Iterator[Harvested]:
        self._is_open_ended = shape.layout in OPEN_ENDED and not document.is_delimited
        self._source = complete_source(self._source, KIND.name)
        for entry in document.entries(shape, self._beside):
            self._count += 1
            yield harvested(entry, self._source, CKAN)

    def remarks(self, complete: bool) -> list[Problem]:
        if not (complete and self.is_part):
            return []
        message = (
            f"the answer holds {self._count:,} of {self.expected:,} datasets, so the others are not taken for gone: "
            "save them all, or give the address of the portal"
        )
        return [Problem(PART, "$", message)]
