"""What a call of an action asks for in filters, orders and fields, with errors by the name of the parameter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NoReturn

from ckan.plugins import toolkit

from ckanext.aivision.compare.table.filters import NAMES, Filters, parse
from ckanext.aivision.errors import UsageError

_LONGEST_SHOWN = 100
_LARGEST_OFFSET = 1_000_000


def refuse(field: str, message: str) -> NoReturn:
    """Raises ValidationError for a parameter."""
    raise toolkit.ValidationError({field: [message]})


def known_only(data_dict: Mapping[str, Any], known: Collection[str]) -> None:
    """Raises ValidationError for a parameter that the action does not have: a misspelt filter would give everything."""
    for name in data_dict:
        if name not in known:
            message = toolkit._("There is no such parameter; there are {known}").format(known=", ".join(known))
            refuse(str(name)[:_LONGEST_SHOWN], message)


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


def one_of(data_dict: Mapping[str, Any], field: str, known: Sequence[str], usual: str) -> str:
    """The value of a field that has to be one of those known."""
    value = data_dict.get(field)
    if value is None or value == "":
        return usual
    text = " ".join(value.split()) if isinstance(value, str) else value
    if text not in known:
        refuse(field, toolkit._("Use one of: {known}").format(known=", ".join(known)))
    return str(text)


def some_of(data_dict: Mapping[str, Any], field: str, known: Sequence[str]) -> tuple[str, ...]:
    """Those known that a field names, as a list or with commas between; all of them where it names none."""
    wanted = {part.strip() for text in several(data_dict, field) for part in text.split(",") if part.strip()}
    if not wanted <= set(known):
        refuse(field, toolkit._("Use some of: {known}").format(known=", ".join(known)))
    return tuple(name for name in known if name in wanted) or tuple(known)


def yes_or_no(data_dict: Mapping[str, Any], field: str) -> bool | None:
    """`true` or `false` in a field, as a word or as JSON's own; None where it has nothing."""
    value = data_dict.get(field)
    if isinstance(value, bool):
        return value
    text = one_of(data_dict, field, ("true", "false"), "")
    return text == "true" if text else None


def offset(data_dict: Mapping[str, Any]) -> int:
    """How many rows to pass over, 0 or more."""
    value = data_dict.get("offset")
    if value is None or value == "":
        return 0
    try:
        number = int(value) if not isinstance(value, (bool, float)) else -1
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number <= _LARGEST_OFFSET:
        refuse("offset", toolkit._("Enter a whole number from 0 to {most}").format(most=_LARGEST_OFFSET))
    return number
