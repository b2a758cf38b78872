"""A ready e-mail to the publisher of harvested datasets: what was corrected here, and how to take it over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.corrections.corrected_datasets import Corrected
from ckanext.aivision.catalogue.corrections.words import field_label, file_title, values_in_words

# An e-mail with more would not be read; the documents have all of them.
_MOST_DATASETS = 50


class Letter(NamedTuple):
    """to: the addresses that the datasets' contacts have, the most frequent first."""

    to: list[str]
    subject: str
    text: str


def write_letter(title: str, datasets: Sequence[Corrected], documents: Sequence[tuple[str, str]]) -> Letter:
    """A letter in plain text.

    title: of the organization. documents: what to attach, each with its title and the name of the file.
    """
    site = toolkit.config.get("ckan.site_title") or ""
    subject = toolkit.ungettext(
        "Corrections to the metadata of {number} dataset of {title}",
        "Corrections to the metadata of {number} datasets of {title}",
        len(datasets),
    ).format(number=len(datasets), title=title)
    lines = [
        toolkit._("Hello,"),
        "",
        toolkit._(
            "{site} ({address}) harvests the metadata of your datasets. We have corrected some of it and would like "
            "to see the corrections in your own catalogue, from which others harvest too."
        ).format(site=site, address=toolkit.config.get("ckan.site_url") or ""),
        "",
        toolkit._("Attached, so that nothing has to be typed:"),
        *(f"- {name}: {file}" for name, file in documents),
        "",
        toolkit._("What we have corrected, dataset by dataset:"),
    ]
    for item in datasets[:_MOST_DATASETS]:
        lines += ["", *_of_dataset(item)]
    if len(datasets) > _MOST_DATASETS:
        more = toolkit._("... and {number} further datasets, which are in the attached documents.")
        lines += ["", more.format(number=len(datasets) - _MOST_DATASETS)]
    lines += ["", toolkit._("If one of these is wrong, please tell us. Thank you."), ""]
    return Letter(_addresses(datasets), subject, "\n".join(lines))


def _of_dataset(item: Corrected) -> list[str]:
    lines = [item.source.title, toolkit._("Identifier: {identifier}").format(identifier=item.source.identifier)]
    for found in item.corrections:
        label = field_label(*found.key)
        if found.key.resource:
            label = f"{label} ({file_title({}, found.key.resource, found)})"
        was, now = values_in_words(found)
        nothing = toolkit._("(nothing)")
        lines.append(f"- {label}: {_one_line(was) or nothing} -> {_one_line(now) or nothing}")
        if found.reason:
            lines.append("  " + toolkit._("Why: {reason}").format(reason=_one_line(found.reason)))
    return lines


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _addresses(datasets: Sequence[Corrected]) -> list[str]:
    counts: dict[str, int] = {}
    for item in datasets:
        for contact in item.source.contact_point:
            if contact.email:
                counts[contact.email] = counts.get(contact.email, 0) + 1
    return sorted(counts, key=lambda address: (-counts[address], address))[:5]
