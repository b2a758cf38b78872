"""The answer where the disk of the site is full: 507 with a sentence, in the place of an error of the server."""

from __future__ import annotations

import logging
from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.catalogue.tables.server_faults import describe_storage, is_disk_full
from ckanext.aivision.views.problem_details import problem

full_disk = Blueprint("aivision_full_disk", __name__)
_STATUS = 507
_log = logging.getLogger(__name__)


@full_disk.app_errorhandler(OSError)
def answer(error: OSError) -> Any:
    """A page, or for programs a document of RFC 9457 (507: RFC 4918, 11.5). The log says which disk it is.

    Raises any other error again, so that CKAN answers it.
    """
    if not is_disk_full(error):
        raise error
    _log.error("%s %s: %s", toolkit.request.method, toolkit.request.path, describe_storage(error))
    text = toolkit._("The disk of this site is full (No space left on device), so nothing was saved. Try again later")
    if str(toolkit.request.blueprint) == "api":
        return problem(_STATUS, text)
    return toolkit.render("error_document_template.html", {"code": _STATUS, "content": text}), _STATUS
