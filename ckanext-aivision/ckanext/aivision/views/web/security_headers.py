"""Headers that tell browsers what a page may load, who may show it in a frame, and what it tells other sites.

Content Security Policy Level 3 (https://www.w3.org/TR/CSP3/), Referrer Policy (https://www.w3.org/TR/referrer-policy/),
`nosniff` (https://fetch.spec.whatwg.org/#x-content-type-options-header). What a view has set itself stays as it is.

CKAN and ckanext-scheming write scripts into attributes of their forms (`onclick`, `javascript:`). A nonce cannot allow
those (CSP3, 8.3), and a policy that only reports protects nobody: pages with such forms allow inline scripts, and all
others do not. Styles may be inline everywhere: CKAN has them from sysadmins, and htmx and Select2 set them.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from ckan.plugins import toolkit
from flask import Blueprint, Response

security_headers = Blueprint("aivision_security_headers", __name__)

OURS, ALL = "ours", "all"
_SELF = "'self'"
_INLINE = "'unsafe-inline'"
# Pages of CKAN's that show texts and have no forms with scripts in them, by the last part of their endpoints.
_READING = ("about", "index", "login", "read", "search")
# Ours that show CKAN's forms.
_FORMS = ("aivision_dataset_form",)
# CKAN offers code to embed the view of a file into pages of other sites.
_EMBEDDED = ("resource.view",)
# What CKAN gives out as people have uploaded it: it may load nothing, and scripts in it do not run.
_UPLOADED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
_WITH_SCRIPTS = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml")
_DATA = f"default-src 'none'; style-src {_INLINE}; frame-ancestors {_SELF}"


@security_headers.after_app_request
def add(response: Response) -> Response:
    """Adds the headers to our pages, or to all, as `ckanext.aivision.security_headers` says."""
    wanted = toolkit.config["ckanext.aivision.security_headers"]
    endpoint = str(toolkit.request.endpoint or "")
    ours = endpoint.startswith("aivision_")
    if wanted != ALL and not (ours and wanted == OURS):
        return response
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    policy = _policy(endpoint, ours, response.mimetype or "", response.status_code < 400)
    if policy and "Content-Security-Policy" not in headers:
        headers["Content-Security-Policy"] = policy
        if "frame-ancestors" in policy and endpoint not in _EMBEDDED:
            # For browsers that know no `frame-ancestors` (RFC 7034).
            headers.setdefault("X-Frame-Options", "SAMEORIGIN")
    return response


def _policy(endpoint: str, ours: bool, media_type: str, is_answered: bool) -> str:
    """The policy for an answer; empty for one that needs none. is_answered: whether it is no page of an error."""
    is_upload = endpoint.endswith(".download") or toolkit.request.path.startswith("/uploads/")
    if is_upload and not ours and media_type in _WITH_SCRIPTS and is_answered:
        return _UPLOADED
    if media_type not in ("text/html", "application/xhtml+xml"):
        return _DATA if ours else ""
    blueprint, _, view = endpoint.rpartition(".")
    is_strict = blueprint not in _FORMS if ours else view in _READING
    return _to_header(_page(is_strict, is_embedded=endpoint in _EMBEDDED))


def _page(is_strict: bool, is_embedded: bool) -> dict[str, list[str]]:
    """The directives of a page by name. is_strict: without inline scripts. is_embedded: in frames of other sites."""
    others = list(toolkit.config["ckanext.aivision.script_hosts"])
    site = urlsplit(str(toolkit.config.get("ckan.site_url") or ""))
    # CKAN leads on from a form to its own address, by which the visitor may not have come.
    own = [_SELF, *([f"{site.scheme}://{site.netloc}"] if site.netloc else [])]
    return {
        "default-src": [_SELF],
        "script-src": [_SELF, *([] if is_strict else [_INLINE]), *others],
        "style-src": [_SELF, _INLINE],
        "img-src": [_SELF, "data:", "http:", "https:"],
        "font-src": [_SELF, "data:"],
        "connect-src": [_SELF, *others],
        **({} if is_strict else {"frame-src": [_SELF, "http:", "https:"]}),
        "object-src": ["'none'"],
        "base-uri": [_SELF],
        "form-action": own,
        "frame-ancestors": ["*"] if is_embedded else [_SELF],
    }


def _to_header(directives: Mapping[str, list[str]]) -> str:
    """A policy as its header has it (CSP3, 2.2)."""
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())
