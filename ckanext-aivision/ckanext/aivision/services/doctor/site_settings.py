"""Whether the settings are ones that exist, hold valid values, and fit a public site."""

from __future__ import annotations

import difflib
import zoneinfo
from collections.abc import Iterator

from ckan.common import config_declaration
from ckan.plugins import toolkit

from ckanext.aivision.services.doctor.finding import Finding, error, ok, warning

_CHECK, _COOKIES, _ZONE = "settings", "cookies", "time zone"
_OURS = "ckanext.aivision."
_SECURE = ("SESSION_COOKIE_SECURE", "REMEMBER_COOKIE_SECURE")
# A harvest of half a million datasets takes its time.
_SHORTEST_JOB = 3600


def check_settings() -> Iterator[Finding]:
    """Looks for names that no setting has, for values that CKAN cannot read, and for what suits only development."""
    config = toolkit.config
    declared = {str(key) for key in config_declaration.iter_options()}
    found = list(_unknown({key for key in config if key.startswith(_OURS)}, declared))
    _, invalid = config_declaration.validate(config)
    for key, reasons in invalid.items():
        found.append(error(_CHECK, f"{key}: {'; '.join(reasons)}", f"correct `{key}` in ckan.ini, then restart CKAN"))
    if toolkit.asbool(config.get("debug")):
        advice = "set `debug = false` in ckan.ini, then restart CKAN"
        found.append(error(_CHECK, "debug is on: pages of errors show the program and its settings", advice))
    if not config.get("ckan.site_url"):
        found.append(error(_CHECK, "ckan.site_url is not set", "set it to the public address of the site"))
    timeout = toolkit.asint(config.get("ckan.jobs.timeout") or 0)
    if 0 < timeout < _SHORTEST_JOB:
        advice = "set `ckan.jobs.timeout = 21600` in ckan.ini, then restart the workers"
        found.append(warning(_CHECK, f"jobs are ended after {timeout} s, and long harvests with them", advice))
    yield from found or [ok(_CHECK, "all settings of this extension exist and are valid")]


def _unknown(ours: set[str], declared: set[str]) -> Iterator[Finding]:
    for key in sorted(ours - declared):
        alike = difflib.get_close_matches(key, declared, 1)
        advice = f"did you mean `{alike[0]}`?" if alike else "remove it from ckan.ini"
        yield error(_CHECK, f"there is no setting {key}", f"{advice} docs/reference/settings.md lists all")


def check_cookies() -> Iterator[Finding]:
    """Cookies of a site on https must not travel over http."""
    config = toolkit.config
    address = config.get("ckan.site_url") or ""
    if not address.startswith("https:"):
        yield ok(_COOKIES, f"the site is not on https ({address}), so its cookies need not be for https only")
        return
    open_names = [name for name in _SECURE if not toolkit.asbool(config.get(name) or False)]
    if not open_names:
        yield ok(_COOKIES, "cookies are sent over https only")
        return
    lines = " and ".join(f"`{name} = true`" for name in open_names)
    message = "the site is on https, and browsers would send the cookie of a session over http too"
    yield error(_COOKIES, message, f"set {lines} in ckan.ini, then restart CKAN")


def check_time_zone() -> Iterator[Finding]:
    """Times are stored in UTC and shown in a zone that must exist."""
    name = toolkit.config.get("ckan.display_timezone") or "UTC"
    try:
        if name != "server":
            zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        advice = "set `ckan.display_timezone` to a name such as `Europe/London`, then restart CKAN"
        yield error(_ZONE, f"ckan.display_timezone is {name!r}, which is no time zone", advice)
        return
    yield ok(_ZONE, f"times are stored in UTC and shown in the zone {name}")
