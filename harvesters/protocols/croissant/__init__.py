"""Croissant, with its vocabulary for responsible AI (https://docs.mlcommons.org/croissant/docs/croissant-spec.html)."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="croissant",
    title="Croissant",
    reads="Croissant 1.0 and 1.1 with its vocabulary for responsible AI (RAI 1.0): a description or a list of them, "
    "from a file or an address",
    profile="croissant",
    order=48,
)
