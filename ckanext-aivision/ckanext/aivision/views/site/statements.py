"""`/accessibility` and `/privacy`: the statements that the law asks public bodies for."""

from __future__ import annotations

from ckan.plugins import toolkit
from flask import Blueprint

statements = Blueprint("aivision_statements", __name__)


@statements.route("/accessibility")
def accessibility() -> str:
    """How accessible the site is, what is known to be wrong, and whom to tell."""
    return toolkit.render("aivision/site/accessibility.html")


@statements.route("/privacy")
def privacy() -> str:
    """What is stored about readers and about people who log in, with the cookies."""
    config = toolkit.config
    is_permanent = toolkit.asbool(config.get("SESSION_PERMANENT", True))
    return toolkit.render(
        "aivision/site/privacy.html",
        {
            "session_cookie": config.get("SESSION_COOKIE_NAME") or "ckan",
            "session_days": _days(config.get("PERMANENT_SESSION_LIFETIME")) if is_permanent else 0,
            "audit_days": max(1, int(config.get("ckanext.aivision.keep_audit_days") or 1)),
            "remember_cookie": config.get("REMEMBER_COOKIE_NAME") or "remember_token",
        },
    )


def _days(seconds: object) -> int:
    """Whole days, at least one, of what CKAN takes as seconds; it has a year where nothing is set."""
    return max(1, round(int(str(seconds or 31_536_000)) / 86_400))
