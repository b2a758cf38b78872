"""A mail server for tests of what the catalogue sends."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from typing import Any


class Mailbox:
    """A mail server (SMTP, RFC 5321) that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[tuple[list[str], Any]] = []
        mailbox = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self._say("220 mail.example ready")
                to: list[str] = []
                while line := self.rfile.readline().decode().strip():
                    command = line.upper()
                    if command.startswith("RCPT TO:"):
                        to.append(line[8:].strip(" <>").split(">")[0])
                    if command == "DATA":
                        self._say("354 go on")
                        lines = iter(self.rfile.readline, b".\r\n")
                        text = b"".join(one.removeprefix(b".") if one.startswith(b"..") else one for one in lines)
                        mailbox.messages.append((to, email.message_from_bytes(text, policy=email.policy.default)))
                        to = []
                    self._say("221 bye" if command == "QUIT" else "250 OK")

            def _say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self.server.daemon_threads = True

    def texts(self, person: str) -> list[str]:
        """The e-mails that somebody got."""
        return [message.get_content() for to, message in self.messages if to == [f"{person}@rivers.example.gov"]]


@contextlib.contextmanager
def open_mailbox(config: Any, monkeypatch: Any) -> Iterator[Mailbox]:
    """A mail server that CKAN, by its configuration, sends to."""
    found = Mailbox()
    thread = threading.Thread(target=found.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    monkeypatch.setitem(config, "smtp.server", f"127.0.0.1:{found.server.server_address[1]}")
    monkeypatch.setitem(config, "smtp.mail_from", "catalogue@rivers.example.gov")
    try:
        yield found
    finally:
        found.server.shutdown()
        found.server.server_close()
        thread.join(10)
