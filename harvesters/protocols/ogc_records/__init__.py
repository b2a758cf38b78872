"""OGC API - Records, part 1 (https://docs.ogc.org/is/20-004r1/20-004r1.html)."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="ogc-records",
    title="OGC API Records",
    reads="the records of an OGC API Records catalogue, by its address or one of a collection of it "
    "(`/collections/NAME/items`), and saved answers of it",
    profile="ogc-records",
    order=44,
    is_api=True,
    rows=100,
)
