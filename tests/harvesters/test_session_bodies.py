"""Bodies of replies: how large they may be, how they are packed, and which are JSON."""

from __future__ import annotations

import gzip
import io
import shutil
import tracemalloc
import zlib
from http.server import BaseHTTPRequestHandler

import pytest
from tests.harvesters.session_requests import QUICK, Serve, fetch, reply

from ckanext.aivision.errors import FetchRefused, SourceError
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.session import Session


class TestBodies:
    def test_a_gzipped_body_is_unpacked(self, serve: Serve) -> None:
        content = b"text " * 100_000
        base = serve(lambda request: reply(request, gzip.compress(content), Content_Encoding="gzip"))
        assert fetch(base) == content

    def test_a_gzipped_body_of_several_members_is_unpacked_whole(self, serve: Serve) -> None:
        packed = gzip.compress(b"one ") + gzip.compress(b"two")
        base = serve(lambda request: reply(request, packed, Content_Encoding="gzip"))
        assert fetch(base) == b"one two"

    @pytest.mark.parametrize("content", [b'{"dataset": []}', b"x", b"", b"text " * 100_000])
    def test_a_body_that_is_only_said_to_be_gzipped_is_read_as_it_is(self, serve: Serve, content: bytes) -> None:
        base = serve(lambda request: reply(request, content, Content_Encoding="gzip"))
        if content:
            assert fetch(base) == content

    def test_what_a_proxy_has_changed_is_read(self, serve: Serve) -> None:
        base = serve(lambda request: reply(request, b"text", 203))
        assert fetch(base) == b"text"

    def test_an_address_in_utf_8_that_is_redirected_to_is_followed(self, serve: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            if request.path == "/":
                request.send_response(302)
                request._headers_buffer.append("Location: /données.json\r\n".encode())  # type: ignore[attr-defined]
                request.send_header("Content-Length", "0")
                request.end_headers()
            else:
                reply(request, request.path.encode())

        assert fetch(serve(answer)) == b"/donn%C3%A9es.json"

    @pytest.mark.long
    def test_a_gzip_bomb_is_refused_before_it_unfolds(self, serve: Serve) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        bomb = b"".join(packer.compress(b" " * 2**20) for _ in range(256)) + packer.flush()
        base = serve(lambda request: reply(request, bomb, Content_Encoding="gzip"))
        tracemalloc.start()
        with pytest.raises(FetchRefused, match="200 times its size"):
            fetch(base, Limits(ratio_from=2**20))
        assert tracemalloc.get_traced_memory()[1] < 32 * 2**20
        tracemalloc.stop()

    def test_a_body_larger_than_allowed_is_refused(self, serve: Serve) -> None:
        base = serve(lambda request: reply(request, b"x" * 100_000))
        with pytest.raises(FetchRefused, match="larger than 50,000 bytes"):
            fetch(base, Limits(body=50_000))

    def test_a_body_that_breaks_off_is_read_on_where_it_broke(self, serve: Serve) -> None:
        content = bytes(range(256)) * 2000
        seen: list[int] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            seen.append(1)
            share = content[: 100_000 * len(seen)] if len(seen) < 3 else content
            reply(request, share, Content_Length=str(len(content)))
            request.close_connection = True

        assert fetch(serve(answer)) == content
        assert len(seen) == 3

    def test_a_gzipped_body_that_breaks_off_is_read_on_where_it_broke(self, serve: Serve) -> None:
        content = b"".join(str(number * 7919 % 100_003).encode() for number in range(50_000))
        packed = gzip.compress(content)
        seen: list[int] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            seen.append(1)
            share = packed[: len(packed) // 2] if len(seen) == 1 else packed
            reply(request, share, Content_Encoding="gzip", Content_Length=str(len(share)))

        assert fetch(serve(answer)) == content

    def test_a_body_that_changed_meanwhile_is_not_mixed(self, serve: Serve) -> None:
        seen: list[int] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            seen.append(1)
            content = (b"old" if len(seen) == 1 else b"new") * 50_000
            reply(request, content[:100_000] if len(seen) == 1 else content, Content_Length="150000")
            request.close_connection = True

        with pytest.raises(SourceError, match="has changed since"):
            fetch(serve(answer))

    def test_a_body_that_always_breaks_off_gives_its_beginning_and_then_an_error(self, serve: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            reply(request, b"x" * 1000, Content_Length="2000")
            request.close_connection = True

        taken = io.BytesIO()
        with (
            Session(["127.0.0.1"], QUICK) as session,
            session.stream(serve(answer)) as body,
            pytest.raises(SourceError, match="stopped after 1,000 bytes"),
        ):
            shutil.copyfileobj(body, taken, 100)
        assert taken.getvalue() == b"x" * 1000


class TestJson:
    def test_a_page_that_is_no_json_is_tried_again(self, serve: Serve) -> None:
        answers = iter([b"<html>maintenance</html>", b'{"a": [1', b'{"a": [1]}'])
        base = serve(lambda request: reply(request, next(answers)))
        with Session(["127.0.0.1"], QUICK) as session:
            assert session.json(base) == {"a": [1]}

    def test_a_page_that_stays_no_json_is_an_error(self, serve: Serve) -> None:
        seen: list[str] = []
        base = serve(lambda request: (seen.append(request.path), reply(request, b"<html></html>"))[1])
        with Session(["127.0.0.1"], QUICK) as session, pytest.raises(SourceError, match="the response is not JSON"):
            session.json(base)
        assert len(seen) == 3

    def test_a_key_is_not_sent_on_to_another_host(self, serve: Serve) -> None:
        seen: list[str | None] = []
        other = serve(lambda request: (seen.append(request.headers.get("X-Api-Key")), reply(request, b"[]"))[1])
        first = serve(
            lambda request: (seen.append(request.headers.get("X-Api-Key")), reply(request, b"", 302, Location=other))[1]
        )
        with Session(["127.0.0.1"], QUICK) as session:
            session.json(first, headers={"X-Api-Key": "k"})
        assert seen == ["k", None]

    @pytest.mark.parametrize("status", [404, 503])
    def test_credentials_never_stand_in_errors(self, serve: Serve, status: int) -> None:
        base = serve(lambda request: reply(request, b"", status))
        url = base.replace("http://", "http://user:SECRET@") + "/data.json?api_key=SECRET"
        with Session(["127.0.0.1"], Limits(retries=0)) as session, pytest.raises(SourceError) as caught:
            session.json(url, headers={"X-Api-Key": "SECRET"})
        assert "SECRET" not in str(caught.value)
