"""Statistics in general: intervals and tests, which know nothing of datasets."""
