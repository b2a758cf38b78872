"""The pages: one module a blueprint. `ckanext.aivision.plugins` registers them."""
