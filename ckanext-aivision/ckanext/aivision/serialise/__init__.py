"""The record in other forms: CKAN's package, reports."""
