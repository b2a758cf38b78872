"""Datasets that the pages of a site describe in schema.org (https://schema.org/Dataset), found by its sitemap."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="schema-org",
    title="schema.org",
    reads="schema.org `Dataset` and `DataCatalog` in JSON-LD: in the pages that a sitemap lists, in one page, or "
    "in a file",
    profile="schema-org",
    order=50,
    is_api=True,
)
