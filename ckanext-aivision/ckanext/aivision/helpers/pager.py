"""Template helper: the links to the other pages of one of CKAN's lists."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from dominate import tags
from markupsafe import Markup

__all__ = ["aivision_pager"]


def aivision_pager(page: Any, **parameters: str) -> Markup:
    """CKAN's pager, whose arrows have names for people who cannot see them.

    page: ckan.lib.pagination.Page. parameters: of the address of each page, beside its number.
    """
    found: Markup = page.pager(
        symbol_previous=_sign("left", toolkit._("Previous page")),
        symbol_next=_sign("right", toolkit._("Next page")),
        **parameters,
    )
    return found


def _sign(direction: str, name: str) -> tags.span:
    arrow = tags.i(cls=f"fa-solid fa-chevron-{direction}", aria_hidden="true")
    return tags.span(arrow, tags.span(name, cls="visually-hidden"))
