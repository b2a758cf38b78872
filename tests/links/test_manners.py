"""How hosts are treated: robots.txt, few questions at once, pauses, and an end."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protego import Protego
from tests.examples import share_of
from tests.links.conftest import CSV, QUICK, Serve, answer_of, checked, reply, without_robots

from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.session import PRODUCT
from ckanext.aivision.links.answer import Answer, Target
from ckanext.aivision.links.check import Checker, Manners
from ckanext.aivision.links.first_bytes import form_of, unpacked
from ckanext.aivision.links.hosts import Hosts, host_of


def robots(text: bytes, status: int = 200) -> tuple[list[str], object]:
    asked: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        if request.path == "/robots.txt":
            reply(request, text, status)
        else:
            reply(request, CSV)

    return asked, answer


class TestRobots:
    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            (b"User-agent: *\nDisallow: /\n", "disallowed-by-robots"),
            (b"User-agent: ckanext-aivision\nDisallow: /data\n", "disallowed-by-robots"),
            (b"User-agent: *\nDisallow: /*.csv$\n", "disallowed-by-robots"),
            (b"User-agent: another\nDisallow: /\n", ""),
            (b"User-agent: *\nDisallow: /\nUser-agent: ckanext-aivision\nAllow: /\n", ""),
            (b"User-agent: *\nDisallow: /\nAllow: /data/levels\n", ""),
            (b"<html>no such page</html>", ""),
            (b"\xff\xfe\x00", ""),
        ],
    )
    def test_what_it_keeps_programs_from_is_not_asked_for(self, server: Serve, text: bytes, fault: str) -> None:
        asked, answer = robots(text)
        assert answer_of(server(answer) + "/data/levels.csv").fault == fault
        assert ("/data/levels.csv" in asked) == (fault == "")

    @pytest.mark.parametrize(("status", "fault"), [(404, ""), (403, ""), (500, "disallowed-by-robots")])
    def test_without_one_all_is_allowed_and_a_server_in_trouble_is_left_alone(
        self, server: Serve, status: int, fault: str
    ) -> None:
        _, answer = robots(b"", status)
        assert answer_of(server(answer) + "/x").fault == fault

    def test_it_is_asked_for_once_a_host(self, server: Serve) -> None:
        asked, answer = robots(b"User-agent: *\nDisallow: /private\n")
        base = server(answer)
        found = checked(*(Target(f"{base}/{number}") for number in range(5)), Target(f"{base}/private"))
        assert Counter(asked)["/robots.txt"] == 1
        assert found[f"{base}/private"].fault == "disallowed-by-robots"

    def test_it_counts_for_where_a_redirect_leads_too(self, server: Serve) -> None:
        asked, answer = robots(b"User-agent: *\nDisallow: /\n")
        closed = server(answer)
        url = server(without_robots(lambda request: reply(request, b"", 302, Location=f"{closed}/x")))
        assert answer_of(url).fault == "disallowed-by-robots"
        assert "/x" not in asked

    def test_its_delay_is_kept(self, server: Serve) -> None:
        times: list[float] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            if request.path == "/robots.txt":
                reply(request, b"User-agent: *\nCrawl-delay: 0.6\n")
                return
            if request.command == "HEAD":
                times.append(time.monotonic())
            reply(request, CSV)

        base = server(answer)
        assert len(checked(*(Target(f"{base}/{number}") for number in range(3)))) == 3
        assert all(later - one > 0.5 for one, later in itertools.pairwise(times))

    @settings(max_examples=share_of(50))
    @given(st.text(max_size=100), st.text(max_size=20))
    def test_any_text_can_be_read_as_one(self, text: str, path: str) -> None:
        parsed = Protego.parse(f"User-agent: *\n{text}")
        parsed.can_fetch(f"http://rivers.example.gov/{path}", PRODUCT)
        float(parsed.crawl_delay(PRODUCT) or 0)

    def test_the_user_agent_says_who_we_are_and_asks_for_no_compression(self, server: Serve) -> None:
        seen: list[tuple[str | None, str | None]] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            seen.append((request.headers["User-Agent"], request.headers["Accept-Encoding"]))
            reply(request, CSV)

        answer_of(server(answer))
        assert {agent.split("/")[0] for agent, _ in seen if agent} == {"ckanext-aivision"}
        assert {encoding for _, encoding in seen} == {"identity"}


class TestPauses:
    def test_no_more_than_so_many_questions_of_a_host_are_open_at_once(self, server: Serve) -> None:
        open_now, most, lock = 0, 0, threading.Lock()

        def answer(request: BaseHTTPRequestHandler) -> None:
            nonlocal open_now, most
            with lock:
                open_now += 1
                most = max(most, open_now)
            time.sleep(0.05)
            with lock:
                open_now -= 1
            reply(request, CSV)

        base = server(without_robots(answer))
        manners = msgspec.structs.replace(QUICK, threads=8, at_once=2)
        assert len(checked(*(Target(f"{base}/{number}") for number in range(12)), manners=manners)) == 12
        assert most == 2

    @given(
        st.lists(st.integers(0, 4), min_size=1, max_size=40),
        st.integers(1, 3),
        st.floats(0, 2),
        st.lists(st.booleans(), min_size=40, max_size=40),
    )
    def test_a_host_is_never_asked_more_often_than_it_should_be(
        self, of_host: list[int], at_once: int, pause: float, early: list[bool]
    ) -> None:
        hosts, now = Hosts(at_once, pause), 0.0
        for number, one in enumerate(of_host):
            hosts.add(Target(f"http://h{one}.example/{number}"))
        begun: dict[str, list[float]] = {}
        open_now, answered = [], 0
        while answered < len(of_host):
            while (turn := hosts.take(now)) is not None:
                host, _ = turn
                begun.setdefault(host.name, []).append(now)
                open_now.append(host)
                assert sum(each is host for each in open_now) <= at_once
            if open_now and (early[answered] or hosts.next_turn() is None):
                list(hosts.heard(open_now.pop(0), Answer(), 0, now))
                answered += 1
            now += 0.25
        assert all(later - one >= pause - 1e-9 for times in begun.values() for one, later in itertools.pairwise(times))
        assert sum(map(len, begun.values())) == len(of_host)

    def test_a_busy_host_is_left_alone_for_as_long_as_it_asks(self) -> None:
        hosts = Hosts(2, 0)
        for number in range(3):
            hosts.add(Target(f"http://h.example.gov/{number}"))
        host, _ = hosts.take(0) or pytest.fail("nobody's turn")
        assert hosts.take(0) is None
        list(hosts.heard(host, Answer(fault="too-many-requests", retry_after=90), 0, 1))
        assert hosts.take(90) is None
        assert hosts.take(91) is not None

    def test_a_host_that_is_not_there_is_asked_for_once(self) -> None:
        found = checked(*(Target(f"http://{'a' * 70}.example/{number}") for number in range(20)))
        assert {answer.fault for answer in found.values()} == {"name-not-found"}
        assert len(found) == 20

    def test_a_host_that_is_too_slow_is_left_for_another_day(self) -> None:
        hosts, asked = Hosts(1, 0), 0
        for number in range(9):
            hosts.add(Target(f"http://h.example.gov/{number}"))
        while (turn := hosts.take(0)) is not None:
            asked += 1
            assert list(hosts.heard(turn[0], Answer(fault="timeout"), 0, 0)) == []
        assert asked == 3

    @pytest.mark.parametrize(
        ("url", "host"),
        [
            ("http://Rivers.example.gov/x", "rivers.example.gov"),
            ("https://rivers.example.gov:443/", "rivers.example.gov"),
            ("https://user:key@rivers.example.gov/", "rivers.example.gov"),
            ("http://rivers.example.gov:8080/", "rivers.example.gov:8080"),
            ("http://[1/", ""),
            ("http://rivers.example.gov:99999/", ""),
        ],
    )
    def test_a_host_is_one_however_it_is_written(self, url: str, host: str) -> None:
        assert host_of(url) == host


class TestTheEnd:
    def test_the_time_for_everything_is_kept(self, server: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            time.sleep(0.3)
            reply(request, CSV)

        base = server(without_robots(answer))
        manners = msgspec.structs.replace(QUICK, seconds=1.5, at_once=1)
        found = checked(*(Target(f"{base}/{number}") for number in range(100)), manners=manners)
        assert 0 < len(found) < 100

    def test_a_delay_longer_than_the_time_left_ends_it_at_once(self, server: Serve) -> None:
        _, answer = robots(b"User-agent: *\nCrawl-delay: 100000\n")
        base = server(answer)
        # pytest's own limit is shorter than that delay.
        assert len(checked(Target(f"{base}/1"), Target(f"{base}/2"))) == 1

    def test_nothing_goes_on_after_an_interruption(self, server: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            if request.path == "/slow":
                ended.wait(600)
            reply(request, CSV)

        ended = threading.Event()
        base = server(without_robots(answer))
        # Whoever waits for the slow answer waits beyond pytest's own limit.
        manners = Manners(threads=4, pause=0, limits=Limits(connect=600, read=600, total=600, retries=0))

        def interrupted() -> None:
            with Checker(manners, ["127.0.0.1"]) as checker:
                for _ in checker.check([Target(f"{base}/quick"), Target(f"{base}/slow")]):
                    time.sleep(0.3)
                    raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        ended.set()
        assert [thread.name for thread in threading.enumerate() if thread.name == "aivision-links"] == []


class TestFirstBytes:
    @pytest.mark.parametrize(
        ("data", "form"),
        [
            (b"<!DOCTYPE html><html>", "html"),
            (b"\xef\xbb\xbf\r\n <HTML lang=en>", "html"),
            ('<!doctype html>\n<title>"é"'.encode("utf-16"), "html"),
            (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">', "html"),
            (b"<!-- a comment --><html>", "html"),
            (b'<?xml version="1.0"?><gml:FeatureCollection>', "other"),
            (b'{"title": "<html>"}', "other"),
            (b"<abbreviations><row/></abbreviations>", "other"),
            (b"a,b\n<p>,1\n", "other"),
            (b"PK\x03\x04", "other"),
            (b"", ""),
            (b" \n", ""),
        ],
    )
    def test_a_page_is_told_from_data(self, data: bytes, form: str) -> None:
        assert form_of(data) == form

    @given(st.binary(max_size=6000), st.sampled_from(["", "gzip", "deflate", "br", "x"]))
    def test_any_bytes_can_be_looked_at(self, data: bytes, encoding: str) -> None:
        assert form_of(unpacked(data, encoding)) in ("", "html", "other")
        assert len(unpacked(data, encoding)) <= max(4096, len(data))
