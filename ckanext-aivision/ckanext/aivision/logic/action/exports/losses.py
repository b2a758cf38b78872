"""What a standard cannot hold of a dataset."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue import structured_data
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Choice
from ckanext.aivision.logic.shared_parameters import REQUIRED_NAME
from ckanext.aivision.serialise.standards.fields import STANDARDS
from ckanext.aivision.serialise.standards.losses import losses

__all__ = ["aivision_loss_list"]


@toolkit.side_effect_free
@accepts(id=REQUIRED_NAME, profile=Choice(known=lambda: list(STANDARDS), required=True))
def aivision_loss_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The values of a dataset that its document in a standard does not have.

    A value is in the document if it is there as the source wrote it, or as the standard writes it: a licence by its
    address, a date in ISO 8601.

    :param id: the id or name of the dataset
    :param profile: the standard: `dcat-ap-3`, `dcat-us-3-rdf`, `dcat-us-1.1`, `dcat-us-3`, `uk-metadata-exchange`,
        `schema-org` or `croissant`
    :returns: [{part (`dataset` or `distribution`), number (which distribution, from 1; null for the dataset), field
        (of the record), form_fields (the fields of the dataset form that it is from), value (as text), reason}], empty
        if the document has everything
    :raises NotFound: if there is no such dataset
    :raises ValidationError: if there is no such standard
    """
    toolkit.check_access("aivision_loss_list", context, data_dict)
    package = toolkit.get_action("package_show")(dict(context), {"id": data_dict["id"]})
    found = structured_data.parts(package)
    if found is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such dataset"))
    dataset, catalogued = found
    return [loss._asdict() for loss in losses(dataset, data_dict["profile"], catalogued)]
