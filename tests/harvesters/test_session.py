"""One guarded way to HTTP: what it fetches, what it refuses, how it waits, and where it gives up."""

from __future__ import annotations

import email.utils
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.harvesters.session_requests import Serve, fetch, reply

from ckanext.aivision import __version__
from ckanext.aivision.errors import FetchRefused, NotPublic, SourceError
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.normalise.web import ip_addresses

# Of the special-purpose registries, of clouds, and of IPv4 inside of IPv6: the first, the last or one between.
NOT_PUBLIC = """
0.1.2.3 10.255.255.255 100.100.100.200 127.0.0.1 168.63.129.16 169.254.169.254 172.31.255.255 192.0.0.9 192.0.0.192
192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1
203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:168.63.129.16 ::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8
64:ff9b::7f00:1 64:ff9b::a83f:8110 64:ff9b::c000:c0 64:ff9b:1::1 64:ff9b:1:ffff::808:808 100::1 100:0:0:1::1
2001::1 2001:0:808:808:: 2001:2::1 2001:10::1 2001:20::1 2001:1ff::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::
2002:a83f:8110:: 2620:4f:8000::1 2a00:1450::5efe:7f00:1 2a00:1450::200:5efe:a00:1 3ffe::1 3fff::1 3fff:fff::1 4000::1
5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 feff::1 ff02::1 ff0e::1
""".split()  # noqa: SIM905 - as a table it can be read
PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 168.63.129.15 168.63.129.17 169.253.255.255
172.15.255.255 172.32.0.1 192.0.1.1 192.0.3.1 192.167.255.255 198.17.255.255 198.20.0.1 203.0.114.1 223.255.255.255
2000::1 2001:200::1 2001:4860:4860::8888 2001:db7::1 2002:808:808::1 2606:4700::1111 2620:4f:8001::1 3ffd::1
3fff:1000::1 64:ff9b::808:808 ::ffff:8.8.8.8 2a00:1450::5efe:808:808
""".split()  # noqa: SIM905 - as a table it can be read


class TestGuard:
    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1/",
            "http://localhost/",
            "http://[::1]/",
            "http://10.0.0.1/",
            "http://192.168.1.1/",
            "http://172.16.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/",
            "http://[fe80::1]/",
            "http://100.64.0.1/",
            "http://0.0.0.0/",
            "http://224.0.0.1/",
            "http://[::ffff:127.0.0.1]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[2002:7f00:1::]/",
            "http://2130706433/",
            "http://0x7f.1/",
        ],
    )
    def test_private_addresses_in_any_spelling_are_refused(self, url: str) -> None:
        with pytest.raises(NotPublic, match="is not on the public Internet"):
            fetch(url, allow=())

    @pytest.mark.parametrize(
        "url", ["ftp://a.gov/x", "file:///etc/passwd", "gopher://a.gov", "//a.gov", "http:///x", "x"]
    )
    def test_only_http_is_fetched(self, url: str) -> None:
        with pytest.raises(FetchRefused, match="only http and https"):
            fetch(url)

    @pytest.mark.parametrize("url", ["http://a..gov/", f"http://{'a' * 70}.gov/", "http://a.gov:99999/", "http://[1/"])
    def test_an_address_that_is_none_is_an_error_in_one_line(self, url: str) -> None:
        with pytest.raises(SourceError) as caught:
            fetch(url, Limits(retries=0))
        assert "\n" not in str(caught.value)

    def test_a_name_with_one_private_address_among_public_ones_is_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def resolving(host: str, port: int, **_: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("8.8.8.8", "10.0.0.7")]

        monkeypatch.setattr(socket, "getaddrinfo", resolving)
        with pytest.raises(NotPublic) as caught:
            fetch("http://portal.example/")
        assert "10.0.0.7" not in str(caught.value)
        assert "10.0.0.7" in caught.value.advice

    def test_the_address_that_was_checked_is_the_one_connected_to(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []
        connected: list[Any] = []

        def rebinding(host: str, port: int, **_: Any) -> list[Any]:
            # Public when it is checked, private ever after.
            asked.append(host)
            ip = "8.8.8.8" if len(asked) == 1 else "127.0.0.1"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

        def connecting(self: socket.socket, address: Any) -> None:
            connected.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        monkeypatch.setattr(socket.socket, "connect", connecting)
        with pytest.raises(SourceError):
            fetch("http://portal.example/", Limits(retries=0))
        assert asked == ["portal.example"]
        assert connected == [("8.8.8.8", 80)]

    def test_every_redirect_is_checked(self, serve: Serve) -> None:
        base = serve(lambda request: reply(request, b"", 302, Location="http://169.254.169.254/latest/meta-data/"))
        with pytest.raises(NotPublic, match=r"169\.254\.169\.254: is not on the public Internet"):
            fetch(base)

    def test_a_redirect_to_another_scheme_is_refused(self, serve: Serve) -> None:
        base = serve(lambda request: reply(request, b"", 302, Location="file:///etc/passwd"))
        with pytest.raises(FetchRefused, match="only http and https"):
            fetch(base)

    def test_an_allowed_host_and_port_lets_through_that_port_alone(self, serve: Serve) -> None:
        base = serve(lambda request: reply(request, b"here"))
        port = base.rpartition(":")[2]
        assert fetch(base, allow=(f"127.0.0.1:{port}",)) == b"here"
        with pytest.raises(NotPublic) as caught:
            fetch(base, allow=("127.0.0.1:1",))
        assert f"--allow-host 127.0.0.1:{port}" in caught.value.advice

    def test_where_a_host_is_goes_into_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(NotPublic):
            fetch("http://localhost:1/", allow=())
        assert "localhost: is at the private address" in caplog.text
        assert "ckanext.aivision.allow_hosts" in caplog.text

    @pytest.mark.parametrize("address", NOT_PUBLIC)
    def test_addresses_of_special_purpose_are_not_public(self, address: str) -> None:
        assert not ip_addresses.is_public(ipaddress.ip_address(address))

    @pytest.mark.parametrize("address", PUBLIC)
    def test_addresses_beside_them_are_public(self, address: str) -> None:
        assert ip_addresses.is_public(ipaddress.ip_address(address))

    @given(st.ip_addresses())
    def test_what_is_public_is_global_and_carries_nothing_private(self, ip: Any) -> None:
        if ip_addresses.is_public(ip):
            assert ip.is_global
            assert not ip.is_multicast

    @given(st.ip_addresses(v=4))
    def test_an_address_inside_another_is_judged_as_itself(self, ip: ipaddress.IPv4Address) -> None:
        nat64 = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(ip))
        six_to_four = ipaddress.IPv6Address((0x2002 << 112) + (int(ip) << 80))
        for wrapped in (nat64, six_to_four, ipaddress.IPv6Address(f"::ffff:{ip}")):
            assert ip_addresses.is_public(ip) or not ip_addresses.is_public(wrapped)

    def test_a_proxy_of_the_environment_is_not_used(self, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []
        proxy = serve(lambda request: (asked.append(request.path), reply(request, b"proxied"))[1])
        direct = serve(lambda request: reply(request, b"direct"))
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert fetch(direct) == b"direct"
        assert asked == []


class TestTls:
    @pytest.fixture
    def secure(self, tmp_path: Path) -> Iterator[tuple[str, Path]]:
        """An HTTPS server with a certificate of its own for 127.0.0.1; gives its address and the certificate."""
        openssl = shutil.which("openssl")
        if openssl is None:
            pytest.skip("no openssl to make a certificate with")
        key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
        words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=local"]
        words += ["-addext", "subjectAltName=IP:127.0.0.1"]
        subprocess.run([openssl, *words, "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)

        class Here(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                reply(self, b"securely")

            def log_message(self, *_: object) -> None:
                pass

        with HTTPServer(("127.0.0.1", 0), Here) as server:
            server.socket = context.wrap_socket(server.socket, server_side=True)
            server.handle_error = lambda *_: None  # type: ignore[method-assign]
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            yield f"https://127.0.0.1:{server.server_address[1]}/", certificate
            server.shutdown()
            thread.join(10)

    @pytest.mark.long
    def test_a_certificate_nobody_vouches_for_is_refused(self, secure: tuple[str, Path]) -> None:
        with pytest.raises(SourceError, match="certificate cannot be verified"):
            fetch(secure[0], Limits(retries=0))

    @pytest.mark.long
    def test_the_operator_can_name_whom_to_trust(
        self, secure: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(secure[1]))
        assert fetch(secure[0]) == b"securely"


class TestManners:
    def test_it_says_who_it_is(self, serve: Serve) -> None:
        base = serve(lambda request: reply(request, (request.headers["User-Agent"] or "").encode()))
        assert fetch(base).decode().startswith(f"ckanext-aivision/{__version__} ")

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_a_passing_fault_is_tried_again(self, serve: Serve, status: int) -> None:
        answers = iter([status, status, 200])
        base = serve(lambda request: reply(request, b"at last", next(answers)))
        assert fetch(base) == b"at last"

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
    def test_a_lasting_fault_is_told_at_once(self, serve: Serve, status: int) -> None:
        seen: list[str] = []
        base = serve(lambda request: (seen.append(request.path), reply(request, b"", status))[1])
        with pytest.raises(SourceError, match=f"the server responded with {status}"):
            fetch(base)
        assert len(seen) == 1

    def test_it_gives_up_after_the_stated_number_of_tries(self, serve: Serve) -> None:
        seen: list[str] = []
        base = serve(lambda request: (seen.append(request.path), reply(request, b"", 503))[1])
        with pytest.raises(SourceError, match="responded with 503; tried 3 times"):
            fetch(base)
        assert len(seen) == 3

    def test_it_waits_longer_each_time_and_not_as_long_as_others(self, short_pauses: Callable[[int], float]) -> None:
        for attempt, longest in enumerate((0.5, 1, 2, 4, 8, 8, 8), 1):
            waits = {short_pauses(attempt) for _ in range(20)}
            assert longest / 2 <= min(waits) < max(waits) <= longest

    @pytest.mark.parametrize("form", ["seconds", "date"])
    def test_it_waits_as_long_as_it_is_asked_to(self, serve: Serve, form: str) -> None:
        times: list[float] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            times.append(time.monotonic())
            soon = email.utils.formatdate(time.time() + 2, usegmt=True)
            reply(request, b"", 429 if len(times) == 1 else 200, Retry_After="1" if form == "seconds" else soon)

        fetch(serve(answer), Limits(retries=1, longest_wait=5))
        assert times[1] - times[0] >= 0.9

    def test_it_waits_no_longer_than_its_own_limit(self, serve: Serve) -> None:
        answers = iter([429, 200])
        base = serve(lambda request: reply(request, b"", next(answers), Retry_After="86400"))
        # A day would be longer than pytest's own limit.
        fetch(base, Limits(retries=1, longest_wait=0.2))

    def test_a_connection_that_is_reset_is_made_again(self, serve: Serve) -> None:
        count = iter(range(9))

        def answer(request: BaseHTTPRequestHandler) -> None:
            if next(count) == 0:
                request.close_connection = True
                request.connection.shutdown(socket.SHUT_RDWR)
            else:
                reply(request, b"whole")

        assert fetch(serve(answer)) == b"whole"

    def test_a_server_that_does_not_answer_is_left(self, serve: Serve) -> None:
        base = serve(lambda request: time.sleep(3))
        with pytest.raises(SourceError, match="too slow"):
            fetch(base, Limits(read=0.3, retries=0))

    def test_a_server_that_drips_is_left_after_the_total_time(self, serve: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Length", "1000000")
            request.end_headers()
            for _ in range(100):
                request.wfile.write(b"x")
                request.wfile.flush()
                time.sleep(0.1)

        with pytest.raises(FetchRefused, match="took longer than 1 s"):
            fetch(serve(answer), Limits(total=1, retries=0))

    def test_a_server_that_drips_its_headers_is_left_after_the_total_time(self, serve: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            for _ in range(100):
                request.wfile.write(b"X")
                request.wfile.flush()
                time.sleep(0.1)

        base = serve(answer)
        with pytest.raises(SourceError, match="tried 1 times"):
            fetch(base, Limits(total=1, read=5, retries=3))
        assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]

    def test_redirects_are_followed_up_to_a_limit(self, serve: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            left = int(request.path.strip("/"))
            reply(request, b"there", **({} if left == 0 else {"status": 302, "Location": f"/{left - 1}"}))

        base = serve(answer)
        assert fetch(f"{base}/5") == b"there"
        with pytest.raises(SourceError, match="more than 5 redirects"):
            fetch(f"{base}/6")
