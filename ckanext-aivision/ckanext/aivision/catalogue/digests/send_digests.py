"""Send the weekly e-mail through CKAN's mailer."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import ckan.model as model
from ckan.lib.mailer import MailerException, mail_user
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.digests import subscriptions
from ckanext.aivision.catalogue.digests.notices import (
    Counted,
    Notices,
    Regraded,
    Run,
    find_notices,
    find_organizations,
)
from ckanext.aivision.catalogue.queued_jobs import is_queued_or_running
from ckanext.aivision.catalogue.tables.moments import now
from ckanext.aivision.queues import SHORT

Item = TypeVar("Item")

_log = logging.getLogger(__name__)
_JOB = "aivision-digests"
_TIMEOUT = 3600  # seconds
# So many of each kind are named.
_NAMED = 10


def queue_digests() -> bool:
    """Queues the e-mails that are due. Returns whether there are some and none is being sent."""
    if not subscriptions.due(now()):
        model.Session.rollback()
        return False
    model.Session.rollback()
    if is_queued_or_running(_JOB, SHORT):
        return False
    kept = {"job_id": _JOB, "timeout": _TIMEOUT}
    toolkit.enqueue_job(send_digests, title="send weekly e-mails", queue=SHORT, rq_kwargs=kept)
    return True


def send_digests() -> int:
    """Sends the e-mails that are due, and returns their number. People for whom there is nothing new get none."""
    sent = 0
    for user_id in subscriptions.due(now()):
        moment = now()
        claimed = subscriptions.claim(user_id, moment)
        user = model.User.get(user_id)
        if claimed is None or user is None:
            continue
        text = write_digest(find_notices(find_organizations(user_id), claimed.since))
        model.Session.rollback()
        if not text:
            continue
        try:
            page = toolkit.url_for("aivision_notices.show", _external=True)
            subject = toolkit._("{site}: what is new with your datasets").format(site=toolkit.config["ckan.site_title"])
            mail_user(user, subject, f"{text}\n{_farewell(page)}\n", headers={"List-Unsubscribe": f"<{page}>"})
            sent += 1
        except (MailerException, smtplib.SMTPException, OSError) as error:
            _log.warning("an e-mail to %s could not be sent (%s); it is tried again in an hour", user.name, error)
            subscriptions.put_off(claimed, moment)
    return sent


def write_digest(notices: Notices) -> str:
    """The notices in plain text; empty if there are none."""
    return "\n".join(line for section in _sections(notices) for line in (*section, ""))


def _sections(notices: Notices) -> Iterator[list[str]]:
    yield from _section(toolkit._("Datasets with a lower grade"), notices.worse, _regraded)
    yield from _section(toolkit._("Datasets with a higher grade"), notices.better, _regraded)
    yield from _section(toolkit._("Dead links"), notices.dead_links, _counted)
    yield from _section(toolkit._("Updates that are overdue"), notices.overdue, _counted)
    yield from _section(toolkit._("Harvests that failed"), notices.failed, _run)
    yield from _section(toolkit._("Harvests that met faulty records"), notices.problems, _run)
    yield from _section(toolkit._("Corrections that a harvest dropped"), notices.dropped, _counted)


def _regraded(item: Regraded) -> tuple[str, str]:
    return f"{item.title}: {item.before} -> {item.now}", toolkit.url_for("dataset.read", id=item.name, _external=True)


def _counted(item: Counted) -> tuple[str, str]:
    number = f" ({item.number})" if item.number > 1 else ""
    return f"{item.title}{number}", toolkit.url_for("dataset.read", id=item.name, _external=True)


def _run(item: Run) -> tuple[str, str]:
    told = f" ({item.number})" if item.number else f": {item.message}" if item.message else ""
    return f"{item.title}{told}", toolkit.url_for("aivision_run.show", id=item.id, _external=True)


def _section(title: str, items: Sequence[Item], describe: Callable[[Item], tuple[str, str]]) -> Iterator[list[str]]:
    if not items:
        return
    lines = [f"{title}: {len(items)}"]
    for item in items[:_NAMED]:
        words, address = describe(item)
        lines += [f"- {' '.join(words.split())}", f"  {address}"]
    if len(items) > _NAMED:
        lines.append(toolkit._("- and {number} more").format(number=len(items) - _NAMED))
    yield lines


def _farewell(page: str) -> str:
    return toolkit._("You get this e-mail once a week because you asked for it. To stop it: {page}").format(page=page)
