"""The search of ArcGIS Hub (https://developers.arcgis.com/hub/services/search/)."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="arcgis-hub",
    title="ArcGIS Hub",
    reads="an ArcGIS Hub site, by its address or one of its search (`/api/search/v1`), and saved answers of it; the "
    "site's DCAT feeds are read as `dcat-us` and `dcat-rdf`",
    profile="arcgis-hub",
    order=42,
    is_api=True,
    rows=100,
)
