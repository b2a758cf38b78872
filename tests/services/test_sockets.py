"""Ports and folders for sockets."""

from __future__ import annotations

import socket
import stat
import tempfile
from pathlib import Path

import pytest

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services.sockets import listening_socket, socket_folder


def test_the_first_port_is_taken_where_it_is_free_and_else_the_next_free_one() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with listening_socket(port) as ours:
            assert port < ours.getsockname()[1] <= port + 100
    with listening_socket(port) as ours:
        assert ours.getsockname() == ("127.0.0.1", port)


def test_a_port_that_one_start_holds_is_not_given_to_another() -> None:
    with listening_socket(20000) as one, listening_socket(20000) as other:
        assert one.getsockname()[1] != other.getsockname()[1]


def test_connections_that_are_still_closing_do_not_move_the_site_to_another_port() -> None:
    with listening_socket(21000) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port), timeout=5)
        accepted, _ = server.accept()
        # Who closes first keeps the port in TIME_WAIT.
        accepted.close()
        client.close()
    with listening_socket(port) as again:
        assert again.getsockname()[1] == port


def test_a_short_and_plain_folder_holds_its_sockets_itself() -> None:
    assert socket_folder(Path("/srv/catalogue/run")) == Path("/srv/catalogue/run")


@pytest.mark.parametrize("name", ["with space", "quote'd", "umlaut-ä", "comma,comma", "per%cent", "x" * 100])
def test_another_folder_gets_a_private_one_with_a_plain_path(tmp_path: Path, name: str) -> None:
    folder = socket_folder(tmp_path / name)
    try:
        assert folder.parent == Path(tempfile.gettempdir())
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(folder / ".s.PGSQL.5432"))
    finally:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def test_what_a_crash_left_in_the_private_folder_is_removed(tmp_path: Path) -> None:
    folder = socket_folder(tmp_path / "a b")
    (folder / "valkey.sock").touch()
    assert list(socket_folder(tmp_path / "a b").iterdir()) == []
    folder.rmdir()


def test_a_link_that_someone_else_laid_there_is_refused(tmp_path: Path) -> None:
    folder = socket_folder(tmp_path / "c d")
    folder.rmdir()
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(ServiceError, match="remove it, or set TMPDIR"):
            socket_folder(tmp_path / "c d")
    finally:
        folder.unlink()
