"""Check original metadata against the official standards: JSON Schemas and SHACL shapes."""
