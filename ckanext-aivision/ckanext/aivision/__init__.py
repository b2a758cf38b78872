"""ckanext-aivision: harvest, evaluate and compare public datasets' readiness for AI.

Light on purpose: nothing here imports CKAN, so that the linter starts fast and runs without it.
"""

__version__ = "0.1.0"
