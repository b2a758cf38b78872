"""ckanext-aivision: harvest public datasets, evaluate how ready they are for AI, and compare them.

Light on purpose: nothing here imports CKAN, so that the linter starts fast and runs without it.
"""

__version__ = "0.1.0"
