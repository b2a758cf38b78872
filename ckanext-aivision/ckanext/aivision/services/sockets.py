"""The ports and socket folders of our services."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import socket
import tempfile
from pathlib import Path

from ckanext.aivision.errors import ServiceError

# sun_path has 104 characters at the least (unix(7)); a socket's own name takes some of them.
_LONGEST_FOLDER = 80
# What stands in an address, a command line and CKAN's configuration as it is.
_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")


def listening_socket(first: int) -> socket.socket:
    """A socket listening on a loopback port: `first`, or the next free one above it.

    While it is held, the port is reserved: between finding a free one and serving on it, nobody else can take it.
    Raises ServiceError if 100 ports from `first` on are taken.
    """
    for candidate in range(first, min(first + 100, 65536)):
        opened = socket.socket()
        # Connections of an earlier run may still be closing on the port; the address should stay the same.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind(("127.0.0.1", candidate))
            opened.listen()
        except OSError:
            opened.close()
            continue
        return opened
    raise ServiceError(f"no free port from {first} on; choose another with --port")


def socket_folder(wished: Path) -> Path:
    """A folder for a service's socket: `wished`, where its path is short and plain, else one in a temporary directory.

    The other is named after `wished`, so that a later start finds and empties what a crash left there. Only for who
    holds the data directory's lock. Raises ServiceError if it cannot be ours alone.
    """
    if _suits(wished):
        return wished
    name = f"aivision-{os.getuid()}-{hashlib.sha256(os.fsencode(wished)).hexdigest()[:16]}"
    folder = Path(tempfile.gettempdir()) / name
    if not _suits(folder):
        raise ServiceError(
            f"no usable directory for sockets: the paths of {wished} and TMPDIR are too long or have unusual characters"
        )
    try:
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise ServiceError(f"{folder} cannot be made private ({error}); remove it, or set TMPDIR") from error
    return folder


def _suits(folder: Path) -> bool:
    return len(os.fsencode(folder)) <= _LONGEST_FOLDER and _PLAIN.fullmatch(str(folder)) is not None
