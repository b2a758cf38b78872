"""Validators of the fields of `config/schemas/ai_ready_dataset.yaml`."""

from __future__ import annotations

from typing import Any

import ckan.model as model

__all__ = ["aivision_download_url"]


def aivision_download_url(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """Removes a resource's `download_url` if it belongs to a file that has been replaced.

    A harvest fills it in beside `url`. When a user replaces the file, only `url` changes, and the form sends the other
    fields back unchanged.
    """
    resource = model.Resource.get(data.get((*key[:-1], "id")) or "")
    if resource is None:
        return
    url = str(data.get((*key[:-1], "url")) or "")
    if data.get((*key[:-1], "url_type")) == "upload":
        # CKAN stores the bare name of an uploaded file and shows its address.
        url = url.rsplit("/")[-1]
    if url != resource.url and data.get(key) == resource.extras.get("download_url"):
        data.pop(key, None)
