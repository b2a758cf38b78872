"""What an address answers, from servers that really do: the data, and every fault apart from the others."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import msgspec
import pytest
from tests.links.conftest import CSV, PAGE, QUICK, Serve, answer_of, reply, without_robots

LARGE = CSV * 1000


def file_server(request: BaseHTTPRequestHandler) -> None:
    """Serves LARGE, in parts where it is asked to."""
    facts = {"Content_Type": "text/csv; charset=utf-8", "ETag": '"7"', "Last_Modified": "Tue, 24 Nov 2026 10:00:00 GMT"}
    if request.headers["Range"] == "bytes=0-4095":
        reply(request, LARGE[:4096], 206, Content_Range=f"bytes 0-4095/{len(LARGE)}", **facts)
    else:
        reply(request, LARGE, **facts)


class TestWhatIsThere:
    def test_a_file_is_told_with_its_size_type_and_validators(self, server: Serve) -> None:
        found = answer_of(server(without_robots(file_server)) + "/levels.csv")
        assert (found.fault, found.status, found.form) == ("", 206, "other")
        assert (found.media_type, found.byte_size) == ("text/csv", len(LARGE))
        assert (found.etag, found.last_modified) == ('"7"', "Tue, 24 Nov 2026 10:00:00 GMT")
        assert (found.checksum, found.location) == (None, None)

    def test_no_more_than_the_first_bytes_are_fetched(self, server: Serve) -> None:
        asked: list[tuple[str, str | None]] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            asked.append((request.command, request.headers["Range"]))
            file_server(request)

        answer_of(server(without_robots(answer)) + "/levels.csv")
        assert asked == [("HEAD", None), ("GET", "bytes=0-4095")]

    def test_a_checksum_is_that_of_the_whole_file(self, server: Serve) -> None:
        url = server(without_robots(file_server)) + "/levels.csv"
        found = answer_of(url, manners=msgspec.structs.replace(QUICK, checksum_bytes=len(LARGE)))
        assert (found.checksum, found.byte_size) == (hashlib.sha256(LARGE).hexdigest(), len(LARGE))

    def test_a_file_larger_than_the_cap_gets_no_checksum(self, server: Serve) -> None:
        url = server(without_robots(file_server)) + "/levels.csv"
        found = answer_of(url, manners=msgspec.structs.replace(QUICK, checksum_bytes=len(LARGE) - 1))
        assert (found.fault, found.checksum) == ("", None)

    @pytest.mark.parametrize("status", [400, 403, 404, 405, 500, 501, 503])
    def test_a_server_that_refuses_head_is_asked_with_get(self, server: Serve, status: int) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            reply(request, b"", status) if request.command == "HEAD" else file_server(request)

        assert answer_of(server(without_robots(answer)) + "/levels.csv").fault == ""

    def test_where_redirects_lead_is_told(self, server: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            if request.path == "/old":
                reply(request, b"", 301, Location="/new.csv")
            else:
                file_server(request)

        base = server(without_robots(answer))
        found = answer_of(f"{base}/old")
        assert (found.fault, found.location) == ("", f"{base}/new.csv")

    def test_a_file_shorter_than_the_range_is_read_to_its_end(self, server: Serve) -> None:
        found = answer_of(server(without_robots(lambda request: reply(request, CSV))))
        assert (found.fault, found.byte_size) == ("", len(CSV))


class TestStatuses:
    @pytest.mark.parametrize(
        ("status", "fault"),
        [
            (401, "forbidden"),
            (403, "forbidden"),
            (404, "not-found"),
            (410, "not-found"),
            (400, "http-error"),
            (418, "http-error"),
            (304, "http-error"),
            (429, "too-many-requests"),
            (500, "server-error"),
            (503, "server-error"),
            (204, "empty"),
        ],
    )
    def test_each_is_its_own_fault(self, server: Serve, status: int, fault: str) -> None:
        found = answer_of(server(without_robots(lambda request: reply(request, b"", status))))
        assert (found.fault, found.status) == (fault, status)

    def test_what_a_busy_server_asks_us_to_wait_is_told(self, server: Serve) -> None:
        found = answer_of(server(without_robots(lambda request: reply(request, b"", 429, Retry_After="120"))))
        assert (found.fault, found.retry_after) == ("too-many-requests", 120)

    def test_a_busy_server_is_not_asked_twice(self, server: Serve) -> None:
        asked: list[str] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            asked.append(request.command)
            reply(request, b"", 429)

        answer_of(server(without_robots(answer)))
        assert asked == ["HEAD"]


class TestNotTheData:
    @pytest.mark.parametrize("media_type", ["text/html", "text/csv", "application/octet-stream"])
    def test_a_page_is_known_by_its_first_bytes_whatever_it_is_called(self, server: Serve, media_type: str) -> None:
        url = server(without_robots(lambda request: reply(request, PAGE, Content_Type=media_type)))
        assert answer_of(url).fault == "page-instead-of-data"
        assert answer_of(url, gives_data=False).fault == ""

    def test_data_that_are_called_a_page_are_data(self, server: Serve) -> None:
        url = server(without_robots(lambda request: reply(request, CSV, Content_Type="text/html")))
        assert (answer_of(url).fault, answer_of(url).form) == ("", "other")

    @pytest.mark.parametrize(
        ("content", "fault"),
        [
            (b'{"error": {"code": 400, "message": "Invalid URL"}}', "page-instead-of-data"),
            (b'{"help": "https://a", "success": false, "error": {"message": "Not found"}}', "page-instead-of-data"),
            (b'{"error": "not found"}', "page-instead-of-data"),
            (b'{"error": null, "rows": [1]}', ""),
            (b'{"error": {"mean": 0.2, "rows": 3}}', ""),
            (b'[{"error": "0.1"}]', ""),
        ],
    )
    def test_an_error_message_with_status_200_is_no_data(self, server: Serve, content: bytes, fault: str) -> None:
        url = server(without_robots(lambda request: reply(request, content, Content_Type="text/csv")))
        assert answer_of(url).fault == fault
        assert (answer_of(url, gives_data=False).fault, answer_of(url, gives_data=False).detail) == ("", "")

    def test_a_page_is_seen_through_compression(self, server: Serve) -> None:
        packed = gzip.compress(PAGE)
        url = server(without_robots(lambda request: reply(request, packed, Content_Encoding="gzip")))
        assert answer_of(url).fault == "page-instead-of-data"

    def test_a_page_in_an_encoding_that_we_do_not_read_is_known_by_its_type(self, server: Serve) -> None:
        said = {"Content_Encoding": "br", "Content_Type": "text/html; charset=utf-8"}
        url = server(without_robots(lambda request: reply(request, b"\x0b\x05\x80", **said)))
        assert answer_of(url).fault == "page-instead-of-data"

    @pytest.mark.parametrize("place", ["/login?next=/levels.csv", "/sso/SAML2/POST", "/users/sign_in", "/oauth2/auth"])
    def test_a_page_to_log_in_at_is_told_apart(self, server: Serve, place: str) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            if request.path == "/levels.csv":
                reply(request, b"", 302, Location=place)
            else:
                reply(request, PAGE)

        place = place.replace("sign_in", "sign-in")
        assert answer_of(server(without_robots(answer)) + "/levels.csv").fault == "login-page"

    @pytest.mark.parametrize("status", [200, 206, 416])
    def test_an_empty_file_is_empty_however_it_is_served(self, server: Serve, status: int) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            said = {"Content_Range": "bytes */0"} if status == 416 else {}
            reply(request, b"", 200 if request.command == "HEAD" else status, **said)

        found = answer_of(server(without_robots(answer)))
        assert (found.fault, found.byte_size) == ("empty", 0)

    def test_a_server_that_cannot_do_parts_is_asked_for_the_whole(self, server: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            reply(request, CSV, 416 if request.headers["Range"] else 200)

        assert answer_of(server(without_robots(answer))).fault == ""


class TestConnections:
    @pytest.mark.parametrize("host", ["no-such-host.invalid", f"{'a' * 70}.example"])
    def test_a_name_that_does_not_resolve(self, host: str) -> None:
        found = answer_of(f"http://{host}/levels.csv")
        # A machine whose resolver does not answer cannot know.
        assert found.fault == "name-not-found" or (found.fault == "lookup-failed" and host.endswith("invalid"))

    def test_a_port_where_nobody_listens(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        assert answer_of(f"http://127.0.0.1:{port}/").fault == "refused"

    @pytest.mark.long
    def test_a_server_that_takes_the_connection_and_says_nothing(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            assert answer_of(f"http://127.0.0.1:{silent.getsockname()[1]}/").fault == "timeout"

    def test_a_server_that_hangs_up(self, server: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.connection.shutdown(socket.SHUT_RDWR)
            request.close_connection = True

        assert answer_of(server(without_robots(answer))).fault == "connection"

    @pytest.mark.long
    def test_a_certificate_that_nobody_vouches_for(self, secure: str) -> None:
        assert answer_of(secure).fault == "tls"

    def test_a_redirect_that_never_ends(self, server: Serve) -> None:
        url = server(without_robots(lambda request: reply(request, b"", 302, Location=request.path)))
        assert answer_of(url).fault == "redirects"

    @pytest.mark.parametrize("place", ["http://10.0.0.1/x", "http://169.254.169.254/latest", "file:///etc/passwd"])
    def test_a_redirect_to_where_we_do_not_go(self, server: Serve, place: str) -> None:
        url = server(without_robots(lambda request: reply(request, b"", 302, Location=place)))
        assert answer_of(url).fault == "not-allowed"

    @pytest.mark.parametrize("url", ["ftp://rivers.example.gov/x", "http:///x", "http://[1/", "http://10.1.2.3/", "x"])
    def test_an_address_that_we_do_not_fetch(self, url: str) -> None:
        assert answer_of(url).fault == "not-allowed"


class TestHostile:
    """Each within the two seconds that one request may take, and little memory."""

    @pytest.mark.long
    def test_headers_that_drip(self, server: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(100):
                request.wfile.write(f"X-{number}: ".encode())
                time.sleep(0.2)

        assert answer_of(server(without_robots(answer))).fault == "timeout"

    @pytest.mark.long
    @pytest.mark.parametrize("checksum_bytes", [0, 10**9])
    def test_a_body_that_drips(self, server: Serve, checksum_bytes: int) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            reply(request, b"", Content_Length="100000")
            for _ in range(100 if request.command == "GET" else 0):
                request.wfile.write(b"1,")
                time.sleep(0.2)

        found = answer_of(
            server(without_robots(answer)), manners=msgspec.structs.replace(QUICK, checksum_bytes=checksum_bytes)
        )
        # Something came: the address answers. How much there is stays unknown.
        assert (found.fault, found.byte_size, found.checksum) == ("", None, None)

    def test_a_body_without_end(self, server: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Connection", "close")
            request.end_headers()
            while request.command == "GET":
                request.wfile.write(b"1," * 1000)

        url = server(without_robots(answer))
        assert answer_of(url).byte_size is None
        found = answer_of(url, manners=msgspec.structs.replace(QUICK, checksum_bytes=10**6))
        assert (found.fault, found.checksum, found.byte_size) == ("", None, None)

    @pytest.mark.parametrize("length", ["999999999999", "-5", "many", "9" * 40, "²"])
    def test_a_length_that_is_not_true_is_not_believed(self, server: Serve, length: str) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Length", length)
            request.send_header("Connection", "close")
            request.end_headers()
            request.close_connection = True
            if request.command == "GET":
                request.wfile.write(CSV)

        found = answer_of(server(without_robots(answer)))
        assert found.byte_size in (None, len(CSV))

    @pytest.mark.long
    def test_a_bomb_is_not_unpacked(self, server: Serve) -> None:
        bomb = gzip.compress(b"\x00" * 50_000_000)
        said = {"Content_Encoding": "gzip", "Content_Type": "text/csv"}
        url = server(without_robots(lambda request: reply(request, bomb, **said)))
        found = answer_of(url, manners=msgspec.structs.replace(QUICK, checksum_bytes=10**9))
        assert (found.fault, found.byte_size, found.checksum) == ("", None, None)


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[str]:
    """An HTTPS server whose certificate is its own."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=local"]
    subprocess.run([openssl, *words, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        stop = threading.Event()

        def accept() -> None:
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    context.wrap_socket(listening.accept()[0], server_side=True).close()

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}/"
        stop.set()
        thread.join(10)
