"""Public datasets in RDF, as everybody may have them."""
