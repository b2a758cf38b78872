"""Metadata as it was published against the official standards: JSON Schemas and SHACL shapes."""
