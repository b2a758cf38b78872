"""Refuse in a sentence what needs a package that is not installed."""

from __future__ import annotations

import importlib.util

from ckanext.aivision.errors import UsageError


def need_tables() -> None:
    """Raises UsageError, with the pip command, if there is no pyarrow."""
    if importlib.util.find_spec("pyarrow") is None:
        raise UsageError('tables need the package pyarrow: `pip install "ckanext-aivision[tables]"`')
