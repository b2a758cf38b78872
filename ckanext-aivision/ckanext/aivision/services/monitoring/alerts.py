"""E-mails to the operator: a harvest that is stuck, or a snapshot that is stale. At most one a day for each."""

from __future__ import annotations

import datetime
import logging
import smtplib
from typing import NamedTuple

import ckan.model as model
import sqlalchemy as sa
from ckan.lib.mailer import MailerException, mail_recipient
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit

from ckanext.aivision.harvesters.http.clock import CLOCK, Clock
from ckanext.aivision.services.doctor.figures import stale_snapshot
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.dated_folders import moment

# No sign of life for so long; a scheduled one would have been resumed within minutes.
STUCK_AFTER = datetime.timedelta(hours=1)
_AGAIN_AFTER = 24 * 3600
_RETRY_AFTER = 3600
_STUCK = sa.text("""
    SELECT source, coalesce(heartbeat, started) AS heartbeat FROM aivision_run
    WHERE state = 'running' AND coalesce(heartbeat, started) < :before ORDER BY source
""")
_log = logging.getLogger(__name__)


class Alert(NamedTuple):
    """key: what it is about. text: what happened and what to do."""

    key: str
    text: str


def send_alerts(clock: Clock = CLOCK) -> int:
    """Sends one e-mail with what is new to the address of `ckanext.aivision.alert_email`, and returns how many alerts.

    It is sent here and not by a job, as the workers may be what has stopped. If it cannot be sent, the log says so, and
    it is tried again an hour later.
    """
    addresses = toolkit.config.get("ckanext.aivision.alert_email") or []
    if not addresses:
        return 0
    redis, prefix = connect_to_redis(), f"{toolkit.config['ckan.site_id']}:aivision-alert:"
    claimed = [alert for alert in find_alerts(clock) if redis.set(prefix + alert.key, 1, nx=True, ex=_AGAIN_AFTER)]
    if not claimed:
        return 0
    site = toolkit.config["ckan.site_title"]
    subject = f"{site}: {'1 thing needs' if len(claimed) == 1 else f'{len(claimed)} things need'} attention"
    body = "\n\n".join([*(alert.text for alert in claimed), "`ckan aivision doctor` checks the whole installation."])
    try:
        if not toolkit.config.get("smtp.mail_from"):
            raise MailerException("smtp.mail_from is not set")
        for address in addresses:
            mail_recipient(address, address, subject, body)
    except (MailerException, smtplib.SMTPException, OSError) as error:
        _log.warning("an alert could not be sent (%s); it is tried again in an hour", error)
        for alert in claimed:
            redis.expire(prefix + alert.key, _RETRY_AFTER)
        return 0
    return len(claimed)


def find_alerts(clock: Clock) -> list[Alert]:
    """What needs attention now."""
    before = (clock.now() - STUCK_AFTER).replace(tzinfo=None)
    found = [
        Alert(
            f"run:{row.source}",
            f"The harvest of {row.source} has shown no activity since {row.heartbeat:%Y-%m-%d %H:%M} UTC. See that "
            f"a job worker runs (`ckan jobs worker`), then harvest again: it continues from there.",
        )
        for row in model.Session.execute(_STUCK, {"before": before})
    ]
    model.Session.rollback()
    if (newest := stale_snapshot(clock)) is not None:
        state, since = read.files().state(), f"{moment(newest):%Y-%m-%d %H:%M} UTC"
        reason = f" The last attempt failed: {state.problem}." if state is not None and state.problem else ""
        found.append(
            Alert(
                "snapshot",
                f"Datasets have changed, and the newest snapshot is of {since}.{reason} See that a worker takes the "
                "queue aivision-snapshot, or run `ckan aivision snapshot`, which shows errors.",
            )
        )
    return found
