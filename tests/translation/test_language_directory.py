"""The directory of languages that `aivision up` gives to CKAN."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.translation.language_directory import write_language_directory


def of_ckan() -> Path:
    spec = importlib.util.find_spec("ckan")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "i18n"


def test_it_has_ckans_languages_and_ours(tmp_path: Path) -> None:
    folder = write_language_directory(tmp_path / "i18n")
    assert (folder / "es" / "LC_MESSAGES" / "ckan.mo").samefile(of_ckan() / "es" / "LC_MESSAGES" / "ckan.mo")
    assert (folder / "cy").is_dir()
    assert (folder / "ckan.pot").is_file()
    known = {path.name for path in of_ckan().iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert {path.name for path in folder.iterdir() if path.is_dir()} == known | {"cy", "es"}


def test_it_is_made_anew_at_each_start_and_ckans_own_files_stay(tmp_path: Path) -> None:
    folder = write_language_directory(tmp_path / "i18n")
    (folder / "xx").mkdir()
    assert not (write_language_directory(folder) / "xx").exists()
    assert (of_ckan() / "es" / "LC_MESSAGES" / "ckan.mo").is_file()


def test_where_it_cannot_be_written_the_error_says_where(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(ServiceError, match="taken/i18n: the directory of languages cannot be written"):
        write_language_directory(tmp_path / "taken" / "i18n")
