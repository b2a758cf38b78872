"""What a call of an action asks for in filters, orders and fields, with errors by the name of the parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from ckan.plugins import toolkit

from ckanext.aivision.compare.table import listing
from ckanext.aivision.compare.table.filters import NAMES, Filters, parse
from ckanext.aivision.errors import UsageError


def refuse(field: str, message: str) -> NoReturn:
    """Raises ValidationError for a parameter."""
    raise toolkit.ValidationError({field: [message]})


def filters(data_dict: Mapping[str, Any]) -> Filters:
    """The filters of a comparison that are given. Raises ValidationError for a value that means nothing."""
    chosen: dict[str, tuple[str, ...]] = {}
    for name in NAMES:
        pairs = [(name, value) for value in several(data_dict, name)]
        try:
            chosen |= parse(pairs).chosen
        except UsageError as error:
            refuse(name, str(error))
    return Filters(chosen)


def refused_filter(error: UsageError) -> NoReturn:
    """Raises ValidationError for a filter that names what no dataset has (`Filters.check`)."""
    name = str(error).partition("=")[0]
    refuse(name if name in NAMES else "message", str(error))


def several(data_dict: Mapping[str, Any], field: str) -> list[str]:
    """The texts in a field, which may have one or a list of them. Raises ValidationError for anything else."""
    value = data_dict.get(field)
    found = [] if value is None or value == "" else value if isinstance(value, list) else [value]
    texts = [str(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in found]
    if any(not isinstance(one, str) or "\0" in one for one in texts):
        refuse(field, toolkit._("This must be text, or a list of texts"))
    return texts


def some_of(data_dict: Mapping[str, Any], field: str, known: Sequence[str]) -> tuple[str, ...]:
    """Those known that a field names, as a list or with commas between; all of them where it names none."""
    wanted = {part.strip() for text in several(data_dict, field) for part in text.split(",") if part.strip()}
    if not wanted <= set(known):
        refuse(field, toolkit._("Use some of: {known}").format(known=", ".join(known)))
    return tuple(name for name in known if name in wanted) or tuple(known)


def cursor(data_dict: Mapping[str, Any], sort: str) -> listing.Cursor | None:
    """Where the page before ended, as `after` says; None for the first page. Raises ValidationError."""
    text = data_dict.get("after")
    if text is None:
        return None
    try:
        return listing.from_text(text, sort)
    except UsageError as error:
        refuse("after", str(error))
