"""Add the shipped entries to this catalogue, and update those that nobody has changed here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import ckan.model as model
from ckan.lib import search
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.registers.shipped import Entry, fingerprint, shipped_entries
from ckanext.aivision.catalogue.registers.types import registers
from ckanext.aivision.errors import UsageError

ORGANIZATION = "policy-registers"
_SOLR_COMMIT = "ckan.search.solr_commit"
_TITLE = "Policy registers"
_ABOUT = "Editors of this organization look after the registers of guidance, cooperation and training."

Outcome = Literal["added", "updated", "unchanged", "edited here", "deleted here", "name taken"]


class Loaded(NamedTuple):
    """What happened, or would happen, to one shipped entry."""

    register: str
    name: str
    outcome: Outcome


def load(organization: str = ORGANIZATION, dry_run: bool = False) -> list[Loaded]:
    """Loads the entries of all registers that this site has.

    organization: the name of the one that new entries belong to; the default one is created if it is missing.
    dry_run: say what would happen, and write nothing. Raises UsageError if the site has no register or there is no
    such organization.
    """
    found = registers()
    if not found:
        raise UsageError("scheming.dataset_schemas has no register; docs/registers.md says what to add")
    user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    owner = _find_organization(organization, user, dry_run)
    done = []
    with _one_commit_of_the_index():
        for register in found:
            for entry in shipped_entries(register):
                done.append(Loaded(register, entry.name, outcome := _outcome(register, entry)))
                if not dry_run and outcome in ("added", "updated"):
                    _write(register, entry, owner, user)
    return done


@contextlib.contextmanager
def _one_commit_of_the_index() -> Iterator[None]:
    """Has CKAN send documents to Solr without a commit each: it takes longer than all else."""
    before = toolkit.config.get(_SOLR_COMMIT)
    toolkit.config[_SOLR_COMMIT] = False
    try:
        yield
    finally:
        toolkit.config[_SOLR_COMMIT] = before
        search.commit()


def _outcome(register: str, entry: Entry) -> Outcome:
    package = model.Package.get(entry.name)
    if package is None:
        return "added"
    if package.type != register:
        return "name taken"
    if package.state != "active":
        return "deleted here"
    shown = _show(package.id)
    if shown.get("loaded") != fingerprint(shown):
        return "edited here"
    return "unchanged" if shown["loaded"] == fingerprint(entry.content()) else "updated"


def _write(register: str, entry: Entry, owner: str, user: str) -> None:
    content = entry.content()
    fields = {**content, "type": register, "owner_org": owner, "loaded": fingerprint(content)}
    action = "package_create"
    if (package := model.Package.get(entry.name)) is not None:
        action, fields = "package_update", {**fields, "id": package.id, "owner_org": package.owner_org}
    try:
        toolkit.get_action(action)({"ignore_auth": True, "user": user}, fields)
    except toolkit.ValidationError as error:
        reasons = "; ".join(f"{field}: {text}" for field, text in error.error_summary.items())
        raise UsageError(f"{register}/{entry.name}: {reasons}") from error


def _show(id: str) -> dict[str, Any]:
    shown: dict[str, Any] = toolkit.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": id})
    return shown


def _find_organization(name: str, user: str, dry_run: bool) -> str:
    group = model.Group.get(name)
    if group is not None and group.is_organization and group.state == "active":
        return str(group.id)
    if name != ORGANIZATION or group is not None:
        raise UsageError(f"{name}: there is no such organization")
    if dry_run:
        return ""
    fields = {"name": name, "title": _TITLE, "description": _ABOUT}
    created = toolkit.get_action("organization_create")({"ignore_auth": True, "user": user}, fields)
    return str(created["id"])


def count_outcomes(loaded: list[Loaded]) -> Iterator[tuple[Outcome, int]]:
    """How many entries had each outcome, in the order of first use."""
    outcomes = [one.outcome for one in loaded]
    yield from ((outcome, outcomes.count(outcome)) for outcome in dict.fromkeys(outcomes))
