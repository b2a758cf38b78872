"""Declare what parameters an action has: it is called with what they read, and anything else is refused."""

from __future__ import annotations

import contextlib
import functools
import itertools
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ckan.plugins import toolkit

from ckanext.aivision.logic.parameter_types import Parameter, Text

Action = TypeVar("Action", bound=Callable[..., Any])
_LONGEST_SHOWN = 100
# What a reader's text may hold that an answer must not.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def accepts(declared: Mapping[str, Parameter] | None = None, /, **more: Parameter) -> Callable[[Action], Action]:
    """Declares the parameters of an action, by name.

    The action gets a dict with the values that are given and not empty, as their types read them. A call raises
    ValidationError for an unknown parameter, a missing one that is required, and a value that its type refuses, with
    a message for each.
    """
    parameters = {**(declared or {}), **more}

    def declare(action: Action) -> Action:
        @functools.wraps(action)
        def checked(context: Any, data_dict: Mapping[str, Any] | None = None) -> Any:
            try:
                values = read(parameters, data_dict or {})
            except toolkit.ValidationError:
                _check_rights(action, context, parameters, data_dict or {})
                raise
            return action(context, values)

        checked.parameters = parameters  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return declare


def declares(parameters: Mapping[str, Parameter]) -> Callable[[Action], Action]:
    """Declares the parameters of an action that has a validation schema of its own, which reads them."""

    def declare(action: Action) -> Action:
        @functools.wraps(action)
        def checked(context: Any, data_dict: Mapping[str, Any] | None = None) -> Any:
            given = dict(data_dict or {})
            try:
                read(parameters, {name: value for name, value in given.items() if name in parameters}, complete=False)
            except toolkit.ValidationError:
                _check_rights(action, context, parameters, given)
                raise
            return action(context, given)

        checked.parameters = parameters  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return declare


def parameters_of(action: Any) -> dict[str, Parameter]:
    """The parameters that an action declares, in their order."""
    found: dict[str, Parameter] = action.parameters
    return found


def read(parameters: Mapping[str, Parameter], data_dict: Mapping[str, Any], complete: bool = True) -> dict[str, Any]:
    """The values of a call. complete: whether a missing one that is required is an error.

    Raises ValidationError with the messages by parameter.
    """
    errors = {
        _UNPRINTABLE.sub("?", str(name)[:_LONGEST_SHOWN]): [_unknown(parameters)]
        for name in itertools.islice((name for name in data_dict if name not in parameters), 20)
    }
    values = {}
    for name, parameter in parameters.items():
        value = data_dict.get(name)
        if value is None or (value == "" and not (isinstance(parameter, Text) and parameter.empty_counts)):
            if parameter.required and complete:
                errors[name] = [toolkit._("Missing value")]
            continue
        try:
            values[name] = parameter.read(value)
        except toolkit.Invalid as error:
            errors[name] = [error.error]
    if errors:
        raise toolkit.ValidationError(errors)
    return values


def _check_rights(
    action: Callable[..., Any], context: Any, parameters: Mapping[str, Parameter], data_dict: Mapping[str, Any]
) -> None:
    """Raises NotAuthorized for a caller who may not call the action: what is wrong with the call is not theirs to know.

    Only what can be read of the call is looked at: rights may depend on a dataset that it names.
    """
    readable = {}
    for name, parameter in parameters.items():
        with contextlib.suppress(toolkit.Invalid):
            if data_dict.get(name) not in (None, ""):
                readable[name] = parameter.read(data_dict[name])
    # A call that names no dataset, or none that there is, says nothing of rights to it.
    with contextlib.suppress(toolkit.ValidationError, toolkit.ObjectNotFound, KeyError):
        toolkit.check_access(action.__name__, context, readable)


def _unknown(parameters: Mapping[str, Parameter]) -> str:
    if not parameters:
        return toolkit._("There is no such parameter; this action has none")
    message = toolkit._("There is no such parameter; there are {known}")
    return message.format(known=", ".join(parameters))
