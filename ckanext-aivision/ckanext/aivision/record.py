"""The record type for all sources, in DCAT terms.

A `Dataset` is what a harvester yields and what the scoring room reads. Field names are those of DCAT 3
(https://www.w3.org/TR/vocab-dcat-3/), in snake case; fields beyond DCAT carry the name of the Croissant RAI or
PROV term noted beside them. `None` and empty lists mean that the source said nothing.
"""

from __future__ import annotations

import datetime
from typing import Any, Literal

import msgspec

from ckanext.aivision.errors import Problem

# The countries that are compared (ISO 3166-1 alpha-2), each with the name that it goes by in figures and facets.
COUNTRIES = {"US": "US", "GB": "UK"}


class Term(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value of a vocabulary: as the source wrote it, and what the vocabulary makes of it.

    original: the string of the source, untouched.
    id: the vocabulary's own key (`OGL-UK-3.0`, `text/csv`, `R/P1Y`), or None if nothing matched.
    rule: how it matched: `id`, `uri`, `label` or `pattern`; empty if nothing matched.
    """

    original: str
    id: str | None = None
    rule: Literal["", "id", "uri", "label", "pattern"] = ""


class Moment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A date as written, and as read: `value` is None if it cannot be read as a date (UTC)."""

    original: str
    value: datetime.date | None = None
    precision: Literal["", "year", "month", "day", "time"] = ""


class PeriodOfTime(msgspec.Struct, frozen=True, omit_defaults=True):
    """dct:PeriodOfTime. An open end is None; `original` alone means that no date could be read."""

    original: str
    start: datetime.date | None = None
    end: datetime.date | None = None
    open_end: bool = False


class Location(msgspec.Struct, frozen=True, omit_defaults=True):
    """dct:Location. bbox is west, south, east, north in degrees (WGS 84) where it could be read."""

    original: str
    form: Literal["geometry", "bbox", "uri", "text"] = "text"
    bbox: tuple[float, float, float, float] | None = None


class Agent(msgspec.Struct, frozen=True, omit_defaults=True):
    """foaf:Agent or vcard:Kind: a publisher, a creator or a contact."""

    name: str | None = None
    email: str | None = None
    url: str | None = None
    identifier: str | None = None
    sub_organization_of: list[str] = []


class Distribution(msgspec.Struct, frozen=True, omit_defaults=True):
    """dcat:Distribution. byte_size in bytes; checksum as hexadecimal text."""

    identifier: str | None = None
    title: str | None = None
    description: str | None = None
    access_url: str | None = None
    download_url: str | None = None
    media_type: Term | None = None
    format: Term | None = None
    byte_size: int | None = None
    checksum: str | None = None
    checksum_algorithm: str | None = None
    license: Term | None = None
    issued: Moment | None = None
    modified: Moment | None = None
    conforms_to: list[str] = []
    described_by: str | None = None
    described_by_type: str | None = None
    columns: list[str] = []  # names of described columns (csvw:column), where a data dictionary is in the metadata
    role: str | None = None  # what a file is for: data, documentation, dictionary, code, api
    datastore_active: bool = False  # CKAN: rows can be queried through its data API
    is_upload: bool = False  # the portal whose record this is keeps the file itself (`serialise.form_packages`)
    unread: dict[str, str] = {}  # what is written in a field and cannot be read, by the field's name

    @property
    def url(self) -> str | None:
        """The address of the data: the direct one where there is one."""
        return self.download_url or self.access_url


class Dataset(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """dcat:Dataset, with the source's own record beside it.

    profile: what kind of metadata the source speaks, a key of `config/profiles.yaml`, which says what it can carry.
    country: ISO 3166-1 alpha-2 of the publisher's country, `US` or `GB` here.
    description: as written (it may hold HTML); `normalise.text.plain` gives the text.
    raw: the source's record, JSON types only.
    beside: what the source says of it in another place (its catalogue record, the series that holds it), as written.
    """

    identifier: str
    title: str
    profile: str
    country: str
    source: str = ""  # name of the source in config/sources.yaml, or its address
    description: str | None = None
    keyword: list[str] = []
    theme: list[Term] = []
    language: list[Term] = []
    type: str | None = None  # `service`, `series`; a dataset where the source says nothing else
    issued: Moment | None = None
    modified: Moment | None = None
    metadata_issued: Moment | None = None  # of the catalogue record, not of the data
    metadata_modified: Moment | None = None
    accrual_periodicity: Term | None = None
    next_update: Moment | None = None  # the day that the next update is promised for (nextUpdateDate)
    publisher: Agent | None = None
    creator: list[Agent] = []
    contact_point: list[Agent] = []
    license: Term | None = None
    rights: list[str] = []
    access_rights: Term | None = None  # id: public, restricted, non-public
    access_procedure: str | None = None
    security_classification: Term | None = None  # UK Cross-Government Metadata Exchange Model securityClassification
    ai_use: str | None = None  # the form's choice: allowed, conditions, not-allowed
    ai_use_terms: str | None = None  # odrl:hasPolicy
    temporal: list[PeriodOfTime] = []
    temporal_resolution: str | None = None
    spatial: list[Location] = []
    spatial_resolution: str | None = None
    landing_page: str | None = None
    page: list[str] = []  # foaf:page, documentation; DCAT-US references
    conforms_to: list[str] = []
    described_by: str | None = None
    described_by_type: str | None = None
    distribution: list[Distribution] = []
    in_series: str | None = None
    serves_dataset: list[str] = []  # dcat:servesDataset, the identifiers of what a data service gives out
    version: str | None = None
    version_notes: str | None = None
    bibliographic_citation: str | None = None
    other_identifier: list[str] = []  # adms:identifier
    provenance: str | None = None  # dct:provenance, lineage
    derived_from: list[str] = []  # dct:source, prov:wasDerivedFrom
    code_repository: str | None = None  # prov: the code that made the data
    system_of_records: str | None = None  # DCAT-US systemOfRecords
    quality: str | None = None  # dqv:hasQualityAnnotation
    collection: str | None = None  # rai:dataCollection
    collection_type: str | None = None  # rai:dataCollectionType
    preprocessing: str | None = None  # rai:dataPreprocessingProtocol
    annotation: str | None = None  # rai:dataAnnotationProtocol
    limitations: str | None = None  # rai:dataLimitations
    biases: str | None = None  # rai:dataBiases
    uncertainty: str | None = None
    personal_data: str | None = None  # rai:personalSensitiveInformation: none, aggregated, pseudonymised, ...
    personal_data_measures: str | None = None
    uses: str | None = None  # rai:dataUseCases
    unsuitable_uses: str | None = None
    social_impact: str | None = None  # rai:dataSocialImpact
    maintenance_plan: str | None = None  # rai:dataReleaseMaintenancePlan
    raw: dict[str, Any] = {}
    beside: list[str] = []
    unread: dict[str, str] = {}  # as of a Distribution


class Harvested(msgspec.Struct, frozen=True, kw_only=True):
    """One record as it came out of a source: a `Dataset`, or the reasons why it was refused.

    where: its place in the source document (`$.dataset[17]`).
    identifier: what the source calls it, where that could be read.
    unchanged: the record is the one that the reader already knows, and was not read further; it has no dataset then.
    """

    where: str
    raw: Any
    identifier: str | None = None
    dataset: Dataset | None = None
    problems: list[Problem] = []
    unchanged: bool = False
