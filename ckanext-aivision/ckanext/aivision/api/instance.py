"""A running catalogue with this extension, through its API."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import urlsplit

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.session import Params, Session

ROWS = 1000
_LIST = "aivision_evaluation_list"


def call(session: Session, address: str, action: str, params: Params) -> Any:
    """The result of an action of the catalogue at an address.

    Raises SourceError if it does not answer, or its answer is none of CKAN's API.
    """
    answer = session.json(f"{address}/api/3/action/{action}", params)
    if not isinstance(answer, dict) or "result" not in answer:
        raise SourceError(f"{address}: the answer of {action} is none of CKAN's API; check the address")
    return answer["result"]


def is_one(address: str, allow_hosts: Collection[str]) -> bool:
    """Whether a catalogue with this extension is at an address. An address that ends in a file's name is not asked."""
    parts = urlsplit(address)
    if "." in parts.path.rpartition("/")[2] or parts.query:
        return False
    with Session(allow_hosts=allow_hosts, limits=Limits(retries=0)) as session:
        try:
            found = call(session, address, _LIST, {"limit": 1, "fields": "id"})
        except SourceError:
            return False  # a portal without our API, or what reading it will say more of
    return isinstance(found, dict) and "as_of" in found


def pages(address: str, allow_hosts: Collection[str]) -> Iterator[list[dict[str, Any]]]:
    """The evaluations of a catalogue's newest snapshot, page by page.

    Raises SourceError if it has no figures yet, or cannot be read to the end.
    """
    params: dict[str, str | int] = {"limit": ROWS, "sort": "title"}
    with Session(allow_hosts=allow_hosts) as session:
        while True:
            found = call(session, address, _LIST, params)
            if not isinstance(found, dict) or not isinstance(found.get("evaluations"), list):
                message = found.get("message") if isinstance(found, dict) else None
                raise SourceError(f"{address}: {message or 'it gave no evaluations'}; try again later")
            yield found["evaluations"]
            if found.get("next") is None:
                return
            params["after"] = str(found["next"])
