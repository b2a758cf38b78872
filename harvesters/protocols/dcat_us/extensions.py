"""Members that our own DCAT-US documents have beyond the standard, and that are read again.

DCAT-US allows members of other vocabularies in a dataset and in a distribution. Those here have the names of the
vocabulary that defines them (DCAT 3, Croissant RAI, ADMS, ODRL, CSVW, SPDX, PROV, schema.org); `aivision:` stands for
what no vocabulary has. `docs/reference/json_standards.md` lists them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

from ckanext.aivision.harvesters.mapping.table import ANY, SCALAR, TEXTS, Raw, Row, stripped, table, term
from ckanext.aivision.harvesters.mapping.values import as_list, byte_size, label
from ckanext.aivision.normalise import dates
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Moment, Term

# What a source wrote where the standard has no place for it as it is, by the member of the standard.
SOURCE_VALUES = "aivision:sourceValues"
# The catalogue record of a dataset, inside the dataset: when its entry was made, and last changed.
CATALOG_RECORD = "foaf:isPrimaryTopicOf"
# What kind of metadata the record's first source speaks: a key of config/profiles.yaml.
PROFILE = "aivision:profile"
_OFFICIAL = "OFFICIAL"
_COUNTRY = re.compile(r"[A-Z]{2}")


def _classification(text: str) -> Term:
    return Term(text, text, "id") if text == _OFFICIAL else Term(text)


def _country(text: str) -> str | None:
    """A code of two letters (ISO 3166-1 alpha-2)."""
    return text if _COUNTRY.fullmatch(text) else None


@functools.cache
def _profiles() -> frozenset[str]:
    return frozenset(row["profile"] for row in rows("profile_addresses"))


def _profile(text: str) -> str | None:
    return text if text in _profiles() else None


def _all_labelled(value: Any) -> list[str]:
    return [text for item in as_list(value) if (text := label(item, ("@id", "notation", "@value", "name")))]


DATASET_EXTENSIONS = table(
    Row("country", "aivision:country", _country),
    Row("profile", PROFILE, _profile),
    Row("type", "dct:type", stripped),
    Row("access_procedure", "aivision:accessProcedure", stripped),
    Row("security_classification", "aivision:securityClassification", term(_classification)),
    Row("ai_use", "aivision:aiUse", stripped),
    Row("ai_use_terms", "odrl:hasPolicy", stripped),
    Row("temporal_resolution", "dcat:temporalResolution", one, SCALAR),
    Row("spatial_resolution", "dcat:spatialResolutionInMeters", one, SCALAR),
    Row("described_by", "wdrs:describedby", stripped),
    Row("serves_dataset", "dcat:servesDataset", many, TEXTS),
    Row("version", "dcat:version", one, SCALAR),
    Row("version_notes", "adms:versionNotes", stripped),
    Row("other_identifier", "adms:identifier", _all_labelled, ANY),
    Row("provenance", "dct:provenance", stripped),
    Row("derived_from", "dct:source", _all_labelled, ANY),
    Row("code_repository", "schema:codeRepository", stripped),
    Row("quality", "dqv:hasQualityAnnotation", stripped),
    Row("collection", "rai:dataCollection", stripped),
    Row("collection_type", "rai:dataCollectionType", stripped),
    Row("preprocessing", "rai:dataPreprocessingProtocol", stripped),
    Row("annotation", "rai:dataAnnotationProtocol", stripped),
    Row("limitations", "rai:dataLimitations", stripped),
    Row("biases", "rai:dataBiases", stripped),
    Row("uncertainty", "aivision:uncertainty", stripped),
    Row("personal_data", "rai:personalSensitiveInformation", stripped),
    Row("personal_data_measures", "aivision:personalDataMeasures", stripped),
    Row("uses", "rai:dataUseCases", stripped),
    Row("unsuitable_uses", "aivision:unsuitableUses", stripped),
    Row("social_impact", "rai:dataSocialImpact", stripped),
    Row("maintenance_plan", "rai:dataReleaseMaintenancePlan", stripped),
)

DISTRIBUTION_EXTENSIONS = table(
    Row("identifier", "dct:identifier", stripped),
    Row("byte_size", "dcat:byteSize", byte_size, SCALAR),
    Row("columns", "csvw:column", many, TEXTS),
    Row("role", "aivision:role", stripped),
    Row("datastore_active", "aivision:datastoreActive", bool, SCALAR),
)
CHECKSUM = "spdx:checksum"


def with_source_values(raw: Raw) -> Raw:
    """A dataset or a distribution with its members as its source wrote them, where a document of ours says so."""
    own = raw.get(SOURCE_VALUES)
    return {**raw, **own} if isinstance(own, Mapping) else raw


def tell_catalog_record(fields: dict[str, Any], raw: Raw) -> None:
    """Adds the dates of the catalogue record that a dataset has inside it. fields: of a Dataset, changed in place."""
    record = raw.get(CATALOG_RECORD)
    if isinstance(record, Mapping):
        for field, member in (("metadata_issued", "issued"), ("metadata_modified", "modified")):
            if (moment := _first_moment(record.get(member))) is not None:
                fields[field] = moment


def _first_moment(value: Any) -> Moment | None:
    return next((moment for item in as_list(value) if (moment := dates.moment(item)) is not None), None)
