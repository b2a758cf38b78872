"""The Content Standard for Digital Geospatial Metadata of the US Federal Geographic Data Committee, in XML."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="fgdc",
    title="FGDC CSDGM",
    reads="the Content Standard for Digital Geospatial Metadata (FGDC-STD-001-1998), in XML",
    profile="fgdc",
    order=61,
    accept="application/xml, text/xml;q=0.9, */*;q=0.1",
)
