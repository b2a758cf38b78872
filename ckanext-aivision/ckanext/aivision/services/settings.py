"""The catalogue's configuration file and secrets: created once, readable only by their owner."""

from __future__ import annotations

import json
import os
import secrets
import string
from importlib import resources
from pathlib import Path

import msgspec

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services import ini
from ckanext.aivision.translation.language_directory import write_language_directory

_HEAD = """\
# Written by `aivision up` at every start; changes here are lost. Put your own settings into ckan-extra.ini beside
# this file: its values override these.
"""
_SECRETS = ("secret_key", "csrf_secret_key", "token_secret", "site_id")


def write_private(path: Path, text: str) -> None:
    """Writes a file of mode 600, in one step: no reader ever sees a half of it, or another mode."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


def secret_values(data: Path) -> dict[str, str]:
    """The random secrets of a data directory, made at its first start and kept in secrets.json."""
    path = data / "secrets.json"
    kept: dict[str, str] = {}
    if path.exists():
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
        except msgspec.DecodeError as error:
            raise ServiceError(
                f"{path}: {error}; restore it from a backup, or delete it, which logs everyone out"
            ) from error
    if lacking := [name for name in _SECRETS if name not in kept]:
        kept |= {name: secrets.token_urlsafe(32) for name in lacking}
        write_private(path, json.dumps(kept))
    return kept


def write_ini(data: Path, database_url: str, redis_url: str, solr_url: str, site_url: str) -> Path:
    """Writes DATA/ckan.ini from config/ckan.ini.tmpl and returns its path.

    The settings of DATA/ckan-extra.ini, where there is one, win (`services.ini`). Raises UsageError if that file
    cannot be read or merged. Cookies are for https alone where the site's address is https. The languages of pages are
    put into DATA/i18n (`translation.language_directory`).
    """
    template = (resources.files("ckanext.aivision.config") / "ckan.ini.tmpl").read_text(encoding="utf-8")
    extra = data / "ckan-extra.ini"
    own = ini.read_settings(extra)
    address = own.get(ini.MAIN, {}).get("ckan.site_url", site_url)
    values = {
        **secret_values(data),
        "database_url": database_url,
        "redis_url": redis_url,
        "solr_url": solr_url,
        "site_url": site_url,
        # A browser would not send such cookies over http.
        "secure_cookies": "true" if address.lower().startswith("https:") else "false",
        "storage_path": str(data / "storage"),
        "i18n_directory": str(write_language_directory(data / "i18n")),
    }
    # A percent sign starts an interpolation in an ini file.
    text = string.Template(template).substitute({key: value.replace("%", "%%") for key, value in values.items()})
    path = data / "ckan.ini"
    write_private(path, _HEAD + ini.to_text(ini.merge(ini.read_template(text), own, extra)))
    return path
