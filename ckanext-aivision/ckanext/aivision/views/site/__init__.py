"""The statements around the catalogue: accessibility and privacy."""
