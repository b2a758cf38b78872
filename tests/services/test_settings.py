"""The configuration file, an operator's own settings in it, and the secrets."""

from __future__ import annotations

import configparser
import contextlib
import stat
import tempfile
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ckanext.aivision.errors import ServiceError, UsageError
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
    with pytest.raises(ServiceError, match=r"secrets\.json: .*restore it from a backup, or delete it"):
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


@pytest.mark.parametrize(
    ("address", "extra", "secure"),
    [
        ("http://127.0.0.1:5000", "", "false"),
        ("https://data.example.gov", "", "true"),
        ("http://127.0.0.1:5000", "ckan.site_url = https://data.example.gov\n", "true"),
        ("https://data.example.gov", "ckan.site_url = http://127.0.0.1:5000\n", "false"),
        ("https://data.example.gov", "SESSION_COOKIE_SECURE = false\nREMEMBER_COOKIE_SECURE = false\n", "false"),
    ],
)
def test_cookies_are_for_https_alone_where_the_sites_address_is_https(
    tmp_path: Path, address: str, extra: str, secure: str
) -> None:
    (tmp_path / "ckan-extra.ini").write_text(extra)
    settings = _read(write_ini(tmp_path, *_ADDRESSES[:3], address))
    for cookie in ("SESSION_COOKIE", "REMEMBER_COOKIE"):
        assert settings[f"{cookie}_SECURE"] == secure
        assert settings[f"{cookie}_HTTPONLY"] == "true"
        assert settings[f"{cookie}_SAMESITE"] == "Lax"


def test_an_address_with_a_percent_sign_is_read_back_as_it_was(tmp_path: Path) -> None:
    path = write_ini(tmp_path, "postgresql://x/ckan?host=%2Fa%20b", *_ADDRESSES[1:])
    assert _read(path)["sqlalchemy.url"] == "postgresql://x/ckan?host=%2Fa%20b"


def _template_keys() -> list[str]:
    text = (resources.files("ckanext.aivision.config") / "ckan.ini.tmpl").read_text(encoding="utf-8")
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser.options("app:main")


def _loaded(folder: Path, extra: str | bytes) -> dict[str, str]:
    """The settings as CKAN reads them, with an operator's own."""
    from ckan.cli import CKANConfigLoader

    content = extra.encode() if isinstance(extra, str) else extra
    (folder / "ckan-extra.ini").write_bytes(content)
    path = write_ini(folder, *_ADDRESSES)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    loaded: dict[str, str] = CKANConfigLoader(str(path)).get_config()
    return loaded


@pytest.mark.parametrize("key", _template_keys())
def test_each_setting_of_ours_can_be_overridden(tmp_path: Path, key: str) -> None:
    assert _loaded(tmp_path, f"{key} = my:own value\n")[key] == "my:own value"


@pytest.mark.parametrize(
    ("extra", "key", "value"),
    [
        ("ckan.site_title: My title\n", "ckan.site_title", "My title"),
        ("\ufeffckan.site_title = My title\r\nckan.site_logo = /a.png\r\n", "ckan.site_title", "My title"),
        ("# first\n; second\n\n  ckan.site_title = My title\n", "ckan.site_title", "My title"),
        ("[app:main]\nckan.site_title = My title\n", "ckan.site_title", "My title"),
        ("ckan.site_logo = /a.png\n[app:main]\nckan.site_title = My title\n", "ckan.site_title", "My title"),
        ("CKAN.Site_Title = My title\n", "ckan.site_title", "My title"),
        ("ckan.plugins =\n  aivision\n  dcat\n", "ckan.plugins", "\naivision\ndcat"),
        ("ckan.plugins =\n  aivision\n\n  # not this one\n  dcat\n", "ckan.plugins", "\naivision\n\ndcat"),
        ("ckan.site_title = 100 % open\n", "ckan.site_title", "100 % open"),
        ("ckan.site_title = 100%% open\n", "ckan.site_title", "100% open"),
        ("ckan.site_logo = https://x.example.gov/a%20b.png\n", "ckan.site_logo", "https://x.example.gov/a%20b.png"),
        ("ckan.site_title = %(title)s\n", "ckan.site_title", "%(title)s"),
        ("ckan.site_title = From %(ckan.locale_default)s\n", "ckan.site_title", "From en"),
        ("ckan.site_title = $extra {x} = y : z ; w # v\n", "ckan.site_title", "$extra {x} = y : z ; w # v"),
        ("ckan.site_title = Données — 資料\n", "ckan.site_title", "Données — 資料"),
        ("ckan.site_title =\n", "ckan.site_title", ""),
        ("ckan.of_another_plugin = on", "ckan.of_another_plugin", "on"),
        ("[DEFAULT]\ndebug = true\n", "debug", "true"),
    ],
)
def test_ones_own_settings_are_written_as_in_any_configuration_file_of_ckan(
    tmp_path: Path, extra: str, key: str, value: str
) -> None:
    assert _loaded(tmp_path, extra)[key] == value


def test_the_directory_can_be_named_as_in_any_configuration_file_of_ckan(tmp_path: Path) -> None:
    assert _loaded(tmp_path, "ckan.i18n_directory = %(here)s/i18n\n")["ckan.i18n_directory"] == f"{tmp_path}/i18n"


def test_keys_of_other_sections_are_merged_too_and_the_rest_of_them_stays(tmp_path: Path) -> None:
    extra = "ckan.site_title = Mine\n[logger_ckan]\nlevel = DEBUG\n[formatter_generic]\nformat = %(message)s 1%%\n"
    assert _loaded(tmp_path, extra + "[server:main]\nport = 80\n")["ckan.site_title"] == "Mine"
    ini = configparser.RawConfigParser()
    ini.read(tmp_path / "ckan.ini")
    assert dict(ini["logger_ckan"]) | {"debug": ""} == {
        "debug": "",
        "level": "DEBUG",
        "handlers": "console",
        "qualname": "ckan",
        "propagate": "0",
    }
    assert ini["formatter_generic"]["format"] == "%(message)s 1%%"
    assert ini["server:main"]["port"] == "80"


@pytest.mark.parametrize("extra", ["", "\n\n", "# nothing\n", "[app:main]\n"])
def test_without_settings_of_ones_own_ours_are_as_they_were(tmp_path: Path, extra: str) -> None:
    assert _loaded(tmp_path, extra)["ckan.site_title"] == "AI-ready public data: US and UK"


@pytest.mark.parametrize(
    ("extra", "line", "said"),
    [
        ("ckan.site_title = a\nckan.site_logo = /x\nckan.site_title = b\n", 3, "'ckan.site_title' appears twice"),
        ("ckan.site_title = a\n[app:main]\n\nckan.site_title = b\n", 4, "'ckan.site_title' appears twice"),
        ("ckan.site_title = a\nCKAN.site_title = b\n", 2, "'CKAN.site_title' appears twice"),
        ("[logger_ckan]\nlevel = a\n[logger_ckan]\nlevel = b\n", 3, "section [logger_ckan] appears twice"),
        ("ckan.site_title My title\n", 1, "not a `key = value`"),
        ("ckan.site_title = a\n\n[app:main\n", 3, "not the name of a setting"),
        ("= a\n", 1, "not a `key = value`"),
        ('{"ckan.site_title": "My title"}\n', 1, "not the name of a setting"),
        ("<html>\n<p>x</p>\n", 1, "not a `key = value`"),
        ("a = b\n\x00\x00", 2, "not text"),
        ("ckan.site_title = a\nckan.site_logo = \xe9".encode("latin-1"), 2, "not UTF-8"),
        ("ckan.site_title = a\n".encode("utf-16"), 1, "not UTF-8"),
    ],
)
def test_what_cannot_be_merged_is_refused_with_the_file_and_the_line(
    tmp_path: Path, extra: str | bytes, line: int, said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        _loaded(tmp_path, extra)
    assert str(refused.value).startswith(f"{tmp_path / 'ckan-extra.ini'}, line {line}: ")
    assert said in str(refused.value)
    assert not (tmp_path / "ckan.ini").exists()


def test_names_that_lead_in_a_circle_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"ckan-extra\.ini: 'ckan\.site_title' cannot be read"):
        _loaded(tmp_path, "ckan.site_title = %(ckan.site_title)s\n")


def test_a_directory_in_the_place_of_ones_own_settings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ckan-extra.ini").mkdir()
    with pytest.raises(UsageError, match=r"ckan-extra\.ini: cannot be read"):
        write_ini(tmp_path, *_ADDRESSES)


@given(text=st.text())
@example(text="a = %(a")
@example(text="a\n b\n[c]\n=")
@example(text="a =\n\tb\n\t\n\tc")
@example(text="a\x85 = b\u2028c")
def test_any_text_is_merged_so_that_ckan_can_read_it_or_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(UsageError):
        assert _loaded(Path(folder), text.encode("utf-8", "surrogatepass"))["ckan.site_id"]
