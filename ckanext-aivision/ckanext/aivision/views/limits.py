"""Limits on what anonymous visitors may ask: filtered questions, files and catalogues, by IP address and in all.

Of people who have logged in, only checks of drafts are limited, by user.

Counted in CKAN's Redis, by the minute. Without Redis nothing is limited, and pages answer as before. The address is
what Flask says (`request.remote_addr`): behind a proxy, werkzeug's ProxyFix has to set it (docs/operators.md).
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Collection, Mapping
from typing import Literal, cast

import msgspec
import redis
from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.compare.table.filters import NAMES

_log = logging.getLogger(__name__)

Kind = Literal["filters", "files", "catalogues", "pages", "contacts"]

limits = Blueprint("aivision_limits", __name__)
_SPAN = 60  # seconds
_PATIENCE = 0.25  # seconds for an answer of Redis
# How long Redis is not asked again once it has failed: pages would wait for it.
_REST = 10.0
_PAGES = "/best-practice"
# Actions that answer filters from the snapshot's tables.
_ACTIONS = ("aivision_compare", "aivision_agency_list", "aivision_evaluation_list", "aivision_figure_show")
_DRAFTS, _DRAFT_PAGE = ("aivision_score_draft", "aivision_profile_check"), "aivision_score_draft.show"
# The one that gives packages too, as /changes does.
_CHANGES = "aivision_change_list"
# Addresses at which actions are called -> the part of them that is the action's name.
_CALLED = {"api.action": "logic_function", "aivision_api.show_action": "name"}
# When a Redis failed, by its address (seconds of `time.monotonic`).
_failed: dict[str, float] = {}


class TooMany(Exception):
    """A visitor has asked too often. seconds: until the next minute begins."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many requests in a minute. Please try again in {seconds} seconds.")
        self.seconds = seconds


def count(kind: Kind) -> None:
    """Counts one request of an anonymous visitor. Raises TooMany beyond the limits of the settings."""
    if toolkit.current_user.is_anonymous:
        setting = f"ckanext.aivision.limit_{kind}"
        who = toolkit.request.remote_addr or "unknown"
        _count({f"{kind}:{who}": toolkit.config.get(setting), f"{kind}": toolkit.config.get(f"{setting}_of_all")})


def _count_draft() -> None:
    """Counts one check of a draft by the user who has logged in. Raises TooMany beyond the limit of the setting."""
    _count({f"drafts:{toolkit.current_user.name}": toolkit.config.get("ckanext.aivision.limit_drafts")})


def _count(most: Mapping[str, int]) -> None:
    now = time.time()
    minute = int(now // _SPAN)
    for name, number in most.items():
        if number > 0 and _increase(f"{name}:{minute}") > number:
            raise TooMany(int((minute + 1) * _SPAN - now) + 1)


def refusal(error: TooMany, mimetype: str = "text/plain") -> Response:
    """The answer to a visitor who has asked too often: status 429, with a sentence and Retry-After."""
    sentence = toolkit._("Too many requests in a minute. Please try again in {seconds} seconds.").format(
        seconds=error.seconds
    )
    if mimetype == "application/json":
        content = {"success": False, "error": {"__type": "Too Many Requests Error", "message": sentence}}
        body = msgspec.json.encode(content)
    elif mimetype == "text/html":
        page = {"code": 429, "name": toolkit._("Too many requests"), "content": sentence}
        body = toolkit.render("error_document_template.html", page).encode()
    else:
        body = f"{sentence}\n".encode()
    return Response(body, 429, {"Retry-After": str(error.seconds), "Cache-Control": "no-store"}, mimetype=mimetype)


@limits.before_app_request
def limit_questions() -> Response | None:
    """Counts requests of our pages and actions that are worked out when they are asked."""
    request, arguments = toolkit.request, toolkit.request.view_args or {}
    # An action is called at its address, or tried at its page.
    called = arguments.get(_CALLED.get(request.endpoint or "", ""), "")
    # The bodies of other actions, which may be files, are theirs to read.
    kind = _kind_of(called, request.path, _names(in_body=called in (*_ACTIONS, _CHANGES)))
    is_draft = called in _DRAFTS or request.endpoint == _DRAFT_PAGE
    try:
        if is_draft and not toolkit.current_user.is_anonymous:
            _count_draft()
        elif kind is not None:
            count(kind)
    except TooMany as error:
        return refusal(error, "application/json" if request.endpoint == "api.action" else "text/html")
    return None


def _kind_of(called: str, path: str, given: Collection[str]) -> Kind | None:
    """What a request counts as; None if it is not limited. called: the action, if one is. given: its parameters."""
    if called == _CHANGES and "include" in given:
        return "files"
    has_filters = called in _ACTIONS or path.startswith(_PAGES)
    return "filters" if has_filters and any(name in NAMES for name in given) else None


def _names(in_body: bool) -> Collection[str]:
    """The parameters that have a value. in_body: whether they can be in a JSON document too."""
    request = toolkit.request
    names = [name for name, value in request.args.items(multi=True) if value.strip()]
    if in_body and request.method == "POST":
        posted = request.get_json(force=True, silent=True, cache=True)
        names = [*names, *(posted if isinstance(posted, dict) else request.form)]
    return names


def _increase(name: str) -> int:
    """How often this was counted in its minute, this time too; 0 if Redis does not answer."""
    url = toolkit.config.get("ckan.redis.url")
    if url in _failed and time.monotonic() - _failed[url] < _REST:
        return 0
    key = f"ckan:{toolkit.config.get('ckan.site_id')}:aivision:limit:{name}"
    try:
        with _connection(url).pipeline() as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, 2 * _SPAN)
            return cast(int, pipeline.execute()[0])
    except redis.RedisError as error:
        _failed[url] = time.monotonic()
        _log.warning("requests are not limited, as Redis does not answer: %s", error)
        return 0


@functools.lru_cache(maxsize=2)
def _connection(url: str) -> redis.Redis:
    """CKAN's Redis. CKAN's own connections wait for an answer without end."""
    return redis.Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
