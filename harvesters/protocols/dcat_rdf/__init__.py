"""DCAT in RDF, page by page or in one document (https://www.w3.org/TR/vocab-dcat-3/)."""

from ckanext.aivision.harvesters.sources.kind import Kind

KIND = Kind(
    name="dcat-rdf",
    title="DCAT in RDF",
    reads="DCAT-AP 1 to 3 and DCAT-US 3 in RDF/XML, Turtle, TriG, N-Triples, N-Quads, N3 or JSON-LD, in pages (Hydra) "
    "or in one",
    profile="dcat-ap",
    # Any JSON with names in namespaces may be JSON-LD.
    order=90,
    is_general=True,
    accept="text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.7, */*;q=0.1",
)
