"""`/api/aivision`: the actions of the API, with forms to try them, and the same as an OpenAPI document."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from ckan.plugins import toolkit
from flask import Blueprint, Response, jsonify

from ckanext.aivision.views.access import action

api_reference = Blueprint("aivision_api", __name__)
_CHOICES = {"boolean": ("true", "false")}
_INPUTS = {"integer": "number", "number": "number"}


class Field(NamedTuple):
    """A parameter of an action, as an input. type: of HTML. choices: of a list to choose from; empty for others.

    usual: what is meant if nothing is given.
    """

    name: str
    type: str
    choices: tuple[str, ...]
    required: bool
    least: int | None
    most: int | None
    usual: str
    text: str


class Section(NamedTuple):
    """An action on the page. has_form: whether everybody can try it here. command: a line of curl."""

    name: str
    summary: str
    text: str
    is_public: bool
    has_form: bool
    fields: list[Field]
    returns: str
    command: str


@api_reference.route("/api/aivision")
def show() -> str:
    """The page: works without scripts, and asks no other host."""
    document = action("aivision_api_show")
    (server,) = document["servers"]
    sections = [_section(path, item, server["url"]) for path, item in document["paths"].items()]
    return toolkit.render("aivision/api.html", {"sections": sections})


@api_reference.route("/api/aivision/openapi.json")
def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    answer = jsonify(action("aivision_api_show"))
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def _section(path: str, item: dict[str, Any], server: str) -> Section:
    operation = item["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    required = schema.get("required", ())
    is_public = "security" not in operation
    return Section(
        name=path.strip("/"),
        summary=operation["summary"],
        text=operation["description"],
        is_public=is_public,
        has_form=is_public and "get" in item,
        fields=[_field(name, one, name in required) for name, one in schema["properties"].items()],
        returns=operation["responses"]["200"]["description"],
        command=_command(
            f"{server}{path}",
            {name: (schema["properties"][name].get("enum") or [name.upper()])[0] for name in required},
            is_public,
            "get" in item,
        ),
    )


def _field(name: str, schema: dict[str, Any], required: bool) -> Field:
    one = schema.get("items", schema)
    usual = schema.get("default")
    return Field(
        name=name,
        type="date" if one.get("format") == "date" else _INPUTS.get(one["type"], "text"),
        choices=tuple(one.get("enum") or _CHOICES.get(one["type"], ())),
        required=required,
        least=one.get("minimum"),
        most=one.get("maximum"),
        usual="" if usual is None else str(usual).lower() if isinstance(usual, bool) else str(usual),
        text=schema["description"],
    )


def _command(address: str, example: dict[str, Any], is_public: bool, by_get: bool) -> str:
    """A line of curl that calls an action with what it requires."""
    if by_get and is_public:
        given = "".join(f" --data-urlencode '{name}={value}'" for name, value in example.items())
        return f"curl --get{given} {address}" if given else f"curl {address}"
    token = "" if is_public else " --header 'Authorization: TOKEN'"
    return f"curl{token} --json '{json.dumps(example)}' {address}"
