"""Geographic metadata in XML: ISO 19139, ISO 19115-3, and their profiles UK GEMINI and INSPIRE."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="iso",
    title="ISO 19115",
    reads="geographic metadata in ISO 19139 or ISO 19115-3, as UK GEMINI and INSPIRE: one record, or a file of several",
    profile="iso-19115",
    order=60,
    accept="application/xml, text/xml;q=0.9, */*;q=0.1",
)
