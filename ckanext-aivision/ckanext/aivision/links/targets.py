"""The addresses that datasets name, each once however many of them hold it."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.aivision.links.answer import Target
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.facts.distributions import linked
from ckanext.aivision.scoring.facts.link_quality import is_declared_as_page


def targets_of(datasets: Iterable[Dataset]) -> list[Target]:
    """The addresses of the datasets' distributions; a file is expected where one of them does not say otherwise."""
    found: dict[str, bool] = {}
    for dataset in datasets:
        for item in linked(dataset):
            url = str(item.url)
            found[url] = found.get(url, False) or not is_declared_as_page(item)
    return [Target(url, gives_data) for url, gives_data in found.items()]
