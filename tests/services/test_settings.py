"""The configuration file and the secrets."""

from __future__ import annotations

import configparser
import stat
from pathlib import Path

import pytest

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services.settings import secret_values, write_ini

_ADDRESSES = ("postgresql://x/ckan", "unix:///x.sock", "http://127.0.0.1:1/x/ckan", "http://127.0.0.1:5000")


def _read(path: Path) -> configparser.SectionProxy:
    ini = configparser.ConfigParser()
    ini.read(path)
    return ini["app:main"]


def test_secrets_are_long_all_different_and_kept(tmp_path: Path) -> None:
    first = secret_values(tmp_path)
    assert len(set(first.values())) == len(first) == 4
    assert all(len(value) >= 40 for value in first.values())
    assert secret_values(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_secret_that_a_newer_version_needs_is_added_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"secret_key": "kept"}')
    values = secret_values(tmp_path)
    assert values["secret_key"] == "kept"
    assert secret_values(tmp_path) == values
    assert set(values) >= {"csrf_secret_key", "token_secret", "site_id"}


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"secret_key": 5}'])
def test_a_spoilt_secrets_file_is_an_error_that_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "secrets.json").write_text(text)
    with pytest.raises(ServiceError, match=r"secrets\.json: .*put it back from a copy, or remove it"):
        secret_values(tmp_path)


def test_the_configuration_file_is_its_owners_alone_and_complete(tmp_path: Path) -> None:
    path = write_ini(tmp_path, *_ADDRESSES)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    settings = _read(path)
    keys = ("sqlalchemy.url", "ckan.redis.url", "solr_url", "ckan.site_url")
    assert tuple(settings[key] for key in keys) == _ADDRESSES
    assert settings["SECRET_KEY"] == secret_values(tmp_path)["secret_key"]
    assert "$" not in path.read_text()


def test_ones_own_settings_come_last_and_survive_a_start(tmp_path: Path) -> None:
    (tmp_path / "ckan-extra.ini").write_text("ckan.site_logo = /logo.png\n")
    write_ini(tmp_path, *_ADDRESSES)
    assert _read(write_ini(tmp_path, *_ADDRESSES))["ckan.site_logo"] == "/logo.png"


def test_an_address_with_a_percent_sign_is_read_back_as_it_was(tmp_path: Path) -> None:
    path = write_ini(tmp_path, "postgresql://x/ckan?host=%2Fa%20b", *_ADDRESSES[1:])
    assert _read(path)["sqlalchemy.url"] == "postgresql://x/ckan?host=%2Fa%20b"
