"""The record as schema.org and Croissant, in JSON-LD for the Web."""
