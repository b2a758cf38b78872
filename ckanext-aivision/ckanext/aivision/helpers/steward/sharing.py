"""Template helpers: how to cite a dataset, and how to embed its badge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.sharing import citation_of, shown_record
from ckanext.aivision.helpers.page_record import applying_corrections, own_record
from ckanext.aivision.serialise.sharing.citation import FORMS, to_text

__all__ = ["aivision_badge", "aivision_citation_addresses", "aivision_dataset_citation"]


def aivision_dataset_citation(package: Mapping[str, Any]) -> str:
    """The citation of a dataset as text; empty if it has no record."""
    id = package["id"]
    dataset = shown_record(id) if applying_corrections(id) else own_record(id)
    return to_text(citation_of(dataset, package)).decode().strip() if dataset is not None else ""


def aivision_citation_addresses(package: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The forms of a dataset's citation: each with its title and its address."""
    return [
        (str(toolkit._(form.title)), toolkit.url_for("aivision_sharing.citation", name=package["name"], form=ending))
        for ending, form in FORMS.items()
    ]


def aivision_badge(kind: str, name: str, title: str) -> dict[str, str]:
    """A badge to embed: its image, its page, and alt, the text for people who do not see it.

    kind: `dataset` or `organization`.
    """
    image = toolkit.url_for(f"aivision_badges.of_{kind}", name=name, qualified=True, locale="default")
    page = toolkit.url_for(f"{kind}.read", id=name, qualified=True, locale="default")
    plain = " ".join(title.split()).translate(str.maketrans("", "", '[]<>"`\\'))
    return {"image": image, "page": page, "alt": str(toolkit._("AI readiness of {title}").format(title=plain))}
