"""What a harvest does with the corrections of the datasets that it writes: they are applied, or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ckanext.aivision.catalogue.corrections import correction_store
from ckanext.aivision.catalogue.corrections.correction_store import Correction, Ended
from ckanext.aivision.catalogue.corrections.package_fields import Fields, apply_values, find_outcome, read_values
from ckanext.aivision.catalogue.corrections.source_package import current_fields, with_resource_ids


class Reviewed(NamedTuple):
    """A package with the corrections that still stand. ended: those that the source has made pointless.

    has_upload: whether a file of it is stored here, which only CKAN's own actions write.
    """

    package: dict[str, Any]
    ended: list[Ended]
    has_upload: bool


class Review:
    """Reviews the packages of one run. It reads the form's fields once."""

    def __init__(self) -> None:
        self._fields: Fields | None = None

    def find(self, package_ids: Sequence[str]) -> dict[str, list[Correction]]:
        """The corrections of datasets that are about to be written: one statement for a batch."""
        return correction_store.of_datasets(package_ids) if package_ids else {}

    def apply(self, package: dict[str, Any], package_id: str, corrections: Sequence[Correction]) -> Reviewed:
        """package: of `to_package`, from the source's new record."""
        if self._fields is None:
            self._fields = current_fields()
        package = with_resource_ids(package, package_id)
        source = read_values(package, self._fields)
        kept, ended = {}, []
        for item in corrections:
            outcome = find_outcome(source, item.key, item.pair)
            if outcome is None:
                kept[item.key] = item.pair.value
            else:
                ended.append(Ended(item, outcome))
        result = apply_values(package, kept)
        has_upload = any(resource.get("url_type") == "upload" for resource in result["resources"])
        return Reviewed(result, ended, has_upload)
