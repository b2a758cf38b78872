"""`/dataset/NAME.nt` and `/catalog.nt`: N-Triples, which ckanext-dcat's own pages do not have."""

from __future__ import annotations

from ckan.plugins import toolkit
from ckanext.dcat.exceptions import RDFProfileException
from flask import Blueprint, Response

from ckanext.aivision.views.access import action, guarded
from ckanext.aivision.views.problem_details import problem

rdf = Blueprint("aivision_rdf", __name__)

_FORMAT = "nt"
_MEDIA_TYPE = "application/n-triples"
_ASKED = ("page", "modified_since", "q", "fq")


@rdf.route("/dataset/<name>.nt")
@guarded
def dataset(name: str) -> Response:
    """A dataset as N-Triples. The profiles are those of `?profiles=`, separated by commas."""
    return _answer("dcat_dataset_show", id=name)


@rdf.route("/catalog.nt")
@guarded
def catalogue() -> Response:
    """A page of the catalogue as N-Triples, with the parameters of ckanext-dcat."""
    return _answer("dcat_catalog_show", **{name: toolkit.request.args.get(name) for name in _ASKED})


def _answer(name: str, **arguments: str | None) -> Response:
    profiles = [part for part in toolkit.request.args.get("profiles", "").split(",") if part]
    try:
        written = action(name, format=_FORMAT, profiles=profiles, **arguments)
    except (toolkit.ValidationError, RDFProfileException) as error:
        return problem(400, str(error))
    return Response(written, mimetype=_MEDIA_TYPE)
