"""The record that false claims are added to: a web page, without data, as a district office might list it."""

from __future__ import annotations

from typing import Any

DESCRIPTION = "Notes on the hedge walk of the county office, by parish."
PAGE = "https://hedges.gov/walk/page.html"
LANDING_PAGE = "https://hedges.gov/walk/"
RECORD: dict[str, Any] = {
    "title": "Hedge Walk Notes",
    "description": DESCRIPTION,
    "identifier": "HW-00",
    "accessLevel": "public",
    "bureauCode": ["010:12"],
    "programCode": ["010:001"],
    "modified": "2019-03-02",
    "publisher": {"name": "County Office"},
    "contactPoint": {"fn": "Desk", "hasEmail": "mailto:noreply@hedges.gov"},
    "keyword": ["hedges"],
    "landingPage": LANDING_PAGE,
    "distribution": [{"downloadURL": PAGE, "mediaType": "text/html", "title": "Link"}],
}


def says(*sentences: str) -> dict[str, Any]:
    """A description with sentences added."""
    return {"description": " ".join((DESCRIPTION, *sentences))}


def file_at(url: str, **more: Any) -> dict[str, Any]:
    """One distribution that is said to be a CSV file."""
    return {"distribution": [{"downloadURL": url, "mediaType": "text/csv", "format": "CSV", "title": "Link"} | more]}


def service_at(url: str, form: str, **more: Any) -> dict[str, Any]:
    """The page, and beside it a service."""
    return {"distribution": [*RECORD["distribution"], {"accessURL": url, "format": form, "title": "Service"} | more]}


def mailbox(address: str) -> dict[str, Any]:
    """A contact with an address."""
    return {"contactPoint": {"fn": "Desk", "hasEmail": f"mailto:{address}"}}


def restricted(reason: str) -> dict[str, Any]:
    """Data that are said to be withheld."""
    return {"accessLevel": "restricted public", "rights": reason}
