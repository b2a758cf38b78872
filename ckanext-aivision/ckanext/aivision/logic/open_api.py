"""The actions of this extension as an OpenAPI 3.1 document, from what they declare (https://spec.openapis.org/oas/v3.1.1).

Parameters are those of `logic.accept`, descriptions those of the docstrings, and who may call an action those of
`logic.auth`: nothing is written here a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ckan.plugins import toolkit

from ckanext.aivision import __version__
from ckanext.aivision.logic import auth
from ckanext.aivision.logic.accept import parameters_of
from ckanext.aivision.logic.docstring import Described, describe
from ckanext.aivision.logic.parameter_types import Parameter, Several

_PREFIX = "aivision_"
_SECURITY = "token"
_ABOUT = """\
The actions of this catalogue's API. Every answer is an object with `success`, and `result` or `error`. Parameters that
an action does not have, and values that mean nothing, are refused with status 409 and a message for each. CKAN's own
actions are described at https://docs.ckan.org/en/2.12/api/."""
_ERRORS = {
    "400": "The request is not JSON, or not an object.",
    "403": "Not allowed: log in, or ask for access.",
    "404": "There is no such thing.",
    "409": "A parameter is unknown or missing, or its value is refused; `error` says which and why.",
    "429": "Too many requests in a minute; Retry-After says when to try again.",
}
_LONGEST_SUMMARY = 120


class ApiAction(NamedTuple):
    """An action: by_get: whether it can be called by GET. is_public: whether it needs no log-in."""

    name: str
    by_get: bool
    is_public: bool
    described: Described
    parameters: dict[str, Parameter]

    @property
    def summary(self) -> str:
        """The first sentence of what it does."""
        return self.described.text.split("\n\n")[0].split(". ")[0].replace("\n", " ").rstrip(".")[:_LONGEST_SUMMARY]


def actions() -> list[ApiAction]:
    """The actions of this extension that this site has, by name; the public ones first."""
    return sorted(_actions(), key=lambda action: (not action.is_public, action.name))


def _actions() -> Iterator[ApiAction]:
    for name in auth.FUNCTIONS:
        try:
            function = toolkit.get_action(name)
        except KeyError:
            continue  # of a feature that this site does not have
        if name.startswith(_PREFIX):
            by_get = bool(getattr(function, "side_effect_free", False))
            yield ApiAction(name, by_get, auth.is_public(name), describe(function), parameters_of(function))


def document(site_url: str, title: str) -> dict[str, Any]:
    """The document for a site at an address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": f"{site_url.rstrip('/')}/api/3/action"}],
        "tags": [
            {"name": "public", "description": "Anybody can call these."},
            {"name": "log-in", "description": "These need a log-in, and some of them a role."},
        ],
        "paths": {f"/{action.name}": _path(action) for action in actions()},
        "components": {
            "schemas": {"Answer": _ANSWER, "Refusal": _REFUSAL},
            "securitySchemes": {
                _SECURITY: {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "An API token of your account.",
                }
            },
        },
    }


_ANSWER = {
    "type": "object",
    "required": ["help", "success", "result"],
    "properties": {"help": {"type": "string"}, "success": {"const": True}, "result": {}},
}
_REFUSAL = {
    "oneOf": [
        {
            "type": "object",
            "required": ["success", "error"],
            "properties": {"help": {"type": "string"}, "success": {"const": False}, "error": {"type": "object"}},
        },
        {"type": "string"},
    ]
}


def _path(action: ApiAction) -> dict[str, Any]:
    tags = ["public" if action.is_public else "log-in"]
    shared: dict[str, Any] = {
        "summary": action.summary,
        "description": action.described.text,
        "tags": tags,
        "responses": _responses(action.described),
        **({} if action.is_public else {"security": [{_SECURITY: []}]}),
    }
    found = {"post": {"operationId": f"{action.name}_by_post", **shared, "requestBody": _body(action)}}
    if action.by_get:
        parameters = [_in_address(action, name) for name in action.parameters]
        found["get"] = {"operationId": action.name, **shared, "parameters": parameters}
    return found


def _in_address(action: ApiAction, name: str) -> dict[str, Any]:
    parameter = action.parameters[name]
    return {
        "name": name,
        "in": "query",
        "required": parameter.required,
        "description": action.described.parameters.get(name, ""),
        "schema": parameter.schema(),
        # An address has each of several values by itself.
        **({"style": "form", "explode": True} if isinstance(parameter, Several) else {}),
    }


def _body(action: ApiAction) -> dict[str, Any]:
    properties = {
        name: {**parameter.schema(), "description": action.described.parameters.get(name, "")}
        for name, parameter in action.parameters.items()
    }
    required = [name for name, parameter in action.parameters.items() if parameter.required]
    schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {
        "required": bool(required),
        "content": {"application/json": {"schema": schema | ({"required": required} if required else {})}},
    }


def _responses(described: Described) -> dict[str, Any]:
    own = {"404": described.raises.get("NotFound"), "409": described.raises.get("ValidationError")}
    refusals = {
        status: {"description": _sentence(own.get(status)) or text, "content": _json("Refusal")}
        for status, text in _ERRORS.items()
    }
    return {"200": {"description": described.returns or "Done.", "content": _json("Answer")}, **refusals}


def _sentence(text: str | None) -> str:
    return text[:1].upper() + text[1:] if text else ""


def _json(schema: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
