"""`/best-practice/figures`: each figure on a page of its own and as files; `/best-practice/embed`: for other sites."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.downloads import addresses
from ckanext.aivision.downloads.formats import images
from ckanext.aivision.downloads.formats.registry import FORMATS, Format
from ckanext.aivision.downloads.pictures import Busy, NotDrawn
from ckanext.aivision.downloads.registry import NoFigure
from ckanext.aivision.downloads.work_out import Taken, Wanted, want, work_out
from ckanext.aivision.errors import UsageError
from ckanext.aivision.snapshot.answers.comparison import NoFigures
from ckanext.aivision.views import limits

downloads = Blueprint("aivision_downloads", __name__)
# An SVG file that is opened by itself loads nothing and runs nothing.
_NOTHING = "default-src 'none'; style-src 'unsafe-inline'"
_COMPUTING_SECONDS = 60


@downloads.route("/best-practice/figures/<name>")
@downloads.route("/best-practice/figures/<id>/<name>")
def show(name: str, id: str = "") -> Any:
    """A figure's page, or with an ending such as `.csv` its file; id: of a figure that is of something."""
    stem, _, extension = name.partition(".")
    figure, subject = (id, stem) if id else (stem, "")
    if extension:
        return _file(figure, subject, extension)
    taken = _work_out_or_abort(figure, subject)
    return toolkit.render(
        "aivision/best_practice/figure.html",
        {
            "taken": taken,
            "question": taken.asked.question,
            "page": addresses.page(taken.figure, taken.asked.question, subject),
            "embedded": addresses.embedded(taken.figure, taken.asked.question, subject),
            "picture": addresses.file(taken.figure, taken.asked.question, subject, "svg"),
            "alternative": images.text_alternative(taken) if taken.content.marks else "",
        },
    )


@downloads.route("/best-practice/embed/<figure>")
@downloads.route("/best-practice/embed/<figure>/<subject>")
def embed(figure: str, subject: str = "") -> Any:
    """A figure alone, as other sites show it in a frame: without scripts, cookies or anything of another host."""
    taken = _work_out_or_abort(figure, subject)
    if not taken.figure.drawn:
        return toolkit.abort(404, toolkit._("This figure is a table, which has no picture to embed"))
    page = toolkit.render("aivision/best_practice/embed.html", {"taken": taken})
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = f"{_NOTHING}; frame-ancestors *"
    # It is written in the reader's language.
    etag = f"{Wanted(taken.figure, taken.asked).etag}-embed-{toolkit.h.lang()}"
    _set_cache_headers(response, etag).make_conditional(toolkit.request)
    return response


def _work_out_or_abort(figure: str, subject: str) -> Taken:
    """The figure of a page; ends the request with 400, 404 or 503 and the reason where there is none."""
    try:
        wanted = _want(figure, subject)
        if wanted is None:
            return toolkit.abort(503, toolkit._("The figures are being computed: try again in a minute"))
        return work_out(wanted)
    except (NoFigure, NoFigures) as error:
        return toolkit.abort(404, str(error))
    except UsageError as error:
        return toolkit.abort(400, str(error))


def _file(figure: str, subject: str, extension: str) -> Response:
    form = FORMATS.get(extension)
    if form is None:
        return _answer_in_words(404, f"There is no such format; there are {', '.join(FORMATS)}")
    try:
        wanted = _want(figure, subject)
        if wanted is not None:
            return _send(wanted, form)
        answer = _answer_in_words(503, "The figures are being computed: try again in a minute", _COMPUTING_SECONDS)
    except (NoFigure, NoFigures) as error:
        answer = _answer_in_words(404, str(error))
    except UsageError as error:
        answer = _answer_in_words(400, str(error))
    except limits.TooMany as error:
        answer = limits.refusal(error)
    except Busy as busy:
        answer = _answer_in_words(503, "Other pictures are being drawn: try again in a few seconds", busy.seconds)
    except NotDrawn:
        answer = _answer_in_words(
            503, "The picture could not be drawn: use CSV or XLSX, or try again later", _COMPUTING_SECONDS
        )
    return answer


def _send(wanted: Wanted, form: Format) -> Response:
    # Datasets that a snapshot has may be private since, so that a file that names them is written anew for everybody.
    etag = "" if wanted.figure.names_datasets else f"{wanted.etag}-{form.extension}"
    if etag and toolkit.request.if_none_match.contains(etag):
        return _set_cache_headers(Response(status=304), etag)
    taken = work_out(wanted)
    if not (form.drawn and images.is_stored(taken, form.extension)):
        limits.count("files")
    response = Response(form.write(taken), content_type=form.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{taken.file_name(form.extension)}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _NOTHING
    if form.extension == "csv":
        described = addresses.file(taken.figure, taken.asked.question, taken.asked.subject, "metadata.json")
        response.headers["Link"] = f'<{described}>; rel="describedby"; type="application/csvm+json"'
    return _set_cache_headers(response, etag)


def _want(figure: str, subject: str) -> Wanted | None:
    toolkit.check_access("aivision_compare", {"user": toolkit.current_user.name}, {})
    return want(figure, subject, toolkit.request.args.items(multi=True))


def _set_cache_headers(response: Response, etag: str) -> Response:
    """With what caches need to know: CKAN lets everybody's caches keep what is not marked as one reader's own.

    etag: empty for what no cache may keep for others.
    """
    environ = toolkit.request.environ
    if not etag:
        environ["__no_cache__"] = True
        return response
    if toolkit.current_user.is_anonymous:
        environ.pop("__no_cache__", None)
    else:
        environ["__no_cache__"] = True
    response.set_etag(etag)
    return response


def _answer_in_words(status: int, sentence: str, seconds: int = 0) -> Response:
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        **({"Retry-After": str(seconds)} if seconds else {}),
    }
    return Response(f"{sentence}\n", status, headers, mimetype="text/plain")
