"""`/dataset/NAME/badge.svg` and `/organization/NAME/badge.svg`: images for other sites, of public datasets alone."""

from __future__ import annotations

from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.catalogue.sharing import score_of_dataset, score_of_organization
from ckanext.aivision.scoring.scores.score import GRADES
from ckanext.aivision.serialise.sharing.badge import Badge, write_badge
from ckanext.aivision.views.documents.parameters import is_name
from ckanext.aivision.views.problem_details import problem

badges = Blueprint("aivision_badges", __name__)
_SECONDS = 3600


@badges.route("/dataset/<name>/badge.svg")
def of_dataset(name: str) -> Response:
    """The grade and score of a dataset."""
    found = score_of_dataset(name) if is_name(name) else None
    if found is None:
        return problem(404, toolkit._("There is no public dataset with this name"))
    label = toolkit._("AI readiness")
    if not found.grade:
        return _image(Badge(label, toolkit._("not evaluated"), "", f"{label}: {toolkit._('not evaluated')}"))
    known = found.score is not None
    value = f"{found.grade} · {found.score:.0f}/100" if known else toolkit._("too little known")
    about = toolkit._("AI readiness of the dataset {title}: {value}").format(title=found.title, value=value)
    return _image(Badge(label, value, found.grade, about))


@badges.route("/organization/<name>/badge.svg")
def of_organization(name: str) -> Response:
    """The mean score of an organization's public datasets."""
    found = score_of_organization(name) if is_name(name) else None
    if found is None:
        return problem(404, toolkit._("There is no organization with this name"))
    label = toolkit._("AI readiness")
    if found.score is None:
        value, grade = toolkit._("no datasets"), ""
    else:
        value = toolkit.ungettext("{score}/100 · {number} dataset", "{score}/100 · {number} datasets", found.number)
        value = value.format(score=f"{found.score:.0f}", number=found.number)
        grade = next((name for name, least in GRADES if found.score >= least), "E")
    about = toolkit._("Mean AI readiness of the datasets of {title}: {value}").format(title=found.title, value=value)
    return _image(Badge(label, value, grade, about))


def _image(badge: Badge) -> Response:
    """An image that loads and runs nothing, also where somebody opens it by itself."""
    response = Response(write_badge(badge), mimetype="image/svg+xml")
    # CKAN sets max-age itself (ckan.cache_expires); what stands between it and readers may keep an image for longer.
    response.headers["Cache-Control"] = f"public, s-maxage={_SECONDS}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.add_etag()
    response.make_conditional(toolkit.request)
    return response
