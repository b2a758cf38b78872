"""The Python API: what programs import from `ckanext.aivision`. It needs no CKAN."""
