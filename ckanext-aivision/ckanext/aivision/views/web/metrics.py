"""`/metrics`: figures for Prometheus, if the setting `ckanext.aivision.metrics` is on."""

from __future__ import annotations

import hmac
import time

from ckan.plugins import toolkit
from flask import Blueprint, Response, g

from ckanext.aivision.views.access import guarded
from ckanext.aivision.views.problem_details import problem

metrics = Blueprint("aivision_metrics", __name__)

_BEARER = "Bearer "
# Files that a web server in front usually gives out.
_UNCOUNTED = ("static", "webassets.index", "aivision_metrics.show")


@metrics.before_app_request
def note_start() -> None:
    g.aivision_began = time.perf_counter()


@metrics.after_app_request
def note_end(response: Response) -> Response:
    """Counts the request."""
    from ckanext.aivision.services.monitoring.request_times import note_request

    began, endpoint = g.pop("aivision_began", None), toolkit.request.endpoint
    if began is not None and endpoint not in _UNCOUNTED:
        note_request(endpoint, response.status_code, time.perf_counter() - began)
    return response


@metrics.route("/metrics")
@guarded
def show() -> Response:
    """The figures in the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/).

    For sysadmins, and for programs that send the token of `ckanext.aivision.metrics_token`.
    """
    if not _has_token():
        if toolkit.current_user.is_anonymous:
            # Programs cannot log in.
            refused = toolkit._("Send the token of ckanext.aivision.metrics_token")
            return problem(401, refused, WWW_Authenticate="Bearer")
        toolkit.check_access("sysadmin", {"user": toolkit.current_user.name})
    from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

    from ckanext.aivision.services.monitoring.catalogue_figures import CatalogueFigures
    from ckanext.aivision.services.monitoring.request_times import registry

    counted = registry()
    counted.register(CatalogueFigures())
    return Response(generate_latest(counted), headers={"Cache-Control": "no-store"}, content_type=CONTENT_TYPE_LATEST)


def _has_token() -> bool:
    token = toolkit.config.get("ckanext.aivision.metrics_token") or ""
    given = toolkit.request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"{_BEARER}{token}".encode())
