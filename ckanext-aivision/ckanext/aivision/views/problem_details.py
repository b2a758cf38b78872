"""Refusals for programs: a document of RFC 9457 (`application/problem+json`)."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from flask import Response

MIMETYPE = "application/problem+json"


def problem(status: int, detail: str, **headers: str) -> Response:
    """An answer that says what is wrong. detail: in a sentence, what to do about it too. headers: with `_` for `-`."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(
        msgspec.json.encode(content),
        status,
        {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store", **named},
        mimetype=MIMETYPE,
    )
