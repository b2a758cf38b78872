"""A distribution as a CKAN resource in the fields of `config/schemas/ai_ready_dataset.yaml`, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.aivision.normalise import dates, licences, media_types
from ckanext.aivision.normalise.text import one
from ckanext.aivision.record import Distribution
from ckanext.aivision.serialise.ckan_values import all_text, day, filled, prose, text, texts, web_address

_ROLES = ("data", "documentation", "dictionary", "code", "api")
_FETCHED_KINDS = ("data", "archive", "document", "image")
# PostgreSQL's bigint, in which CKAN keeps a size.
_LARGEST_SIZE = 2**63 - 1

# (field of the record, field of the resource)
_TEXTS = (
    ("title", "name"),
    ("described_by", "described_by"),
    ("described_by_type", "described_by_type"),
    ("checksum", "hash"),
    ("checksum_algorithm", "hash_algorithm"),
)


def to_resource(item: Distribution) -> dict[str, Any] | None:
    """A resource for CKAN; None for a distribution with neither an address nor words of its own.

    An address that no browser may follow (`s3:`, `file:`, `javascript:`) is given in the description instead.
    """
    url = web_address(item.url)
    told = prose(item.description)
    if url is None and item.url:
        told = "\n\n".join(part for part in (told, f"Address as given: `{text(item.url)}`") if part)
    if url is None and not told and not item.title:
        return None
    return filled(
        {
            **{key: text(getattr(item, field)) for field, key in _TEXTS},
            "description": told,
            "url": url,
            "format": _format(item),
            "role": item.role if item.role in _ROLES else None,
            "mimetype": item.media_type.id or text(item.media_type.original) if item.media_type else None,
            "size": item.byte_size if 0 <= (item.byte_size or 0) <= _LARGEST_SIZE else None,
            "license": item.license.id or text(item.license.original) if item.license else None,
            "download_url": web_address(item.download_url),
            "access_url": web_address(item.access_url),
            "issued": day(item.issued),
            "modified": day(item.modified),
            "conforms_to": all_text(item.conforms_to),
            "columns": text("\n".join(" ".join(name.replace("|", "/").split()) for name in item.columns)),
        }
    )


def from_resource(resource: Mapping[str, Any]) -> Distribution:
    """The distribution of a resource, as package_show gives it or the form saves it."""
    media, size, licence = (one(resource.get(key)) for key in ("mimetype", "size", "license"))
    given = one(resource.get("format"))
    access, download = _addresses(resource)
    columns = [line.split("|")[0].strip() for line in (one(resource.get("columns")) or "").splitlines()]
    texts_given: dict[str, Any] = {field: one(resource.get(key)) for field, key in _TEXTS}
    return Distribution(
        identifier=one(resource.get("id")),
        role=one(resource.get("role")),
        description=one(resource.get("description")),
        access_url=access,
        download_url=download,
        media_type=media_types.clean(media) if media else None,
        format=media_types.from_format(given) if given else None,
        byte_size=int(size) if size and size.isdecimal() and len(size) < 20 else None,
        license=licences.clean(licence) if licence else None,
        issued=dates.moment(resource.get("issued")),
        modified=dates.moment(resource.get("modified")),
        conforms_to=texts(resource.get("conforms_to")),
        columns=[name for name in columns if name],
        datastore_active=resource.get("datastore_active") is True,
        **texts_given,
    )


def _format(item: Distribution) -> str | None:
    """The format as the source gives it, or as its media type or address shows it: CKAN searches and sorts by it."""
    if item.format is not None:
        return item.format.id or text(item.format.original)
    if item.media_type is not None:
        declared = media_types.from_format(item.media_type.id or item.media_type.original).id
        traits = media_types.traits(declared) if declared is not None else None
        # `application/vnd.api+json` is how an API answers; whether the address is one, the source did not say.
        if traits is not None and traits.kind != "service":
            return traits.key
    return media_types.of_url(item.url).id if item.url else None


def _addresses(resource: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The access and the download address. A form has one address; what is behind it tells which it is.

    That of a file is both where there is no page: DCAT-AP (3.0, Distribution) makes accessURL mandatory, and it may be
    the same as downloadURL. Of what a harvest kept, both are as the source has them.
    """
    url, access, download = (one(resource.get(key)) for key in ("url", "access_url", "download_url"))
    if download is not None or url is None or url == access:
        return access, download
    given = one(resource.get("format"))
    key = media_types.of_url(url).id or (media_types.from_format(given).id if given else None)
    traits = media_types.traits(key) if key else None
    is_file = resource.get("url_type") == "upload" or (traits is not None and traits.kind in _FETCHED_KINDS)
    return (access or url, url) if is_file else (url, None)
