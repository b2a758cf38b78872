"""DKAN's metastore (https://dkan.readthedocs.io/en/latest/apis/metastore.html)."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="dkan",
    title="DKAN",
    reads="the datasets of a DKAN portal's metastore (`/api/1/metastore/schemas/dataset/items`)",
    profile="dcat-us-1.1",
    order=12,
)
