"""`/api/aivision`: the actions of the API, with forms to try them, and the same as an OpenAPI document."""

from __future__ import annotations

import json
import shlex
from typing import Any, NamedTuple

from ckan.plugins import toolkit
from flask import Blueprint, Response, jsonify

from ckanext.aivision.views.access import action, guarded

api_reference = Blueprint("aivision_api", __name__)
_CHOICES = {"boolean": ("true", "false")}
_INPUTS = {"integer": "number", "number": "number"}
# The name of the button of the forms.
_TRY = "try"
_LONGEST_ANSWER = 30_000


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
    """An action on its page. has_form: whether everybody can try it here. command: a line of curl."""

    name: str
    text: str
    is_public: bool
    has_form: bool
    fields: list[Field]
    returns: str
    command: str


class Tried(NamedTuple):
    """What came of trying an action. given: the values of the form. status: that of the API. text: the answer.

    is_cut: whether the answer is longer than what is shown. address: of the same answer in JSON.
    """

    given: dict[str, str]
    status: int
    text: str
    is_cut: bool
    address: str


@api_reference.route("/api/aivision")
def show() -> str:
    """The actions, each with a link to its page."""
    paths = action("aivision_api_show")["paths"]
    rows = [(path.strip("/"), item["post"]["summary"], "security" not in item["post"]) for path, item in paths.items()]
    return toolkit.render("aivision/api/index.html", {"rows": rows})


@api_reference.route("/api/aivision/<name>")
@guarded
def show_action(name: str) -> str:
    """The page of an action: works without scripts, and asks no other host. With `try`, it has the answer too."""
    document = action("aivision_api_show")
    item = document["paths"].get(f"/{name}")
    if item is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no action of this name"))
    (server,) = document["servers"]
    section = _section(f"/{name}", item, server["url"])
    tried = None
    if _TRY in toolkit.request.args and section.has_form:
        tried = _try(name)
        section = section._replace(command=_command(f"{server['url']}/{name}", tried.given, True, True))
    return toolkit.render("aivision/api/action.html", {"action": section, "tried": tried})


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


def _try(name: str) -> Tried:
    """Calls an action with the values of the form, as the visitor."""
    given = {key: value for key, value in toolkit.request.args.items() if value and key != _TRY}
    status, answer = 200, dict[str, Any]()
    try:
        answer = {"success": True, "result": action(name, **given)}
    except toolkit.ValidationError as error:
        status, answer = 409, _refusal("Validation Error", error.error_dict)
    except toolkit.ObjectNotFound as error:
        status, answer = 404, _refusal("Not Found Error", {"message": _message(toolkit._("Not found"), error)})
    except toolkit.NotAuthorized as error:
        status, answer = 403, _refusal("Authorization Error", {"message": _message(toolkit._("Access denied"), error)})
    text = json.dumps(answer, indent=2, ensure_ascii=False, default=str)
    return Tried(
        given=given,
        status=status,
        text=text[:_LONGEST_ANSWER],
        is_cut=len(text) > _LONGEST_ANSWER,
        address=toolkit.url_for("api.action", ver=3, logic_function=name, **given),
    )


def _message(text: str, error: Exception) -> str:
    """As CKAN's API words it."""
    return f"{text}: {error}" if str(error) else text


def _refusal(kind: str, error: dict[str, Any]) -> dict[str, Any]:
    return {"success": False, "error": {"__type": kind, **error}}


def _command(address: str, example: dict[str, Any], is_public: bool, by_get: bool) -> str:
    """A line of curl that calls an action with what it requires."""
    if by_get and is_public:
        given = "".join(f" --data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in example.items())
        return f"curl --get{given} {address}" if given else f"curl {address}"
    token = "" if is_public else " --header 'Authorization: TOKEN'"
    return f"curl{token} --json '{json.dumps(example)}' {address}"
