"""The search of catalog.data.gov (https://resources.data.gov/catalog-api/)."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="datagov-search",
    title="Search of catalog.data.gov",
    reads="the search of catalog.data.gov (`https://catalog.data.gov/search`), and saved pages of it",
    profile="dcat-us-1.1",
    country="US",
    order=20,
    is_api=True,
    # What a key of api.data.gov allows.
    requests_per_hour=1000,
)
