"""Listing the dumps of the catalogue."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.snapshot.dump.dump_files import Dump, files, kinds

__all__ = ["aivision_dump_list"]


@toolkit.side_effect_free
@accepts()
def aivision_dump_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The dumps: all public datasets with their evaluations as files, the newest first.

    :returns: day (YYYY-MM-DD), made (the moment that it is of, UTC), url (its page), datasets (their number),
        rubric_version, licence, title and files of each: name, title, text (what is in it), url, media_type, size (in
        bytes), rows and sha256
    """
    toolkit.check_access("aivision_dump_list", context, data_dict)
    return [_to_dict(dump) for dump in files().list_all()]


def _to_dict(dump: Dump) -> dict[str, Any]:
    page = toolkit.url_for("aivision_dumps.show", day=dump.day, qualified=True, locale="default")
    known = {kind.name: kind for kind in kinds()}
    listed = [
        {
            "name": file.name,
            "title": known[file.name].title,
            "text": known[file.name].text,
            "url": f"{page}{file.name}",
            "media_type": known[file.name].media_type,
            "size": file.size,
            "rows": file.rows,
            "sha256": file.sha256,
        }
        for file in dump.files
        if file.name in known
    ]
    return {
        "day": dump.day,
        "made": dump.made.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "url": page,
        "title": dump.title,
        "datasets": dump.datasets,
        "rubric_version": dump.rubric_version,
        "licence": dump.licence,
        "files": listed,
    }
