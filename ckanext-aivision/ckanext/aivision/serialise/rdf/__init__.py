"""Records as RDF: DCAT-AP 3 and DCAT-US 3, in Turtle, RDF/XML, JSON-LD and N-Triples."""
