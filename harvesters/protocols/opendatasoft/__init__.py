"""Opendatasoft's Explore API (https://help.opendatasoft.com/apis/ods-explore-v2/)."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="opendatasoft",
    title="Opendatasoft",
    reads="an Opendatasoft portal, by its address or one of its Explore API (`/api/explore/v2.1/catalog`), and saved "
    "answers and JSON exports of it",
    profile="opendatasoft",
    order=36,
    is_api=True,
    rows=100,
)
