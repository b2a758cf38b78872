"""Answers from what is kept, before CKAN's own work for a request: who asks, in which language, with which session.

A dataset in RDF that anybody may read, asked for without cookies and tokens, is the same for everybody. Its revision
says whether the client has it already (304) and whether what is kept of it is still true. Everything else, and whatever
would have to be written first, is left to the views.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import ckan.plugins as plugins
import sqlalchemy as sa
from ckan.plugins import toolkit
from flask import Flask
from werkzeug.http import parse_etags
from werkzeug.utils import get_content_type

from ckanext.aivision.catalogue.rdf import bodies
from ckanext.aivision.catalogue.rdf.bodies import Form
from ckanext.aivision.catalogue.rdf.open_reading import is_open
from ckanext.aivision.catalogue.rdf.standards import PROFILES, own_standard
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, joined
from ckanext.aivision.views.rdf import MEDIA_TYPES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PATH = re.compile(rf"/dataset/([a-z0-9_-]{{2,100}})\.({'|'.join(MEDIA_TYPES)})", re.ASCII)
_QUERIES = {f"profiles={name}": [name] for name in PROFILES} | {"": []}
# Of CKAN and of ours. What another extension does for every request has to be done.
_KNOWN_HOOKS = ("ckan.", "ckanext.aivision.", "ckanext.dcat.", "flask_", "flask.")


class _Asked(NamedTuple):
    name: str
    form: Form
    known: str
    is_head: bool


class DirectAnswers:
    """A WSGI application around CKAN's."""

    def __init__(self, flask: Flask, following: WSGIApplication) -> None:
        """flask: CKAN's application, which has been set up by the first request."""
        self._flask, self._following = flask, following
        self._is_used: bool | None = None
        self._token = ""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = self._read(environ)
        if asked is not None:
            try:
                answer = self._answer(asked, start_response)
            except sa.exc.SQLAlchemyError:
                # CKAN says what is wrong with its database.
                answer = None
            if answer is not None:
                return answer
        return self._following(environ, start_response)

    def _read(self, environ: WSGIEnvironment) -> _Asked | None:
        """None if the request is not one that can be answered directly."""
        found = _PATH.fullmatch(environ.get("PATH_INFO", ""))
        if found is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        profiles = _QUERIES.get(environ.get("QUERY_STRING", ""))
        if (
            profiles is None
            or not self._can_answer()
            or any(environ.get(name) for name in ("HTTP_COOKIE", self._token))
        ):
            return None
        standard = own_standard(profiles)
        if standard is None:
            return None
        known, is_head = environ.get("HTTP_IF_NONE_MATCH", ""), environ["REQUEST_METHOD"] == "HEAD"
        return _Asked(found[1], Form(standard, found[2], evaluated=True), known, is_head)

    def _can_answer(self) -> bool:
        """Whether nothing but CKAN's own rules and hooks has a say in this catalogue."""
        if self._is_used is None:
            hooks = [*self._flask.before_request_funcs.get(None, ()), *self._flask.after_request_funcs.get(None, ())]
            self._token = "HTTP_" + str(toolkit.config["apitoken_header_name"]).upper().replace("-", "_")
            self._is_used = (
                is_open()
                and not any(plugins.PluginImplementations(plugins.IAuthenticator))
                and all(getattr(hook, "__module__", "").startswith(_KNOWN_HOOKS) for hook in hooks)
            )
        return self._is_used

    def _answer(self, asked: _Asked, start_response: StartResponse) -> Iterable[bytes] | None:
        """None if there is no such public dataset, or nothing is kept of it."""
        found = bodies.see(asked.name, asked.form, with_body=not asked.known)
        if found is not None and asked.known:
            if parse_etags(asked.known).contains_weak(found[0]):
                start_response("304 NOT MODIFIED", _headers(found[0]))
                return ()
            found = bodies.see(asked.name, asked.form, with_body=True)
        if found is None or found[1] is None:
            return None
        document = b"".join(joined([found[1].encode()], FORMATS[asked.form.syntax]))
        content_type = get_content_type(MEDIA_TYPES[asked.form.syntax], "utf-8")
        content = [("Content-Type", content_type), ("Content-Length", str(len(document)))]
        start_response("200 OK", [*content, *_headers(found[0])])
        return () if asked.is_head else (document,)


def _headers(revision: str) -> list[tuple[str, str]]:
    """As the view and CKAN give them."""
    return [
        ("ETag", f'W/"{revision}"'),
        ("Cache-Control", f"public, max-age={toolkit.config['ckan.cache_expires']}, must-revalidate"),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", "ETag, Last-Modified, Link, Retry-After"),
        ("X-Content-Type-Options", "nosniff"),
    ]


def add(application: Any) -> Any:
    """CKAN's application with the direct answers around it."""
    application.wsgi_app = DirectAnswers(application, application.wsgi_app)
    return application
