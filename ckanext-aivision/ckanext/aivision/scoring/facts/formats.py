"""Facts about the format of a distribution: what is declared, and whether its address bears it out."""

from __future__ import annotations

import re

from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.media_types import Format
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Distribution
from ckanext.aivision.scoring.facts.text.keyword_regex import Near

# OpenAPI, WSDL, WADL, OGC's GetCapabilities and files that a program reads.
_PROGRAM_DESCRIPTION = Near(
    r"openapi|swagger|api-docs|getcapabilities|\bwsdl\b|\bwadl\b|\.(?:json|ya?ml|xml|raml|graphqls?)(?:[?#]|$)",
    "openapi",
    "swagger",
    "api-docs",
    "getcapabilities",
    "wsdl",
    "wadl",
    ".json",
    ".yaml",
    ".yml",
    ".xml",
    ".raml",
    ".graphql",
)
# What one file may be declared as, both rightly.
_ALIKE = ({"ZIP", "GZIP", "CSV", "SHP", "GDB", "GTFS"}, {"XLS", "XLSX"})
_EXTENSION = re.compile(r"\w\.[a-z][a-z0-9]{0,7}$", re.IGNORECASE)


def format_of(distribution: Distribution) -> Format | None:
    """The format, by what the address shows, then the format field, then the media type; of an archive, of its content.

    The address goes first because it cannot be wrong: 39,232 real download addresses are declared text/html, and the
    343 real types that contradict an extension are mistakes of the type.
    """
    url = distribution.url
    by_address, declared = format_of_address(url) if url else None, _declared(distribution)
    # An address without a name of a file says nothing (.aspx, .php: programs that may give data); a page is a page.
    is_program = by_address == "HTML" and not media_types.is_page(url or "")
    keys = (declared, by_address) if is_program else (by_address, declared)
    found = next((traits for key in keys if key is not None and (traits := media_types.traits(key)) is not None), None)
    if found is None or found.kind not in ("archive", "service"):
        return found
    if found.kind == "archive":
        return _content(distribution) or found
    # Somebody calls it WFS, and neither its address nor a description speaks that protocol.
    is_known = url is None or media_types.shows_service(url, found.key) or is_described(distribution)
    return found if is_known else media_types.traits("API")


def format_of_address(url: str) -> str | None:
    """What an address shows: a page, whatever its query says, or the format that it names."""
    return "HTML" if media_types.is_page(url) else media_types.of_url(url).id


def _declared(distribution: Distribution) -> str | None:
    """The format that the fields declare: where one of them says an archive, the other may say of what."""
    given, media_type = distribution.format, distribution.media_type
    by_format = given.id if given is not None else None
    by_type = media_types.from_format(media_type.id or media_type.original).id if media_type is not None else None
    return by_format if by_format is not None else by_type


def _content(distribution: Distribution) -> Format | None:
    """What an archive holds, where the record says it: in its fields, the name of its file, or its title."""
    terms = (distribution.format, distribution.media_type)
    # DCAT 3 (6.8.19) has the format of the content here, and that of the pack in dcat:compressFormat.
    for key in (media_types.from_format(term.original).id for term in terms if term is not None):
        if key is not None and (traits := media_types.traits(key)) is not None and traits.structured:
            return traits
    written = [term.original for term in terms if term is not None]
    for text in (*written, addresses.file_name(distribution.url or ""), distribution.title or ""):
        if (key := media_types.format_in_words(text)) is not None:
            return media_types.traits(key)
    return None


def looks_like_page(distribution: Distribution) -> bool:
    """Whether an address shows neither a file nor an interface: `https://water.gov/data`, `levels.aspx`.

    Real ones are pages: of 610 in the corpus all but a few, which config/vocabularies/data_addresses.csv knows. What is
    loaded into the portal's own data API is data.
    """
    url = distribution.url or ""
    if distribution.datastore_active or format_of_address(url) not in (None, "HTML") or has_unknown_name(distribution):
        return False
    return not media_types.may_give_data(url)


def has_unknown_name(distribution: Distribution) -> bool:
    """Whether an address ends as a file of a kind that we do not know: `levels.cgns`."""
    url = distribution.url or ""
    if distribution.datastore_active or format_of_address(url) is not None or media_types.may_give_data(url):
        return False
    return _EXTENSION.search(addresses.file_name(url)) is not None


def is_folder(url: str, found: Format) -> bool:
    """Whether an address ends as that of a folder, so that a declared file may be one of many in it, or none.

    A service, an API and a store of many files (Zarr) do have such addresses.
    """
    parts = addresses.parts(url)
    if parts is None or parts.query or not parts.path.endswith("/"):
        return False
    return found.kind in ("data", "archive") and found.key != "Zarr" and "/api/" not in url.lower()


def is_described(distribution: Distribution) -> bool:
    """Whether a program can learn from a service's description or address how to ask it."""
    links = (distribution.described_by, distribution.url, *distribution.conforms_to)
    return any(link and _PROGRAM_DESCRIPTION.search(link) is not None and leads_on(link) for link in links)


def leads_on(text: str | None) -> bool:
    """Whether a text is an address on the public Internet that is more than a site's front door."""
    return text is not None and addresses.is_public(text) and not is_home_page(text)


@cached(16384)
def is_home_page(url: str) -> bool:
    """Whether an address is only a site's front door."""
    found = addresses.parts(url)
    return found is not None and not found.query and found.path.strip("/") == ""


def why_untrue(distribution: Distribution) -> str:
    """Why a media type does not count, for evidence."""
    if distribution.media_type is None or distribution.media_type.id is None:
        return "not in IANA's registry of media types"
    if looks_like_page(distribution):
        return "its address looks like that of a page"
    by_address = media_types.of_url(distribution.url or "").id
    return f"its address shows {by_address or 'a file of another kind'}"


def has_true_media_type(distribution: Distribution) -> bool:
    """Whether its media type is registered, and is not contradicted by the address."""
    if distribution.media_type is None or distribution.media_type.id is None or looks_like_page(distribution):
        return False
    declared = media_types.from_format(distribution.media_type.id).id
    by_address = media_types.of_url(distribution.url).id if distribution.url else None
    if by_address in (None, "HTML"):
        if has_unknown_name(distribution):
            return declared in (None, "TXT")
        return by_address is None or declared in (None, "HTML") or not media_types.is_page(distribution.url or "")
    if declared == by_address:
        return True
    if declared is None:
        # A type that no format of ours has, on a file whose format is known: a mistake, unless it is a kind of it.
        return _is_kind_of(distribution.media_type.id, by_address or "")
    # A packed table may be declared as either, and a spreadsheet's old and new names are one to most people.
    return any({declared, by_address} <= alike for alike in _ALIKE)


def _is_kind_of(media_type: str, key: str) -> bool:
    """`application/gpx+xml` is XML, and `application/vnd.ms-excel.sheet.macroenabled.12` a spreadsheet."""
    format = media_types.traits(key)
    own = format.media_type if format is not None else ""
    suffix = media_type.rpartition("+")[2] if "+" in media_type else ""
    return not own or bool(suffix) or media_type.startswith(own) or (format is not None and format.kind == "service")
