"""Turn refused actions into HTTP answers: 400 if an address means nothing, 403 if not allowed, 404 if not found."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit
from flask import current_app, g, request

# The rule of an address of a dataset, with the name of its argument.
_OF_DATASET = re.compile(r"/dataset/(?:form/)?<(\w+)>")
P = ParamSpec("P")
R = TypeVar("R")


def guarded(view: Callable[P, R]) -> Callable[P, R]:
    """Wraps a view so that refusals become HTTP answers. Anonymous visitors are redirected to the log-in page."""

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Any:
        _check_token()
        # PostgreSQL takes no NUL, so that nothing is of that name.
        if any("\0" in value for value in kwargs.values() if isinstance(value, str)):
            return toolkit.abort(404, toolkit._("There is nothing of this name"))
        try:
            return view(*args, **kwargs)
        except toolkit.ObjectNotFound as error:
            return toolkit.abort(404, _no_dataset() if _is_hidden(kwargs) else str(error))
        except toolkit.ValidationError as error:
            return toolkit.abort(400, describe_error(error))
        except toolkit.NotAuthorized as error:
            if _is_hidden(kwargs):
                return toolkit.abort(404, _no_dataset())
            if toolkit.current_user.is_anonymous and request.method == "GET":
                return toolkit.redirect_to("user.login", came_from=request.full_path)
            return toolkit.abort(403, str(error))

    return answer


def _is_hidden(arguments: Mapping[str, Any]) -> bool:
    """Whether the address is one of a dataset that the visitor may not read, or that there is not.

    As on CKAN's own page of a dataset, the two look alike, unless `ckan.auth.reveal_private_datasets` is set.
    """
    named = _OF_DATASET.match(str(request.url_rule or ""))
    if named is None or toolkit.config.get("ckan.auth.reveal_private_datasets"):
        return False
    try:
        toolkit.check_access("package_show", {"user": toolkit.current_user.name}, {"id": arguments.get(named[1])})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return True
    return False


def _no_dataset() -> str:
    text: str = toolkit._("There is no such dataset, or you have no permission to see it")
    return text


def _check_token() -> None:
    """Raises CSRFError if a logged-in user posts a form without its token.

    CKAN 2.12 checks this too, but stops once an anonymous visitor has requested the same page
    (ckan_before_request then exempts the view for good).
    """
    by_session = not g.get("login_via_auth_header")
    if request.method == "POST" and by_session and current_app.config.get("WTF_CSRF_ENABLED"):
        csrf.protect()


def action(called: str, /, **data: Any) -> Any:
    """The result of an action, called as the current user."""
    return toolkit.get_action(called)({"user": toolkit.current_user.name}, data)


def query_parameters(*fields: str) -> dict[str, str]:
    """The given query parameters that have a value."""
    return {field: request.args[field] for field in fields if request.args.get(field)}


def describe_error(error: Any) -> str:
    """A ValidationError in one sentence, for a flash message or an error page."""
    return "; ".join(str(text) for texts in error.error_dict.values() for text in texts)


def page_of(rows: list[Any], size: int, key: str) -> tuple[list[Any], Any]:
    """The rows of one page, and the key of its last row, from which the next page continues; None on the last page.

    rows: one more than fits on a page, if there are that many.
    """
    return rows[:size], rows[size - 1][key] if len(rows) > size else None
