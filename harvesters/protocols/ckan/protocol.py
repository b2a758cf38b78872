"""How a CKAN portal, its saved answers and dumps of its packages are recognised and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import LINES, LIST, ONE, Entry, Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.ckan import KIND
from ckanext.aivision.harvesters.protocols.ckan.addresses import action_address, is_action_address
from ckanext.aivision.harvesters.protocols.ckan.extras import FACTS
from ckanext.aivision.harvesters.protocols.ckan.package import CKAN, MEMBERS
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested

_SEARCH_ANSWER = Shape(("result", "results"), "list")
_PACKAGE_ANSWER = Shape(("result",), "one")
# Members that show a package, and those that show an answer of package_search.
_PACKAGE_MEMBERS = frozenset(
    ("resources", "owner_org", "license_id", "metadata_created", "num_resources", "organization", "creator_user_id")
)
_ANSWER_MEMBERS = frozenset(("results", "count", "facets", "search_facets", "sort"))


class Ckan(Protocol):
    """An answer of the action API, a list of packages, or packages one a line."""

    no_standard = (
        "this is in CKAN's own form, for which there is no official schema; validate what the portal gives out as DCAT "
        "(its address with /catalog.ttl), or use `aivision score`"
    )

    def has_address(self, url: str) -> bool:
        return is_action_address(url)

    def serves(self, source: Source, head: Head, session: Session) -> bool:
        """A web page is a portal's front page if the API is behind it."""
        if head.first != "<":
            return False
        url, params = action_address(source.url, "package_search")
        try:
            answer = session.json(url, {**params, "rows": 0})
        except SourceError as error:
            raise SourceError(
                f"{source.name}: the server returned a web page instead of JSON, and there is no CKAN API behind "
                f"it ({error}); give the address of a data.json, or find out what the site offers with "
                "`aivision sources check`"
            ) from error
        return isinstance(answer, dict) and answer.get("success") is True

    def recognise(self, head: Head) -> Shape | None:
        if head.first not in ("{", "["):
            return None
        members = head.members
        if head.first == "{" and "result" in members and members["result"].first == "{":
            return _SEARCH_ANSWER if _ANSWER_MEMBERS & members["result"].names else _PACKAGE_ANSWER
        if not _PACKAGE_MEMBERS & members.keys():
            return None
        if head.first == "[":
            return LIST
        return ONE if head.goes_on else LINES

    def records(self, entries: Iterator[Entry], source: Source) -> Iterator[Harvested]:
        for entry in entries:
            yield harvested(entry, source, CKAN)

    def missing(self, beside: Mapping[str, Any], count: int) -> str:
        """An answer of package_search says how many packages there are."""
        whole = beside.get("count")
        if not isinstance(whole, int) or count >= whole:
            return ""
        return f"the answer holds {count:,} of {whole:,} datasets"

    def members(self) -> Iterable[tuple[str, str]]:
        for fact in FACTS:
            keys = (part for key in fact.keys for part in (key if isinstance(key, tuple) else (key,)))
            yield from ((fact.field, key) for key in keys)
        yield from MEMBERS

    def pages(self) -> type[ApiPages]:
        from ckanext.aivision.harvesters.protocols.ckan.api import CkanPages

        return CkanPages


PROTOCOL = Ckan(KIND)
