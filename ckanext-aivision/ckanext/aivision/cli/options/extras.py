"""Check which optional packages are installed: the base package has the linter, extras in setup.py add the rest."""

from __future__ import annotations

import re
from importlib import metadata
from typing import Literal

from ckanext.aivision.errors import UsageError

_PACKAGE = "ckanext-aivision"


def need(what: str, extra: Literal["catalogue", "charts", "mcp"], instead: str = "") -> None:
    """Refuses `what` if a package of this extra is not installed.

    instead: what works without them.
    Raises UsageError with the pip command that installs the missing packages.
    """
    missing = [name for name in _packages(extra) if not _installed(name)]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise UsageError(
            f"{what} needs packages that are not installed ({missing[0]}{more}); "
            f'get them with `pip install "{_PACKAGE}[{extra}]"`{f", or {instead}" if instead else ""}'
        )


def _packages(extra: str) -> list[str]:
    """The names of what setup.py asks for under an extra, in its order."""
    try:
        needs = metadata.requires(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        return []  # run from its source, which declares no extras: a missing package shows at its import
    return [re.split(r"[^\w.-]", need, maxsplit=1)[0] for need in needs if re.search(rf'extra == "{extra}"', need)]


def _installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True
