"""What the tools are answered from: a running catalogue, or directories of harvests."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

Answer = dict[str, Any]
MOST_DATASETS = 50


class Search(NamedTuple):
    """What is searched for. words: in the title, description and keywords. Empty texts ask for nothing.

    failed: the id of a criterion that the datasets fail. limit: how many to give at most.
    """

    words: str = ""
    country: str = ""
    grade: str = ""
    failed: str = ""
    limit: int = 10


class Place(Protocol):
    """Where datasets and their evaluations are. Each raises UsageError or SourceError with a sentence."""

    def search(self, search: Search) -> Answer:
        """count, and datasets: id, title, publisher, country, and grade and score where they are at hand."""

    def evaluation(self, dataset: str, lens: str) -> Answer:
        """The evaluation of a dataset, through a lens if one is named."""

    def comparison(self, lens: str, filters: dict[str, str]) -> Answer:
        """The verdict on the countries, with the overall figures and the dimensions."""

    def criterion(self, id: str) -> Answer:
        """A criterion, with the figures of both countries where there are any."""
