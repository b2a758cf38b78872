"""DCAT-US 1.1 and 3.0 in JSON (https://resources.data.gov/resources/dcat-us/)."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="dcat-us",
    title="DCAT-US",
    reads="DCAT-US 1.1 and 3.0: a `data.json` from a file or an address, in one document or in pages",
    profile="dcat-us-1.1",
    order=10,
)
