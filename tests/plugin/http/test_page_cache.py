"""A page of the comparison is drawn once for all visitors who are not logged in, and never shown when it is not theirs
or not true any more."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import template_rendered
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.views.web.page_cache import Page, PageCache

HOME, COMPARISON, CRITERION = "/", "/best-practice", "/best-practice/criteria/licence-open"
PAGES = (HOME, "/about", COMPARISON, CRITERION, "/best-practice/agencies", "/best-practice/brief?country=GB")
TOKEN = re.compile(r'<meta name="_csrf_token" content="([^"]+)"')
EXAMPLE = re.compile(r'href="/dataset/([\w-]+)#ai-readiness"')
HIT, DRAWN = "ckanext-aivision; hit", "ckanext-aivision; fwd=miss; stored"
PASSWORD = "correct horse battery staple"

pytestmark = pytest.mark.usefixtures("figures_of_two")


@pytest.fixture
def visitor(ckan_application: Any) -> Callable[[], Any]:
    """Somebody who has not been here before, with a browser of their own."""
    return lambda: ckan_application.test_client()


@pytest.fixture
def drawn(ckan_application: Any) -> Iterator[list[str]]:
    """The templates that were drawn."""
    found: list[str] = []

    def note(sender: Any, template: Any, **more: Any) -> None:
        found.append(template.name)

    with template_rendered.connected_to(note, ckan_application):
        yield found


@pytest.fixture
def act(ckan_application: Any) -> Callable[..., Any]:
    """Calls an action as the site does, and ends what belongs to it before anybody opens a page."""
    from ckan.plugins import toolkit

    def call(action: str, **data: Any) -> Any:
        with ckan_application.test_request_context():
            admin = {
                "ignore_auth": True,
                "user": toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"],
            }
            return toolkit.get_action(action)(admin, data)

    return call


@pytest.fixture
def account(act: Callable[..., Any]) -> str:
    """The name of a user with `PASSWORD`."""
    name = f"person-{uuid.uuid4().hex[:8]}"
    act("user_create", name=name, email=f"{name}@rivers.example.gov", password=PASSWORD)
    return name


@pytest.fixture
def rebuilt(ckan_application: Any) -> Callable[[], str]:
    """Builds a snapshot and gives its moment."""
    import time

    from ckanext.aivision.snapshot.build import build

    def make() -> str:
        # Its name is a moment in seconds.
        time.sleep(1)
        with ckan_application.test_request_context():
            return f"{build().made:%Y-%m-%dT%H:%M:%SZ}"

    return make


def without_token(answer: Any) -> str:
    return TOKEN.sub("", answer.get_data(as_text=True))


@pytest.mark.parametrize("path", PAGES)
def test_the_second_visitor_gets_the_same_page_with_a_token_of_their_own(
    visitor: Any, drawn: list[str], path: str
) -> None:
    first = visitor().get(path)
    drawn.clear()
    second = visitor().get(path)
    assert drawn == []
    assert (first.status_code, second.status_code) == (200, 200)
    assert without_token(second) == without_token(first)
    tokens = [TOKEN.findall(answer.get_data(as_text=True)) for answer in (first, second)]
    assert all(len(some) == 1 for some in tokens)
    assert tokens[0] != tokens[1]
    assert "Set-Cookie" in second.headers


@pytest.mark.parametrize("path", [COMPARISON, "/best-practice.json"])
def test_who_has_the_page_is_told_that_it_is_still_the_same(visitor: Any, path: str) -> None:
    browser = visitor()
    page = browser.get(path)
    again = browser.get(path, headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["ETag"] == page.headers["ETag"]
    assert browser.get(path, headers={"If-None-Match": 'W/"another"'}).status_code == 200
    assert {"Cookie", "Authorization"} <= set(page.vary)


def test_a_page_may_be_kept_by_the_visitors_browser_alone_which_asks_each_time(visitor: Any) -> None:
    for _ in range(2):
        directives = visitor().get(COMPARISON).cache_control
        assert (directives.private, directives.no_cache, directives.public) == (True, True, False)


def test_the_head_of_a_page_is_that_of_the_page(visitor: Any) -> None:
    head, page = visitor().head(COMPARISON), visitor().get(COMPARISON)
    assert head.get_data() == b""
    assert page.get_data()
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == page.headers[name]


def test_who_logs_in_and_out_gets_the_page_of_each(visitor: Any, account: str) -> None:
    browser = visitor()
    anonymous = browser.get(HOME)
    browser.post("/user/login", data={"login": account, "password": PASSWORD})
    own = browser.get(HOME, headers={"If-None-Match": anonymous.headers["ETag"]})
    text = own.get_data(as_text=True)
    assert own.status_code == 200
    assert account in text
    assert "ETag" not in own.headers
    assert account not in visitor().get(HOME).get_data(as_text=True)
    browser.post("/user/_logout", data={"_csrf_token": TOKEN.findall(text)[0]})
    assert account not in browser.get(HOME).get_data(as_text=True)


def test_a_program_with_a_token_is_shown_its_own_page(visitor: Any, act: Callable[..., Any], account: str) -> None:
    token = act("api_token_create", user=account, name="test")["token"]
    visitor().get(HOME)
    assert account in visitor().get(HOME, headers={"Authorization": token}).get_data(as_text=True)
    assert account not in visitor().get(HOME).get_data(as_text=True)


def test_a_message_is_shown_to_its_visitor_once_and_to_nobody_else(visitor: Any) -> None:
    visitor().get(COMPARISON)
    browser = visitor()
    with browser.session_transaction() as session:
        session["_flashes"] = [("alert-info", "Your river was saved")]
    shown = [answer.get_data(as_text=True) for answer in (browser.get(COMPARISON), browser.get(COMPARISON))]
    assert ["Your river was saved" in text for text in shown] == [True, False]
    assert "Your river was saved" not in visitor().get(COMPARISON).get_data(as_text=True)


def test_who_sends_cookies_that_are_not_ours_gets_a_page_drawn_for_them(visitor: Any, drawn: list[str]) -> None:
    visitor().get(COMPARISON)
    browser = visitor()
    browser.set_cookie("consent", "none")
    drawn.clear()
    assert "ETag" not in browser.get(COMPARISON).headers
    assert drawn


def test_a_new_snapshot_gives_new_pages_at_once(visitor: Any, rebuilt: Callable[[], str]) -> None:
    old = visitor().get("/best-practice.json").json["as_of"]
    _, page = visitor().get(COMPARISON), visitor().get(COMPARISON)
    new = rebuilt()
    assert visitor().get("/best-practice.json").json["as_of"] == new != old
    renewed = visitor().get(COMPARISON)
    assert (page.headers["Cache-Status"], renewed.headers["Cache-Status"]) == (HIT, DRAWN)
    assert visitor().get(COMPARISON).headers["Cache-Status"] == HIT


def test_each_language_has_its_page(visitor: Any) -> None:
    for _ in range(2):
        english, welsh = (visitor().get(path).get_data(as_text=True) for path in (COMPARISON, f"/cy{COMPARISON}"))
        assert ('lang="en"' in english.partition("<head>")[0], 'lang="cy"' in welsh.partition("<head>")[0]) == (1, 1)


def test_what_a_sysadmin_changes_is_seen_at_once(visitor: Any, act: Callable[..., Any]) -> None:
    visitor().get(HOME)
    title = f"River catalogue {uuid.uuid4().hex[:6]}"
    before = act("config_option_show", key="ckan.site_title")
    act("config_option_update", **{"ckan.site_title": title})
    try:
        assert title in visitor().get(HOME).get_data(as_text=True)
    finally:
        act("config_option_update", **{"ckan.site_title": before})
    assert title not in visitor().get(HOME).get_data(as_text=True)


def test_a_dataset_that_becomes_private_is_named_no_more(visitor: Any, act: Callable[..., Any]) -> None:
    name = EXAMPLE.findall(visitor().get(CRITERION).get_data(as_text=True))[0]
    visitor().get(CRITERION)
    act("package_patch", id=name, private=True)
    try:
        assert name not in EXAMPLE.findall(visitor().get(CRITERION).get_data(as_text=True))
    finally:
        act("package_patch", id=name, private=False)
    assert name in EXAMPLE.findall(visitor().get(CRITERION).get_data(as_text=True))


def test_a_choice_that_is_refused_is_not_kept(visitor: Any, drawn: list[str]) -> None:
    for _ in range(2):
        drawn.clear()
        answer = visitor().get(f"{COMPARISON}?colour=red")
        assert (answer.status_code, bool(drawn)) == (400, True)
        assert "ETag" not in answer.headers


@given(sizes=st.lists(st.integers(0, 4000), max_size=40), most=st.integers(0, 20_000))
def test_what_is_kept_never_takes_more_memory_than_it_may(sizes: list[int], most: int) -> None:
    kept = PageCache(most)
    for number, size in enumerate(sizes):
        page = Page(None, 0.0, [], [bytes(size)], [], {}, "")
        kept.keep(number % 7, page)
        assert kept.size <= most
        assert kept.find(number % 7) in (page, None)
    left = [found for number in range(7) if (found := kept.find(number)) is not None]
    assert kept.size == sum(found.size for found in left)
