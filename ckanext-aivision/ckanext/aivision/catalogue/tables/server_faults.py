"""What the errors of the database, of Solr and of the disk mean to an operator, and what to do about each."""

from __future__ import annotations

import errno
import re

from sqlalchemy.exc import InterfaceError, OperationalError, PendingRollbackError, SQLAlchemyError

from ckanext.aivision.errors import Outage

# What SQLAlchemy raises when the database is away, has ended the connection, or has no room.
DATABASE_AWAY = (InterfaceError, OperationalError, PendingRollbackError)
# PostgreSQL, appendix A: classes of SQLSTATE.
_DISK_FULL, _TOO_MANY_CONNECTIONS, _READ_ONLY = "53100", "53300", "25006"
_FULL_CODES = (errno.ENOSPC, errno.EDQUOT)
_FULL = re.compile(r"No space left on device|Disk quota exceeded", re.IGNORECASE)
# Of what Solr says, its reason is enough.
_LONGEST = 300


def describe_database(error: SQLAlchemyError) -> str:
    """What happened to the database and what to do, as a part of a sentence."""
    cause = getattr(error, "orig", None) or error
    said, code = (str(cause) or type(cause).__name__).splitlines()[0], getattr(cause, "pgcode", None)
    if code == _DISK_FULL or _FULL.search(said):
        return f"the disk of the database is full ({said}); free space on it"
    if code == _TOO_MANY_CONNECTIONS:
        return f"the database has no connection left ({said}); raise its max_connections, or run fewer workers"
    if code == _READ_ONLY:
        return f"the database takes no changes ({said}); look whether it is a standby server"
    return f"the connection to the database was lost ({said}); see that the database runs"


def describe_solr(said: str) -> str:
    """What happened to Solr and what to do, as a part of a sentence. said: the error that its client raised."""
    reason = " ".join(said.split())[:_LONGEST]
    if _FULL.search(said):
        return f"the disk of Solr is full ({reason}); free space on it, then restart Solr"
    if "IndexWriter is closed" in said:
        return f"Solr has closed its index ({reason}); see its log for the reason, such as a full disk, then restart it"
    if "Failed to connect" in said or "timed out" in said:
        return f"Solr does not answer ({reason}); see that it runs"
    return f"Solr does not accept documents ({reason}); see its log"


def describe_storage(error: OSError) -> str:
    """What happened to a disk and what to do, as a part of a sentence."""
    where = f" at {error.filename}" if error.filename else ""
    if error.errno in _FULL_CODES:
        return f"the disk is full{where}; free space on it"
    if isinstance(error, PermissionError):
        return f"no permission to write{where}; let the user that runs CKAN write there"
    return f"it cannot be written{where}: {error.strerror or error}"


def is_disk_full(error: BaseException) -> bool:
    """Whether an error of a disk, or of what writes to it, is for want of space."""
    return (isinstance(error, OSError) and error.errno in _FULL_CODES) or bool(_FULL.search(str(error)))


def database_outage(error: SQLAlchemyError) -> Outage:
    """The error to raise where the database broke off."""
    return Outage(f"{describe_database(error)}. What was stored is kept: run it again, and it continues from there")
