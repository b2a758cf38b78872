"""CKAN's action API, and what it gives out (https://docs.ckan.org/en/2.12/api/)."""

from ckanext.aivision.harvesters.sources.kind import Kind

# data.gov.uk's form has fields that CKAN itself has not.
_DATA_GOV_UK = ("data.gov.uk", "www.data.gov.uk", "ckan.publishing.service.gov.uk")

KIND = Kind(
    name="ckan",
    title="CKAN",
    reads="a CKAN portal, by its address or one in its API; saved answers, and dumps with one package a line",
    profile="ckan",
    order=30,
    is_api=True,
    profiles_of_hosts=dict.fromkeys(_DATA_GOV_UK, "data-gov-uk"),
)
