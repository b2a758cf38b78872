"""Collections of STAC (https://github.com/radiantearth/stac-spec, stac-api-spec)."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="stac",
    title="STAC",
    reads="the collections of a STAC API (`/collections`), of a static STAC catalogue with the catalogues in it, or "
    "one collection",
    profile="stac",
    order=46,
)
