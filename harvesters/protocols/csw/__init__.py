"""Catalogue Service for the Web of the Open Geospatial Consortium, versions 2.0.2 (07-006r1) and 3.0 (12-176r7)."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="csw",
    title="CSW",
    reads="a Catalogue Service for the Web (2.0.2 or 3.0) of ISO 19115 or FGDC records, by its address; saved answers",
    profile="iso-19115",
    order=25,
    is_api=True,
    # Many catalogues give no more.
    rows=100,
)
