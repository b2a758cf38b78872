"""A dataset card in Markdown, in the form that Hugging Face gives it, made from the record.

Sources: https://huggingface.co/docs/hub/datasets-cards; the sections are those of `datasetcard_template.md` of
huggingface_hub. A section that the record says nothing about is left out; nothing is invented.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from ckanext.aivision.normalise import languages, licences
from ckanext.aivision.normalise.text import plain
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Agent, Dataset, Distribution, Moment, Term
from ckanext.aivision.serialise.ckan_values import web_address
from ckanext.aivision.serialise.sharing.citation import Cited, to_bibtex, to_text

# Ids of licences under which nothing is named.
_UNNAMED = ("none", "restricted", "open-unnamed")
_MARKUP = re.compile(r"([\\`*\[\]<>])")
_HEADING = re.compile(r"^(\s*)([#>+-]|\d+\.)", re.MULTILINE)
_TAG = re.compile(r"[^a-z0-9]+")
_MOST_FILES, _MOST_TAGS = 50, 50

Section = tuple[str, str]


def write_card(dataset: Dataset, cited: Cited, page: str) -> str:
    """The card. cited: of the same record. page: the dataset's address in this catalogue."""
    head = yaml.safe_dump(front_matter(dataset), sort_keys=False, allow_unicode=True, width=100)
    parts = [f"---\n{head}---\n", f"# Dataset Card for {_inline(dataset.title)}\n"]
    parts += [f"{title}\n\n{text}\n" for title, text in _with_headings(_sections(dataset, cited, page))]
    return "\n".join(parts)


def front_matter(dataset: Dataset) -> dict[str, Any]:
    """The metadata in YAML that Hugging Face reads: languages, licence, name and tags."""
    found: dict[str, Any] = {"pretty_name": " ".join(dataset.title.split())}
    tags = [item.id or languages.clean(item.original).id for item in dataset.language]
    if named := sorted({tag.split("-")[0] for tag in tags if tag}):
        found["language"] = named
    found |= _licence(dataset.license)
    if words := [slug for word in dataset.keyword if (slug := _TAG.sub("-", word.lower()).strip("-"))]:
        found["tags"] = list(dict.fromkeys(words))[:_MOST_TAGS]
    return found


@functools.cache
def _hugging_face_ids() -> dict[str, str]:
    return {row["id"]: row["hugging_face"] for row in rows("dataset_card_licences", "serialise")}


def _licence(licence: Term | None) -> dict[str, str]:
    known = licences.info(licence.id) if licence is not None and licence.id else None
    if known is None or licence is None or licence.id is None or licence.id in _UNNAMED:
        return {}
    if (id := _hugging_face_ids().get(licence.id)) is not None:
        return {"license": id}
    link = {"license_link": known.uri} if known.uri else {}
    return {"license": "other", "license_name": _TAG.sub("-", licence.id.lower()).strip("-"), **link}


def _sections(dataset: Dataset, cited: Cited, page: str) -> Iterator[Section]:
    """Headings with their texts; a heading of a lower level comes below the last higher one. Texts may be empty."""
    yield "", _block(dataset.description)
    yield "## Dataset Details", ""
    yield "### Dataset Description", _points(_details(dataset))
    yield "### Dataset Sources", _points(_sources(dataset, page))
    yield "## Uses", ""
    yield "### Direct Use", _blocks(dataset.uses, dataset.ai_use_terms)
    yield "### Out-of-Scope Use", _block(dataset.unsuitable_uses)
    yield "## Dataset Structure", _points(_files(dataset.distribution))
    yield "## Dataset Creation", ""
    yield "### Source Data", _blocks(dataset.provenance)
    yield "#### Data Collection and Processing", _blocks(dataset.collection, dataset.preprocessing)
    yield "#### Who are the source data producers?", _points(("", _agent(agent)) for agent in dataset.creator)
    yield "### Annotations", _block(dataset.annotation)
    yield "#### Personal and Sensitive Information", _blocks(dataset.personal_data, dataset.personal_data_measures)
    limits = (dataset.biases, dataset.limitations, dataset.uncertainty, dataset.social_impact, dataset.quality)
    yield "## Bias, Risks, and Limitations", _blocks(*limits)
    yield "## Citation", ""
    yield "**BibTeX:**", f"```bibtex\n{to_bibtex(cited).decode().strip().replace('```', '')}\n```"
    yield "**Text:**", _inline(to_text(cited).decode())
    yield (
        "## More Information",
        _points([("Maintenance", _inline(plain(dataset.maintenance_plan))), ("Catalogue", page)]),
    )
    yield "## Dataset Card Contact", _points(("", _contact(agent)) for agent in dataset.contact_point)


def _with_headings(sections: Iterable[Section]) -> list[Section]:
    """Those with a text, and the headings above them."""
    found: list[Section] = []
    waiting: list[Section] = []
    for heading, text in sections:
        level = len(heading) - len(heading.lstrip("#"))
        waiting = [one for one in waiting if _level(one[0]) < level or level == 0]
        if text:
            found += [*waiting, (heading, text)]
            waiting = []
        elif level:
            waiting.append((heading, ""))
    return [(heading, text) for heading, text in found if heading or text]


def _level(heading: str) -> int:
    return len(heading) - len(heading.lstrip("#"))


def _details(dataset: Dataset) -> Iterator[tuple[str, str]]:
    yield "Curated by", _agent(dataset.publisher) if dataset.publisher is not None else ""
    yield "Language(s)", _inline(", ".join(item.id or item.original for item in dataset.language))
    licence = licences.info(dataset.license.id) if dataset.license is not None and dataset.license.id else None
    words = licence.title if licence is not None else dataset.license.original if dataset.license is not None else ""
    yield "License", _inline(words)
    yield "Published", _day(dataset.issued)
    yield "Last changed", _day(dataset.modified)
    yield "Version", _inline(dataset.version or "")


def _sources(dataset: Dataset, page: str) -> Iterator[tuple[str, str]]:
    yield "Repository", web_address(dataset.landing_page) or page
    for address in dataset.page:
        yield "Documentation", web_address(address) or ""
    yield "Code", web_address(dataset.code_repository) or ""
    yield "Data dictionary", web_address(dataset.described_by) or ""


def _files(files: Iterable[Distribution]) -> Iterator[tuple[str, str]]:
    for item in list(files)[:_MOST_FILES]:
        kind = item.format or item.media_type
        told = [_inline(kind.id or kind.original) if kind is not None else "", web_address(item.url) or ""]
        columns = f"columns: {_inline(', '.join(item.columns))}" if item.columns else ""
        title = _inline(item.title or item.description or "File")
        yield title, ", ".join(part for part in (*told, columns) if part) or "-"


def _agent(agent: Agent) -> str:
    return " ".join(part for part in (_inline(agent.name or ""), _bracketed(web_address(agent.url))) if part)


def _contact(agent: Agent) -> str:
    return " ".join(part for part in (_inline(agent.name or ""), _bracketed(agent.email or agent.url)) if part)


def _bracketed(text: str | None) -> str:
    return f"({_inline(text)})" if text else ""


def _day(moment: Moment | None) -> str:
    return _inline(moment.original) if moment is not None else ""


def _points(rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"- **{label}:** {text}" if label else f"- {text}" for label, text in rows if text]
    return "\n".join(lines)


def _blocks(*texts: str | None) -> str:
    return "\n\n".join(block for text in texts if (block := _block(text)))


def _block(text: str | None) -> str:
    return _HEADING.sub(r"\1\\\2", _escaped(plain(text)))


def _inline(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    """A text in which nothing is Markdown or HTML."""
    return _MARKUP.sub(r"\\\1", text)
