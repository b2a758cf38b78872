"""The actions of the API, one module per topic; `ckanext.aivision.plugins` registers what each lists in `__all__`."""
