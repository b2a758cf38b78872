"""Whole pages of the comparison as visitors see them who are not logged in, kept until anything in them changes.

They are made of the newest snapshot, of the address and of the site's settings. What else they read is noted while they
are made (`snapshot.page_reads`) and is read again before one is shown. A visitor's own token against forged forms is
put into each copy. Nobody gets a kept page who is logged in, has a message to be shown, or sends cookies that another
extension may know. Validators are those of RFC 9110, 8.8.3 and 13.1.2; `Cache-Status` (RFC 9211) says what was kept.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from ckan.lib.app_globals import app_globals
from ckan.lib.search import SearchError
from ckan.plugins import toolkit
from flask import Flask, Response, current_app, make_response, session
from sqlalchemy.exc import SQLAlchemyError

from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.page_reads import Read, note_reads

_log = logging.getLogger(__name__)

# By endpoint.
_PAGES = (
    "aivision_agencies.index",
    "aivision_agencies.show",
    "aivision_best_practice.download",
    "aivision_best_practice.show",
    "aivision_brief.show",
    "aivision_coverage.show",
    "aivision_criteria.index",
    "aivision_criteria.show",
    "aivision_exemplars.show",
    "aivision_frameworks.crosswalk",
    "aivision_frameworks.index",
    "aivision_frameworks.show",
    "aivision_method.show",
    "aivision_priorities.show",
    "aivision_robustness.show",
    "aivision_trends.download",
    "aivision_trends.show",
)
# Where those pages are ours.
_SITE_PAGES = ("aivision_statements.accessibility", "aivision_statements.privacy", "home.about", "home.index")
# What anonymous visitors must be allowed for their pages to be the same.
_READING = ("aivision_compare", "aivision_trend_list")
# What is kept by a process, and of it the largest page, in bytes; beside its text a page takes a little more.
MOST_BYTES, LARGEST, _BESIDE = 32_000_000, 1_000_000, 2_000
# However little changes, a page is drawn again after a while.
LONGEST = 300.0  # seconds
# What Flask and flask-login note of visitors who are not logged in.
_OF_NOBODY = frozenset(("_permanent", "_fresh"))
# How CKAN notes that caches of others may not keep a page, and that it depends on cookies.
_NOTES = ("__no_cache__", "__limit_cache_by_cookie__")


class Page(NamedTuple):
    """state: of what all pages are made of. until: of `time.monotonic`. pieces: the text, with the token between each
    two. notes: of `_NOTES`."""

    state: Hashable
    until: float
    reads: list[Read]
    pieces: list[bytes]
    headers: list[tuple[str, str]]
    notes: dict[str, Any]
    etag: str

    @property
    def size(self) -> int:
        return sum(map(len, self.pieces)) + sum(len(one.found) for one in self.reads) + _BESIDE


class PageCache:
    """Those asked for last, up to a number of bytes."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._size = most, 0
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._size

    def find(self, key: Hashable) -> Page | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def keep(self, key: Hashable, page: Page) -> None:
        with self._lock:
            self._remove(key)
            self._pages[key] = page
            self._size += page.size
            while self._size > self._most:
                self._remove(next(iter(self._pages)))

    def _remove(self, key: Hashable) -> None:
        page = self._pages.pop(key, None)
        self._size -= page.size if page is not None else 0


def keep(app: Flask, site_pages: bool) -> None:
    """Has an application's views of these pages answer from what is kept.

    site_pages: whether the home page, /about and the statements are ours.
    """
    kept = PageCache()
    for endpoint in (*_PAGES, *(_SITE_PAGES if site_pages else ())):
        if endpoint in app.view_functions:
            app.view_functions[endpoint] = _from_kept(app.view_functions[endpoint], kept)


def _from_kept(view: Callable[..., Any], kept: PageCache) -> Callable[..., Any]:
    @functools.wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        if not (_is_for_everybody() and _may_read()):
            return view(*args, **kwargs)
        key, state = _key(), _state()
        page = kept.find(key)
        if page is not None and page.state == state and time.monotonic() < page.until and _is_current(page.reads):
            return _answer(page, "hit")
        with note_reads() as reads:
            response = make_response(view(*args, **kwargs))
        made = _page_of(response, state, reads)
        if made is None:
            return response
        kept.keep(key, made)
        return _answer(made, "fwd=miss; stored")

    return answer


def _is_for_everybody() -> bool:
    """Whether the visitor is one of many who get the same answer."""
    request, config = toolkit.request, toolkit.config
    return (
        request.method in ("GET", "HEAD")
        and toolkit.current_user.is_anonymous
        and not toolkit.g.user
        and set(request.cookies) <= {config.get("SESSION_COOKIE_NAME")}
        and set(session) <= _OF_NOBODY | {config.get("WTF_CSRF_FIELD_NAME")}
    )


def _may_read() -> bool:
    try:
        for action in _READING:
            toolkit.check_access(action, {"user": ""}, {})
    except toolkit.NotAuthorized:
        return False
    return True


def _key() -> Hashable:
    """The address as it was written, as pages lead to themselves in other languages."""
    request = toolkit.request
    environ = request.environ
    language = environ.get("CKAN_LANG"), environ.get("CKAN_LANG_IS_DEFAULT")
    return request.host_url, *language, request.path, request.query_string


def _state() -> Hashable:
    """What all pages are made of: the newest snapshot, what is wrong with it, the day, and the settings."""
    newest = read.files().newest()
    try:
        # A file that is taken away changes its folder.
        stats = [path.stat() for path in (newest, newest / "manifest.json")] if newest is not None else []
    except OSError:
        stats = []
    snapshot = str(newest), *((one.st_ino, one.st_mtime_ns) for one in stats)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return snapshot, read.problem(), today, _settings.version()


class _Settings:
    """Numbers the states of the site's settings, some of which a sysadmin can change while it runs."""

    def __init__(self) -> None:
        self._last: list[tuple[str, object]] = []
        self._version = 0
        self._lock = threading.Lock()

    def version(self) -> int:
        # What templates have in `g` of them is beside them.
        now = [*toolkit.config.items(), *vars(app_globals).items()]
        with self._lock:
            if now != self._last:
                self._last, self._version = now, self._version + 1
            return self._version


_settings = _Settings()


def _is_current(reads: list[Read]) -> bool:
    try:
        return all(one.is_current() for one in reads)
    except (SQLAlchemyError, SearchError, toolkit.ValidationError) as error:
        # The page itself says what is wrong.
        _log.info("a kept page could not be checked: %s", error)
        return False


def _page_of(response: Response, state: Hashable, reads: list[Read]) -> Page | None:
    """The page of an answer; None where it cannot be shown to others."""
    if response.status_code != 200 or response.is_streamed or "Set-Cookie" in response.headers:
        return None
    if not _is_for_everybody():
        # The view has left a message.
        return None
    body = response.get_data()
    if len(body) > LARGEST:
        return None
    token = toolkit.g.get(current_app.config["WTF_CSRF_FIELD_NAME"])
    pieces = body.split(token.encode()) if token else [body]
    digest = hashlib.blake2b(b"\0".join(pieces), digest_size=16).hexdigest()
    environ = toolkit.request.environ
    notes = {name: environ[name] for name in _NOTES if name in environ}
    headers = [(name, value) for name, value in response.headers if name != "Content-Length"]
    return Page(state, time.monotonic() + LONGEST, reads, pieces, headers, notes, digest)


def _answer(page: Page, status: str) -> Response:
    """A copy for this visitor, or 304 where they have it. status: where it came from (RFC 9211, 2)."""
    # Flask-WTF puts the function into templates.
    token = current_app.jinja_env.globals["csrf_token"]().encode() if len(page.pieces) > 1 else b""  # type: ignore[operator]
    response = Response(token.join(page.pieces), headers=page.headers)
    request = toolkit.request
    request.environ.update(page.notes)
    if "__no_cache__" in page.notes:
        # Kept by the visitor alone, who asks each time whether it is still so.
        response.cache_control.no_cache = True
    response.vary.update(("Cookie", str(toolkit.config.get("apitoken_header_name") or "Authorization")))
    response.headers["Cache-Status"] = f"ckanext-aivision; {status}"
    response.set_etag(page.etag, weak=True)
    response.make_conditional(request)
    return response
