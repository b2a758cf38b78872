"""The files of a dataset: what each is, as far as its record and looks at it tell, and its members in JSON-LD."""

from __future__ import annotations

import re

import msgspec

from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.vocabulary import folded
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.facts.formats import format_of, looks_like_page
from ckanext.aivision.scoring.observations.file_profile import FileProfile
from ckanext.aivision.serialise.ckan_values import web_address
from ckanext.aivision.serialise.web.catalogued import Catalogued
from ckanext.aivision.serialise.web.node import Node, put
from ckanext.aivision.serialise.web.property_table import Standard
from ckanext.aivision.serialise.web.values import words

_FILES = ("data", "archive", "document", "image")
_DIGESTS = {"sha256": 64, "md5": 32}
_HEXADECIMAL = re.compile(r"[0-9a-f]+")
_SPDX = re.compile(r"^(?:https?://spdx\.org/rdf/terms/?#)?(?:spdx:)?checksumalgorithm_", re.IGNORECASE)
_PACKED = {"ZIP": "application/zip", "GZIP": "application/gzip"}


class File(msgspec.Struct, frozen=True):
    """A distribution, and what is known of what its address gives.

    url: of the file itself; None if the address is, or may be, that of a page or a service.
    media_type: of the file as it comes, packed or not; None if unknown. digests: by `sha256` and `md5`.
    profile: of a file that has been profiled. live: the file may be another one tomorrow.
    """

    item: Distribution
    url: str | None
    media_type: str | None
    digests: dict[str, str]
    profile: FileProfile | None
    live: bool

    @property
    def is_file_object(self) -> bool:
        """Whether it can be a FileObject (Croissant 1.1, FileObject and Live Datasets).

        mlcroissant refuses one without a media type, and one without a checksum in a dataset that is not live.
        """
        return self.url is not None and self.media_type is not None and (self.live or bool(self.digests))


def is_live(dataset: Dataset) -> bool | None:
    """Whether a dataset is updated regularly, by its rhythm; None if the record does not say.

    Source: Croissant 1.1, Live Datasets ("a new snapshot of data is released regularly").
    """
    rhythm = dataset.accrual_periodicity.id if dataset.accrual_periodicity is not None else None
    if rhythm is None:
        return None
    if rhythm == "continuous" or rhythm.startswith("R/"):
        return True
    return False if rhythm == "ended" else None


def files_of(dataset: Dataset, catalogued: Catalogued) -> list[File]:
    """The distributions of a dataset, in its order."""
    live = is_live(dataset) is True
    return [_file(item, catalogued, live) for item in dataset.distribution]


def _file(item: Distribution, catalogued: Catalogued, live: bool) -> File:
    observed = catalogued.observed
    profile = (observed.files or {}).get(item.url or "")
    if profile is not None and profile.refusal:
        profile = None
    digests = _digests(item)
    link = (observed.links or {}).get(item.url or "")
    # Of a file that changes, a checksum of ours would soon be wrong (Croissant 1.1, Live Datasets).
    if link is not None and link.checksum and not digests and not live:
        digests = _checked("sha256", link.checksum)
    return File(item, _address_of_file(item, profile), _media_type(item, profile), digests, profile, live)


def _digests(item: Distribution) -> dict[str, str]:
    algorithm = folded(_SPDX.sub("", (item.checksum_algorithm or "").strip()))
    return _checked(algorithm, item.checksum or "") if algorithm in _DIGESTS else {}


def _checked(algorithm: str, written: str) -> dict[str, str]:
    digest = written.strip().lower()
    is_one = len(digest) == _DIGESTS[algorithm] and _HEXADECIMAL.fullmatch(digest) is not None
    return {algorithm: digest} if is_one else {}


def _address_of_file(item: Distribution, profile: FileProfile | None) -> str | None:
    url = web_address(item.url)
    if url is None or any(letter.isspace() for letter in url):
        return None
    if profile is not None:
        return url
    found = format_of(item)
    # An access address is that of a file where it shows one; a download address where it shows nothing else.
    is_file = found.kind in _FILES if found is not None else item.download_url is not None
    return url if is_file and not looks_like_page(item) else None


def _media_type(item: Distribution, profile: FileProfile | None) -> str | None:
    """The media type of what the address gives: as seen, or else by the name of the file, or else as declared."""
    if profile is not None and (packed := _PACKED.get(profile.packed)):
        return packed
    traits = media_types.traits(profile.format) if profile is not None and profile.format else None
    if traits is None:
        if (packed := _packed(item.url or "")) is not None:
            return packed
        traits = format_of(item)
    declared = item.media_type.id if item.media_type is not None else None
    if traits is not None and traits.kind == "service":
        # In what form a service answers depends on what it is asked; only the source can say.
        return declared
    if declared is not None and (traits is None or media_types.from_format(declared).id == traits.key):
        return declared
    return (traits.media_type if traits is not None else "") or declared


def _packed(url: str) -> str | None:
    """The media type of an archive by the end of its name: `levels.csv.gz` is one, whatever it holds."""
    extension = addresses.file_name(url).lower().rpartition(".")[2]
    for key in ("ZIP", "GZIP", "TAR", "7Z"):
        traits = media_types.traits(key)
        if traits is not None and extension in traits.extensions:
            return traits.media_type
    return None


def write_file(node: Node, file: File, standard: Standard) -> None:
    """Adds to a distribution's node what is written together: addresses, media type and checksum."""
    item = file.item
    if file.url is not None:
        node["contentUrl"] = file.url
    elif item.download_url:
        put(node, "dcat:downloadURL", words(item.download_url))
    formats = encoding_formats(file, standard)
    put(node, "encodingFormat", formats)
    if item.media_type is not None and item.media_type.id not in formats:
        put(node, "dcat:mediaType", words(item.media_type.original))
    node |= {key: value for key, value in file.digests.items() if key == "sha256" or standard == "croissant"}
    if item.checksum and item.checksum.strip().lower() not in [node.get(key) for key in _DIGESTS]:
        put(node, "spdx:checksum/spdx:checksumValue", words(item.checksum))
        put(node, "spdx:checksum/spdx:algorithm", words(item.checksum_algorithm))


# Other names of media types, by which readers of Croissant know what they can read.
OTHER_MEDIA_TYPES = {
    "application/vnd.apache.parquet": "application/x-parquet",
    "application/x-ndjson": "application/jsonlines",
    "text/tab-separated-values": "text/tsv",
}


def encoding_formats(file: File, standard: Standard) -> list[str]:
    """The media type; in Croissant also by the name that its readers know; the format's name if there is none."""
    if file.media_type is None:
        return words(file.item.format.id or file.item.format.original) if file.item.format is not None else []
    also = OTHER_MEDIA_TYPES.get(file.media_type) if standard == "croissant" else None
    return [file.media_type, also] if also else [file.media_type]
