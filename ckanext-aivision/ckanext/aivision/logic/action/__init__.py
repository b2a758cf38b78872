"""The actions of the API, one module a topic; `ckanext.aivision.plugins` registers what each lists in `__all__`."""
