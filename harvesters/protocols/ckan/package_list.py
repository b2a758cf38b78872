"""Read a CKAN portal without package_search: package_list, then package_show for each package."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import StatusError
from ckanext.aivision.harvesters.mapping.mapper import harvested, refused
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.protocols.ckan.package import CKAN
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested

MOST_PACKAGES = 100_000
# So many packages one after the other that cannot be shown mean that the portal shows none.
MOST_IN_A_ROW = 20
NOT_SHOWN = "package-not-shown"


def packages_one_by_one(
    source: Source, names: Sequence[str], ask: Callable[..., Any], pause: Callable[[], None], begin: int = 0
) -> Iterator[Harvested]:
    """Every package of a list, one request each.

    ask: gives the JSON of an action's answer, from its name and parameters. pause: is called before each request.
    begin: how many of the names to pass over.
    A package that cannot be shown is refused with the reason. Raises SourceError if the portal shows nothing any
    more, or does not answer at all.
    """
    failed = 0
    for index, name in enumerate(names[begin:], begin):
        pause()
        place = f"$.result[{index}]"
        try:
            answer = ask("package_show", id=name)
        except StatusError as error:
            failed += 1
            if failed == MOST_IN_A_ROW:
                raise SourceError(f"{source.name}: {failed} packages in a row cannot be shown; {error}") from error
            message = f"the portal lists the package but does not show it (status {error.status}): check the portal"
            yield refused(place, name, NOT_SHOWN, message, name, name)
            continue
        failed = 0
        package = answer.get("result") if isinstance(answer, dict) else None
        if isinstance(package, dict):
            yield harvested(Entry(place, package), source, CKAN)
        else:
            message = "the response of package_show contains no package: check the portal"
            yield refused(place, name, NOT_SHOWN, message, name, name)


def package_names(source: Source, ask: Callable[..., Any]) -> list[str]:
    """The names of package_list. Raises SourceError if they cannot be had, or are too many to be asked for."""
    answer = ask("package_list")
    names = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise SourceError(
            f"{source.name}: this is not a response of CKAN's package_list; check the address and the kind"
        )
    if len(names) > MOST_PACKAGES:
        raise SourceError(
            f"{source.name}: {len(names):,} packages are too many to read one by one; "
            "ask the portal to enable package_search"
        )
    return names
