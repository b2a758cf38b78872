"""The directory of languages of `aivision up` (`ckan.i18n_directory`): CKAN's own, and those that CKAN does not have.

CKAN offers the languages of one directory, its own, which has no Welsh. This one has links to CKAN's languages, so that
a new CKAN brings its new texts along, and an empty folder for each other language of ours: CKAN then offers it, and
takes its texts from the plugin's catalogue. What that does not have is in English.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterable
from pathlib import Path

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.normalise.vocabulary import rows


def write_language_directory(folder: Path) -> Path:
    """Makes the directory anew and returns its path. Raises ServiceError if it cannot be written or CKAN is missing."""
    spec = importlib.util.find_spec("ckan")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError("CKAN is not installed: pip install 'ckanext-aivision[catalogue]'")
    own = Path(spec.submodule_search_locations[0]) / "i18n"
    locales = [row["locale"] for row in rows("languages", "translation")]
    try:
        _fill(folder, sorted(own.iterdir()), locales)
    except OSError as error:
        raise ServiceError(f"{folder}: the directory of languages cannot be written: {error.strerror}") from error
    return folder


def _fill(folder: Path, of_ckan: Iterable[Path], locales: Iterable[str]) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for path in of_ckan:
        if path.suffix == ".pot" or (path.is_dir() and path.name != "__pycache__"):
            (folder / path.name).symlink_to(path)
    for locale in locales:
        (folder / locale).mkdir(exist_ok=True)
