"""Addresses of what people put elsewhere about a dataset or an organization."""
