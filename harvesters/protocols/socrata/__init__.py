"""Socrata's Discovery API (https://dev.socrata.com/docs/other/discovery)."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="socrata",
    title="Socrata",
    reads="a Socrata portal, by its address or one of its catalogue API (`/api/catalog/v1`), and saved answers of it",
    profile="socrata",
    order=32,
    is_api=True,
)
