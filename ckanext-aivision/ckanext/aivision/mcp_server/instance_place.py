"""A running catalogue as the place, through its API."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from ckanext.aivision.api.instance import call, is_one
from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.session import Params, Session, StatusError
from ckanext.aivision.mcp_server import criteria
from ckanext.aivision.mcp_server.place import Answer, Search
from ckanext.aivision.record import COUNTRIES

T = TypeVar("T")
# A model waits for the answer.
_LIMITS = Limits(connect=5, read=30, total=60, page=16 * 2**20, retries=1)
_PARTS = (
    "as_of",
    "message",
    "problem",
    "verdict",
    "rubric_version",
    "overall",
    "dimensions",
    "notes",
    "banner",
    "lens",
)
_LONGEST_EXCERPT = 300


class InstancePlace:
    """The catalogue at an address."""

    def __init__(self, address: str, allow_hosts: Collection[str]) -> None:
        """Raises UsageError if no catalogue with this extension answers there."""
        self._address, self._allow_hosts = address.rstrip("/"), allow_hosts
        if not is_one(self._address, allow_hosts):
            raise UsageError(
                f"{self._address}: no catalogue with this extension answers there; check the address, and use "
                "--allow-host for one on a private network"
            )

    def search(self, search: Search) -> Answer:
        found = self._ask("package_search", _query(search))
        return {"count": found["count"], "datasets": [_dataset(row, self._address) for row in found["results"]]}

    def evaluation(self, dataset: str, lens: str) -> Answer:
        params: Params = {"id": dataset, **({"lens": lens} if lens else {})}
        found: Answer = self._ask("aivision_score_show", params, f"{dataset[:100]}: no such dataset, or no such lens")
        return found

    def comparison(self, lens: str, filters: dict[str, str]) -> Answer:
        params: Params = {**({"lens": lens} if lens else {}), **filters}
        found = self._ask("aivision_compare", params, "no such lens, or a filter means nothing to this catalogue")
        return {name: found[name] for name in _PARTS if name in found}

    def criterion(self, id: str) -> Answer:
        row = criteria.find(id)
        found = self._ask("aivision_criterion_show", {"id": row.id}, f"{row.id}: this catalogue has no such criterion")
        return {**criteria.explained(row), **{name: found.get(name) for name in ("as_of", "countries", "verdict")}}

    def _ask(self, action: str, params: Params, refusal: str = "the catalogue refused the question") -> Any:
        """The result of an action. Raises UsageError with `refusal` if the catalogue refuses the parameters."""
        with Session(allow_hosts=self._allow_hosts, limits=_LIMITS) as session:
            try:
                return call(session, self._address, action, params)
            except StatusError as error:
                if error.status in (400, 403, 404, 409):
                    raise UsageError(refusal) from error
                raise SourceError(f"{self._address}: does not answer ({error.status}); try again later") from error


def _query(search: Search) -> Params:
    # The search index has the UK under that name.
    country = COUNTRIES.get(search.country, "")
    filters = {"aivision_country": country, "aivision_grade": search.grade, "aivision_failed": search.failed}
    chosen = " ".join(f'{name}:"{value}"' for name, value in filters.items() if value)
    return {"q": _plain(search.words), "rows": search.limit, **({"fq": chosen} if chosen else {})}


def _plain(words: str) -> str:
    """Words without what means something to Solr's query language, whose operators are in capitals."""
    return " ".join("".join(letter if letter.isalnum() or letter in "'." else " " for letter in words).lower().split())


def _dataset(row: dict[str, Any], address: str) -> Answer:
    organization = row.get("organization") or {}
    notes = str(row.get("notes") or "")
    return {
        "id": row.get("name"),
        "title": row.get("title"),
        "publisher": organization.get("title"),
        "country": row.get("country"),
        "description": notes[:_LONGEST_EXCERPT],
        "address": f"{address}/dataset/{row.get('name')}",
    }
