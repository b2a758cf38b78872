"""The UK Cross-Government Metadata Exchange Model, in YAML or JSON."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="uk-metadata-exchange",
    title="UK Cross-Government Metadata Exchange Model",
    reads="the UK Cross-Government Metadata Exchange Model in YAML or JSON",
    profile="uk-metadata-exchange",
    country="GB",
    order=40,
)
