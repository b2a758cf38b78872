"""`/dataset/NAME/evaluation.ttl` and the like, and `/best-practice/rubric.ttl`: evaluations in RDF, and their metrics.

In the Data Quality Vocabulary (https://www.w3.org/TR/vocab-dqv/). Without an ending, the address of an evaluation or of
the rubric leads to the syntax that is asked for, or to the page for people.
"""

from __future__ import annotations

from collections.abc import Iterable

from ckan.plugins import toolkit
from flask import Blueprint, Response
from pyoxigraph import Triple

from ckanext.aivision.catalogue.rdf.addresses import entries
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.rdf.evaluation_graph import evaluation_triples
from ckanext.aivision.serialise.rdf.rubric_graph import rubric_triples
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, MEDIA_TYPES, document
from ckanext.aivision.views.access import action
from ckanext.aivision.views.problem_details import problem

evaluations = Blueprint("aivision_evaluations", __name__)

_ENDING = "<any('ttl', 'xml', 'jsonld', 'nt'):ending>"


@evaluations.route("/dataset/<name>/evaluation")
def evaluation(name: str) -> Response:
    """Leads to the evaluation in the syntax that is asked for, or to the page of the dataset."""
    return _lead(
        toolkit.url_for("aivision_evaluations.evaluation", name=name, locale="default"),
        toolkit.url_for("dataset.read", id=name),
    )


@evaluations.route(f"/dataset/<name>/evaluation.{_ENDING}")
def evaluation_document(name: str, ending: str) -> Response:
    """The evaluation of a dataset."""
    if "\0" in name:
        return problem(404, toolkit._("There is nothing of this name"))
    try:
        package = action("package_show", id=name)
        action("aivision_score_show", id=package["id"])
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return problem(404, toolkit._("There is no public dataset with this name, or it has no evaluation yet"))
    found = next(entries([package["id"]], {package["id"]: package}, whole=True), None)
    if found is None or found.evaluated is None:
        return problem(404, toolkit._("There is no public dataset with this name, or it has no evaluation yet"))
    return _answer(evaluation_triples(found.evaluated, found.node), ending)


@evaluations.route("/best-practice/rubric")
def rubric() -> Response:
    """Leads to the rubric in the syntax that is asked for, or to the page of the criteria."""
    return _lead(
        toolkit.url_for("aivision_evaluations.rubric", locale="default"), toolkit.url_for("aivision_criteria.index")
    )


@evaluations.route(f"/best-practice/rubric.{_ENDING}")
def rubric_document(ending: str) -> Response:
    """The metrics of evaluations: criteria, dimensions, lenses."""
    base = toolkit.url_for("aivision_evaluations.rubric", qualified=True, locale="default")
    site = toolkit.url_for("aivision_criteria.index", qualified=True, locale="default")
    return _answer(rubric_triples(load(), base, site), ending)


def _lead(address: str, page: str) -> Response:
    """To a document about what is not a document itself (RFC 9110, 15.4.4)."""
    wanted = {media_type: ending for ending, media_type in MEDIA_TYPES.items()}
    best = toolkit.request.accept_mimetypes.best_match(["text/html", *wanted], default="text/html")
    target = f"{address}.{wanted[best]}" if best in wanted else page
    return Response(status=303, headers={"Location": target, "Vary": "Accept", "Access-Control-Allow-Origin": "*"})


def _answer(triples: Iterable[Triple], ending: str) -> Response:
    return Response(document(triples, FORMATS[ending]), mimetype=MEDIA_TYPES[ending])
