"""Every way to save a dataset in a catalogue, and the evaluations before and after."""

from __future__ import annotations

import datetime
import io
from typing import Any

from tests.serialise.conftest import Form

from ckanext.aivision.scoring.observations.file_profile import ColumnProfile, FileProfile
from ckanext.aivision.scoring.observations.observations import Link

LEVELS = b"station,level (m)\nA1,1.5\nA2,2.5\n"
PAGE = {"url": "https://rivers.example.gov/levels", "format": "HTML", "name": "About the levels"}


Package = dict[str, Any]


def uploaded(content: bytes = LEVELS) -> dict[str, Any]:
    from werkzeug.datastructures import FileStorage

    return {"name": "Levels", "format": "CSV", "upload": FileStorage(io.BytesIO(content), "levels.csv")}


def looked_at(package: Package) -> Package:
    """Keeps what checks of links and profiles of files find at a package's addresses, and counts it."""
    import ckan.model as model

    from ckanext.aivision.catalogue.observations import file_profiles, links
    from ckanext.aivision.catalogue.rescore.run_rescore import evaluate_again

    now = datetime.datetime.now(datetime.timezone.utc)
    columns = [ColumnProfile(name="station", type="text"), ColumnProfile(name="level (m)", type="number", unit="m")]
    for resource in package["resources"]:
        url = resource["url"]
        links.keep([Link(url=url, state="reachable", status=200, media_type="text/csv", checked_at=now)])
        if resource["format"] == "CSV":
            profile = FileProfile(url=url, format="CSV", encoding="utf-8", rows=2, columns=columns, profiled_at=now)
            file_profiles.keep(package["id"], resource["id"], profile)
    model.Session.commit()
    evaluate_again([package["id"]])
    return package


def evaluation(package: Package) -> Any:
    from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations

    return evaluations.find(package["id"])


def evaluated_again(package: Package) -> Any:
    from ckanext.aivision.catalogue.rescore.run_rescore import evaluate_again

    evaluate_again([package["id"]])
    return evaluation(package)


def results(found: Any) -> dict[str, tuple[str, Any, str]]:
    return {row.criterion: (row.result, row.value, row.evidence) for row in found.results}


def put(act: Any, package: Package, form: Form) -> None:
    act("package_update", **{**act("package_show", id=package["id"]), "notes": "Levels in metres."})


def patch(act: Any, package: Package, form: Form) -> None:
    act("package_patch", id=package["id"], notes="Levels in metres.")


def revise(act: Any, package: Package, form: Form) -> None:
    act("package_revise", match={"id": package["id"]}, update={"notes": "Levels in metres."})


def add_resource(act: Any, package: Package, form: Form) -> None:
    act("resource_create", package_id=package["id"], **PAGE)


def put_resource(act: Any, package: Package, form: Form) -> None:
    for resource in package["resources"]:
        act("resource_update", **{**resource, "description": "One row a station."})


def patch_resource(act: Any, package: Package, form: Form) -> None:
    for resource in package["resources"]:
        act("resource_patch", id=resource["id"], description="One row a station.")


def delete_resource(act: Any, package: Package, form: Form) -> None:
    for resource in package["resources"][:1]:
        act("resource_delete", id=resource["id"])


def load_into_datastore(act: Any, package: Package, form: Form) -> None:
    # All that the datastore's actions do to the dataset.
    for resource in package["resources"]:
        act("resource_patch", id=resource["id"], datastore_active=True)


def use_as_dictionary(act: Any, package: Package, form: Form) -> None:
    for resource in package["resources"]:
        if resource["format"] == "CSV":
            form.press(f"/dataset/{package['name']}/files/{resource['id']}/dictionary")


def save_in_form(act: Any, package: Package, form: Form) -> None:
    form.send(f"/dataset/edit/{package['name']}/5", limitations="Floods between two readings do not show.")


def save_resource_in_form(act: Any, package: Package, form: Form) -> None:
    for resource in package["resources"]:
        form.send(f"/dataset/{package['name']}/resource/{resource['id']}/edit", description="One row a station.")


PATHS = [
    put,
    patch,
    revise,
    add_resource,
    put_resource,
    patch_resource,
    delete_resource,
    load_into_datastore,
    use_as_dictionary,
    save_in_form,
    save_resource_in_form,
]
