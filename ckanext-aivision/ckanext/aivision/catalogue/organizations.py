"""Publishers as CKAN organisations, made when a data set of theirs is first seen."""

from __future__ import annotations

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.names import organization_name
from ckanext.aivision.record import Dataset

UNNAMED = "Publisher not stated"


class Organizations:
    """Finds or makes the organisation of a data set's publisher."""

    def __init__(self, user: str) -> None:
        """user: the name of the CKAN user who becomes the organisations' creator."""
        self._user = user
        self._known: dict[tuple[str, str], str] = {}

    def of(self, dataset: Dataset) -> str:
        """The id of the organisation, which is committed: batches are written on other connections."""
        publisher = dataset.publisher.name if dataset.publisher and dataset.publisher.name else UNNAMED
        key = (publisher, dataset.country)
        if key not in self._known:
            self._known[key] = self._find(*key) or self._make(*key)
        return self._known[key]

    def _find(self, publisher: str, country: str) -> str | None:
        group = model.Group.get(organization_name(publisher, country))
        return group.id if group is not None and group.is_organization else None

    def _make(self, publisher: str, country: str) -> str:
        data = {"name": organization_name(publisher, country), "title": publisher}
        return toolkit.get_action("organization_create")({"user": self._user, "ignore_auth": True}, data)["id"]
