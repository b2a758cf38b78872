"""Dumps: the whole catalogue with its evaluations as files, once a day."""
