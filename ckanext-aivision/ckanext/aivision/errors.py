"""What can go wrong, and whose fault it is.

    AivisionError            everything this project raises on purpose; its text is for a user, on one line
      SourceError            a source cannot be read any further: stop this source, keep what was read
        FetchRefused         an address we will not fetch (private network, scheme, size)
          NotPublic          its host is not on the public Internet
      UsageError             the command or the configuration is wrong: say what to do, exit status 2
      RunCancelled           somebody asked a run to stop
      ServiceError           a service of ours (PostgreSQL, Valkey, Solr, CKAN) does not start or answer
        Outage               it broke off, or its disk is full: the same work can go on when that is over

A fault of one record is not an exception: it is a `Problem`, collected beside the record, and the run goes on.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something wrong with one record.

    code: what kind of fault, in kebab case (`title-missing`).
    where: a JSON path into the source document (`$.dataset[17].license`).
    message: one sentence: what was seen and what to do about it.
    severity: `error` when the record was refused, `warning` when it was taken with a repair.
    seen: the offending value, shortened to 200 characters.
    """

    code: str
    where: str
    message: str
    severity: Severity = "warning"
    seen: str = ""


class AivisionError(Exception):
    """Base of everything raised on purpose. `str(error)` is one line that a user can act on."""


class SourceError(AivisionError):
    """A source cannot be read (any further): wrong format, truncated, refused, out of reach."""


class FetchRefused(SourceError):
    """An address that must not be fetched, or an answer larger or slower than allowed."""


class NotPublic(FetchRefused):
    """A host that is not on the public Internet. `str(error)` is for everybody.

    advice: where it is and what to do, for the person who runs this program. Nobody else may learn about our network.
    """

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


class UsageError(AivisionError):
    """The command line, the configuration or an input file is wrong in a way its author can mend."""


class RunCancelled(AivisionError):
    """A run must stop: somebody asked for it."""


class ServiceError(AivisionError):
    """PostgreSQL, Valkey, Solr or CKAN did not start or does not answer."""


class Outage(ServiceError):
    """The database or Solr broke off in the middle of work. What was stored is kept, and the work can be run again."""
