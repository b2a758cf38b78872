"""Pages about formats of metadata: those that are read, and where each field is in those that are written."""

from __future__ import annotations

from collections.abc import Iterator

from docs.generator import MADE

from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.serialise.json_standards.places import NAMES as JSON_STANDARDS
from ckanext.aivision.serialise.json_standards.places import table as json_standard
from ckanext.aivision.serialise.rdf.evaluation_graph import measures
from ckanext.aivision.serialise.rdf.mapping import STANDARDS, mapping
from ckanext.aivision.serialise.rdf.mapping import Row as MappingRow
from ckanext.aivision.serialise.standards.fields import STANDARDS as STANDARDS_OUT
from ckanext.aivision.serialise.standards.fields import form_fields, places_of
from ckanext.aivision.serialise.web.property_table import places


def rdf() -> str:
    """Which property each field of a record is written with in RDF."""
    parts = ["# Records in RDF\n", MADE, _RDF]
    heads = ["field", *STANDARDS, "class of the value", "remark"]
    for part in ("dataset", "distribution"):
        parts.append(f"## Fields of a {part}\n\n| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
        for rows in zip(*(mapping(standard) for standard in STANDARDS), strict=True):
            if rows[0].part == part:
                row = rows[0]
                cells = (f"`{row.field}`", *map(_property, rows), row.kind_class, row.remark)
                parts.append(f"| {' | '.join(cells)} |")
        parts.append("")
    parts.append(_DQV)
    parts += [
        f"| `{row.metric}` | `{row.datatype}` | {'yes' if row.summary else 'no'} | {row.text} |"
        for row in measures().values()
    ]
    return "\n".join([*parts, ""])


_DQV = """## Evaluations

[How to get them](../api.md#evaluations-in-rdf). An evaluation is a `dqv:QualityMetadata` of its own in the Data
Quality Vocabulary ([DQV](https://www.w3.org/TR/vocab-dqv/)), to which `dqv:hasQualityMetadata` of the dataset leads.
It has a `dct:date` (the day as of which it was evaluated), the version of the rubric (`dcat:version`), what it was made
from and by (`prov:wasGeneratedBy`; its `dct:description` says whether links or files were looked at), and its
measurements (`dct:hasPart`). A measurement has the dataset as `dqv:computedOn`, a metric as `dqv:isMeasurementOf`, and
a `dqv:value`. It is about the metadata, and nothing that the publisher says of its data: readers of a dataset's own
properties, ours among them, do not take it for that.

The metrics are described in `/best-practice/rubric.ttl`: each criterion is a `dqv:Metric` in a `dqv:Dimension`; a lens
is a `dqv:Category`, and its groups are dimensions, which have their criteria as `skos:related`. This table is
`config/serialise/dqv.csv`. Documents of many datasets have a summary only; what is not known is not there.

| metric | type of `dqv:value` | also in catalogues | what it measures |
| --- | --- | --- | --- |"""


def _property(row: MappingRow) -> str:
    if not row.property:
        return "not given out"
    return f"`{row.property}`" if row.own else f"`{row.property}` *"


_RDF = """Made from `config/serialise/rdf.csv`. The fields are those of `ckanext.aivision.record`. A star marks a
property that the standard itself does not have here: it comes from another vocabulary, which RDF allows.

`schema:additionalProperty` leads to a `schema:PropertyValue`: its `propertyID` is the field, its `value` is what the
source wrote. It holds the fields for which no vocabulary has a property. It also accompanies a property that does not
show the source's own words: a licence given by its address, a date in words, an address that is no IRI. If it has no
value, the source makes no such statement, and the property is there because a standard requires it: `dcat:accessURL`
for a file with a download address only, `dct:license` for a file without a licence of its own. What the source wrote
and cannot be read is under `unread.FIELD`.

A record that is harvested from this RDF is the same record, with its country and the profile of its first source. The
order of lists is lost, but for files and columns, and so are the source's own record and credentials that were masked
at the harvest.
"""


def kinds() -> str:
    """Every kind of source."""
    parts = [
        "# Kinds of source\n",
        MADE,
        "The content of a document shows its kind; where it does not, `--kind` names it. Profiles are rows of",
        "`config/profiles.yaml`, which say what a record can carry.\n",
        "| kind | name | what it reads | profile |\n| --- | --- | --- | --- |",
    ]
    parts += [f"| `{kind.name}` | {kind.title} | {kind.reads} | `{kind.profile}` |" for kind in KINDS.values()]
    return "\n".join([*parts, ""])


def json_standards() -> str:
    """Where each field of the record stands in the JSON standards."""
    parts = ["# Fields of a dataset in JSON standards\n", MADE, _JSON_STANDARDS]
    for name in JSON_STANDARDS:
        found = json_standard(name)
        parts.append(f"## {found.title}\n\n| field | member | note |\n| --- | --- | --- |")
        for prefix, part in (("", found.dataset), ("distribution.", found.distribution)):
            parts += [f"| `{prefix}{row.field}` | `{prefix}{row.member}` | {row.note} |" for row in part.places]
        parts.append("\nNot expressible:\n\n| field | why |\n| --- | --- |")
        parts += [f"| `{field}` | {reason} |" for field, reason in found.lost.items()]
        parts.append("")
    return "\n".join(parts)


_JSON_STANDARDS = """\
[How to get these documents](../api.md#metadata-in-json-standards). The fields are those of `record.Dataset`; the
tables are those of `config/serialise/`.

Values are the source's own. A date, a rhythm, a licence, a language or a level of access that its member may not have
as the source wrote it is written in the standard's words, if the source's own words are a term of a vocabulary. What
the source wrote then stands in `aivision:sourceValues` of the dataset or distribution, by the name of the member, and
our reader reads that. In the UK model, which allows no other members, the source's words stand in the member itself.

A member that a standard requires and the source lacks is left out, so such a record is not valid:
`aivision validate` names what is missing. If a source has written a required member in words that the standard does
not know, these words are given out.
"""


_WHAT_WEB_FORMATS_ARE = """\
Every dataset is given out in [schema.org](https://schema.org/Dataset), for search engines, and in
[Croissant 1.1](https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html) with
[RAI 1.0](https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html), for machine learning. Both are in the page
of the dataset, and at `/dataset/NAME/schema-org.jsonld` and `/dataset/NAME/croissant.jsonld`.

They say what the record says. A field that is empty is left out, also where a standard asks for it. Texts and addresses
are those of the source; `javascript:`, `data:` and `vbscript:` addresses are left out, and a text ends after 30,000
characters. Both standards can be extended: a field that they have no property for has one of another vocabulary.

Terms without a prefix are schema.org's. A path (`a/b`) leads through a node. The prefixes are those of each document's
`@context`. This page is made of `config/serialise/web.csv`, which the writers follow.
"""


_OWNERS = {
    "dataset": "Fields of a dataset",
    "file": "Fields of a file",
}


def web_formats() -> str:
    """Where each field of a record is in schema.org and in Croissant."""
    parts = ["# schema.org and Croissant\n", MADE, _WHAT_WEB_FORMATS_ARE]
    for owner, title in _OWNERS.items():
        parts.append(f"## {title}\n\n| field | schema.org | Croissant | note |\n| --- | --- | --- | --- |")
        for place in (place for place in places() if place.of == owner):
            paths = (f"`{path}`" if path else "not given out" for path in (place.schema_org, place.croissant))
            unread = (
                f"`{place.words}` has what cannot be read." if place.words and place.words not in place.note else ""
            )
            notes = " ".join(note for note in (place.note, unread) if note)
            parts.append(f"| `{place.field}` | {' | '.join(paths)} | {notes} |")
        parts.append("")
    return "\n".join(parts)


_STANDARDS = """\
Where each field of the [dataset form](../../config/schemas/ai_ready_dataset.yaml) is in each standard that datasets
are given out in. The details are on the pages for [RDF](rdf.md), [JSON standards](json_standards.md), and [schema.org
and Croissant](web_formats.md).

Which values of one dataset are not in its document in a standard, and why, is at
`/dataset/NAME/losses?profile=STANDARD`, and in the action `aivision_loss_list`. `STANDARD` is one of:

{ids}

The names and addresses of a dataset and its organization in this catalogue are not given out as statements of the
source.
"""


def standards() -> str:
    """Where each field of the form is in each standard, or that it is not expressible."""
    ids = ", ".join(f"`{name}`" for name in STANDARDS_OUT)
    parts = ["# What each standard can hold\n", MADE, _STANDARDS.format(ids=ids)]
    heads = ["field", *(standard.title for standard in STANDARDS_OUT.values()), "note"]
    for part, title in (("dataset", "Fields of a dataset"), ("distribution", "Fields of a resource")):
        parts.append(f"## {title}\n\n| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
        for row in (row for row in form_fields() if row.part == part):
            found = [places_of(name).get((part, row.field)) for name in STANDARDS_OUT]
            absent = "not expressible" if row.field else "see the note"
            cells = (f"`{place.where}`" if place is not None and place.where else absent for place in found)
            parts.append(f"| `{row.form_field}` | {' | '.join(cells)} | {row.note} |")
        parts.append("")
    return "\n".join([*parts, "## Why\n", *_reasons()]) + "\n"


def _reasons() -> Iterator[str]:
    """What is not expressible, by standard and reason."""
    for name, standard in STANDARDS_OUT.items():
        alike: dict[str, list[str]] = {}
        for row in form_fields():
            place = places_of(name).get((row.part, row.field))
            if place is not None and not place.where:
                alike.setdefault(place.note, []).append(f"`{row.form_field}`")
        yield from (f"- {standard.title}, {reason}: {', '.join(fields)}" for reason, fields in alike.items())
