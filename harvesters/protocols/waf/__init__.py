"""Folders on the web with metadata files in them (web-accessible folders, WAF), as a server lists them."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="waf",
    title="Web folder (WAF)",
    reads="a folder on the web of ISO 19115 or FGDC files, with those inside it, as Apache, IIS or nginx lists it",
    profile="iso-19115",
    order=26,
    is_api=True,
    has_documents=False,
)
