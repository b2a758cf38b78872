"""The pages. CKAN registers the blueprints that this package lists."""

from ckanext.aivision.views.best_practice import best_practice

__all__ = ["best_practice"]
