"""Datasets in RDF at ckanext-dcat's addresses: each by itself, the catalogue page by page, and the whole catalogue.

Public datasets are read at once from what is kept of them. What only some may read, pages by number and profiles of
other extensions come from ckanext-dcat's actions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import ckan.model as model
from ckan.lib.search import SearchError
from ckan.plugins import toolkit
from ckanext.dcat.exceptions import RDFProfileException
from ckanext.dcat.utils import catalog_uri
from flask import Blueprint, Response, request

from ckanext.aivision.catalogue.rdf import bodies
from ckanext.aivision.catalogue.rdf.addresses import catalogue as this_site
from ckanext.aivision.catalogue.rdf.bodies import Body, Form
from ckanext.aivision.catalogue.rdf.corrected_bodies import with_corrections
from ckanext.aivision.catalogue.rdf.open_reading import is_open
from ckanext.aivision.catalogue.rdf.standards import PROFILES, own_standard
from ckanext.aivision.catalogue.tables import public_packages
from ckanext.aivision.catalogue.tables.revisions import of_catalogue
from ckanext.aivision.serialise.rdf.catalogue import head_triples, member_triples
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, body, joined
from ckanext.aivision.serialise.rdf.syntaxes import MEDIA_TYPES as OF_SYNTAXES
from ckanext.aivision.views import limits
from ckanext.aivision.views.access import action
from ckanext.aivision.views.documents import answers
from ckanext.aivision.views.documents.parameters import (
    FILTERS,
    Refused,
    arguments,
    check_reading,
    filters,
    is_name,
    take_corrected,
)
from ckanext.aivision.views.problem_details import problem

rdf = Blueprint("aivision_rdf", __name__)

# The endings of ckanext-dcat.
MEDIA_TYPES = {**OF_SYNTAXES, "rdf": OF_SYNTAXES["xml"], "n3": "text/n3"}
# The parameters of ckanext-dcat's own pages.
_NUMBERED = ("page", "modified_since", "q", "fq", "profiles")
_QUESTION = (*FILTERS, "q", "fq", "profiles", "corrected")
# As `page`: the whole catalogue as one document.
_ALL = "all"
# The number of datasets of a page where `ckanext.dcat.datasets_per_page` is not set, as in ckanext-dcat.
_PER_PAGE = 100
_LONGEST_QUERY = 2000
_ID = re.compile(r"[\w-]{1,100}", re.ASCII)


def dataset(name: str, syntax: str) -> Response:
    """A dataset. The profiles are those of `?profiles=`, separated by commas."""
    standard = own_standard(_profiles())
    try:
        is_corrected = take_corrected(request.args.to_dict())
    except Refused as error:
        return problem(error.status, error.detail)
    if is_corrected and standard is None:
        known = ", ".join(sorted(PROFILES))
        return problem(400, toolkit._("corrected: leave `profiles` out, or use one of {known}").format(known=known))
    if standard is not None and is_name(name) and is_open():
        form = Form(standard, syntax, evaluated=not is_corrected)
        found = bodies.find(name, form)
        if found is not None:
            return _stored_answer(found, form, is_corrected)
    if is_corrected:
        return problem(404, toolkit._("There is no public dataset with this name"))
    return _by_action("dcat_dataset_show", syntax, id=name)


def _stored_answer(found: Body, form: Form, is_corrected: bool) -> Response:
    if is_corrected:
        found = with_corrections([found], form)[0]
    response = _answer(b"".join(joined([found.text], FORMATS[form.syntax])), form.syntax)
    if is_corrected:
        response.add_etag(weak=True)
    else:
        response.set_etag(found.revision, weak=True)
    return response


def catalogue(syntax: str) -> Response:
    """A page of the public datasets in the order of their ids, which does not shift while one reads; all of them with
    `page=all`; or a page of ckanext-dcat, if one is asked for by its number."""
    standard = own_standard(_profiles())
    number = request.args.get("page", "").strip()
    try:
        if standard is None or not is_open() or number not in ("", _ALL):
            return _numbered(syntax)
        given = arguments((*_QUESTION, "page" if number else "after"))
        is_corrected = take_corrected(given)
        check_reading("package_search", {})
        chosen = filters(given)
        for name in ("q", "fq"):
            if len(given.get(name, "")) > _LONGEST_QUERY:
                raise Refused(400, toolkit._("{name} is too long").format(name=name))
        search: dict[str, str] = {name: given[name] for name in ("q", "fq") if name in given}
        if "after" in given and not _ID.fullmatch(given["after"]):
            raise Refused(400, toolkit._("after: use the address of the next page that a page gives"))
        asked = _Asked(Form(standard, syntax), chosen, search, given.get("after", ""), is_corrected)
        return asked.whole() if number else asked.page()
    except Refused as error:
        return problem(error.status, error.detail)


def _numbered(syntax: str) -> Response:
    given = arguments(_NUMBERED)
    try:
        limits.count("pages")
    except limits.TooMany as error:
        return answers.too_many(error)
    return _by_action("dcat_catalog_show", syntax, **{name: given.get(name) for name in _NUMBERED[:-1]})


for _syntax in MEDIA_TYPES:
    rdf.add_url_rule(f"/dataset/<name>.{_syntax}", view_func=dataset, defaults={"syntax": _syntax})
    rdf.add_url_rule(f"/catalog.{_syntax}", view_func=catalogue, defaults={"syntax": _syntax})


class _Asked:
    """What is asked of the catalogue. filters: of `public_records`. search: `q` and `fq`. after: an id."""

    def __init__(
        self, form: Form, filters: dict[str, Any], search: dict[str, str], after: str, is_corrected: bool
    ) -> None:
        self._form, self._filters, self._search, self._after = form, filters, search, after
        self._is_corrected = is_corrected
        self._format = FORMATS[form.syntax]
        self._site = this_site()
        # The index may be behind the database: what it finds has no validators.
        edition = f"{form.edition} {self._site} {request.full_path}"
        self._state = None if search else of_catalogue(edition, **filters)

    def whole(self) -> Response:
        """All datasets, as a stream: no more than a batch of them is in memory."""
        if self._search:
            # So that what cannot be read is refused before anything is sent.
            self._ids("", 0)
        return answers.whole(MEDIA_TYPES[self._form.syntax], self._state, self._pieces)

    def page(self) -> Response:
        """So many datasets after an id, with the address of the page after them."""
        return answers.page(MEDIA_TYPES[self._form.syntax], self._state, self._page_pieces)

    def _pieces(self) -> Iterator[bytes]:
        return joined(self._whole_bodies(), self._format)

    def _whole_bodies(self) -> Iterator[bytes]:
        yield body(list(head_triples(self._site, self._form.standard)), self._format, whole=True)
        for batch in self._batches("", bodies.PIECE):
            yield from self._members(batch)

    def _page_pieces(self) -> Iterator[bytes]:
        size = int(toolkit.config.get("ckanext.dcat.datasets_per_page") or _PER_PAGE)
        batch: list[Body] = []
        for more in self._batches(self._after, size + 1):
            batch += more
            if len(batch) > size:
                break
        links: dict[str, str | int] = {"current": self._address(self._after), "first": self._address("")}
        if len(batch) > size:
            batch = batch[:size]
            links["next"] = self._address(batch[-1].package_id)
        if not self._after and (count := self._count()) is not None:
            links["count"] = count
        links["items_per_page"] = size
        head = body(list(head_triples(self._site, self._form.standard, links)), self._format, whole=True)
        return joined([head, *self._members(batch)], self._format)

    def _members(self, batch: list[Body]) -> Iterator[bytes]:
        if batch:
            if self._is_corrected:
                batch = with_corrections(batch, self._form)
            yield body(list(member_triples(self._site, [one.node for one in batch])), self._format, whole=True)
            for one in batch:
                yield one.text

    def _batches(self, after: str, size: int) -> Iterator[list[Body]]:
        if not self._search:
            yield from bodies.batches(self._form, self._filters, after, size)
            return
        while ids := self._ids(after, size)[0]:
            # The search opened a transaction, which a slow reader would keep open.
            model.Session.rollback()
            yield bodies.of_ids(self._form, ids, self._filters)
            after = ids[-1]

    def _ids(self, after: str, size: int) -> tuple[list[str], int]:
        """Ids of datasets that the search finds after an id, in the index's order of ids, and how many there are.

        Raises Refused if the search cannot be read.
        """
        beyond = [f'id:{{"{after}" TO *]'] if after else []
        question = {"q": self._search.get("q", "*:*"), "fq": self._search.get("fq", ""), "fq_list": beyond}
        try:
            # As anybody sees it.
            found = toolkit.get_action("package_search")(
                {"user": "", "auth_user_obj": None}, {**question, "fl": ["id"], "rows": size, "sort": "id asc"}
            )
        except (SearchError, toolkit.ValidationError) as error:
            raise Refused(400, toolkit._("This search cannot be read: check q and fq")) from error
        return [package["id"] for package in found["results"]], int(found["count"])

    def _count(self) -> int | None:
        """How many datasets there are on all pages, where it costs little to know."""
        if self._filters:
            return None
        return self._ids("", 0)[1] if self._search else public_packages.count()

    def _address(self, after: str) -> str:
        kept = [(name, value) for name, value in request.args.items() if name != "after"]
        query = urlencode([*kept, *([("after", after)] if after else [])])
        return f"{catalog_uri().rstrip('/')}{request.path}{'?' if query else ''}{query}"


def _profiles() -> list[str]:
    return [part for part in request.args.get("profiles", "").split(",") if part]


def _by_action(name: str, syntax: str, **given: Any) -> Response:
    if any("\0" in value for value in given.values() if value):
        return problem(404, toolkit._("There is nothing of this name"))
    try:
        written = action(name, format=syntax, profiles=_profiles(), **given)
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return problem(404, toolkit._("There is no public dataset with this name"))
    except toolkit.ValidationError as error:
        return problem(400, _describe(error))
    except RDFProfileException as error:
        return problem(400, str(error))
    if not toolkit.current_user.is_anonymous:
        # It may be what only this user may read: CKAN tells shared caches so.
        request.environ["__no_cache__"] = True
    return _answer(written, syntax)


def _describe(error: Any) -> str:
    texts = {field: given if isinstance(given, list) else [given] for field, given in error.error_dict.items()}
    return "; ".join(f"{field}: {', '.join(map(str, given))}" for field, given in texts.items())


def _answer(written: str | bytes, syntax: str) -> Response:
    return Response(written, mimetype=MEDIA_TYPES[syntax], headers={"X-Content-Type-Options": "nosniff"})
