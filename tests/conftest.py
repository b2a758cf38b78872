"""What all tests share: the real corpus, samples, a portal, small HTTP servers, one stack of real services."""

from __future__ import annotations

import contextlib
import http.server
import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# How long an example takes says more of what else the machine does; pytest's own limit holds for the whole test.
settings.register_profile("aivision", deadline=None)
settings.load_profile("aivision")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

# A test has the mark of the heaviest thing that it needs, by its fixtures; one that needs none of these is `pure`.
_MARKS = {
    "browser": {"browser"},
    "services": {"stack", "services", "live_site", "ckan_application", "ckan"},
    "corpus": {"corpus", "standards", "portal"},
}

_HEAVIEST_FIRST = ("services", "browser", "long", "corpus", "pure")

Portal = Callable[..., contextlib.AbstractContextManager[str]]
Handler = Callable[[http.server.BaseHTTPRequestHandler], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="run the tests marked `nightly` too")


# First, so that `-m` sees the marks that are added here.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks each test that does not say itself what it needs, so that `-m pure` needs no service, browser or corpus."""
    for item in items:
        if any(item.get_closest_marker(mark) for mark in _MARKS):
            continue
        fixtures = set(getattr(item, "fixturenames", ()))
        needed = [mark for mark, names in _MARKS.items() if fixtures & names]
        item.add_marker(needed[0] if needed else "pure")
    _leave_out_nightly(config, items)
    _put_heavy_files_first(items)


def _leave_out_nightly(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--nightly"):
        return
    left_out = [item for item in items if item.get_closest_marker("nightly")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]


def _put_heavy_files_first(items: list[pytest.Item]) -> None:
    """With two processes, neither is left alone at the end with a long file."""
    weights: dict[Path, int] = {}
    for item in items:
        weight = next(at for at, mark in enumerate(_HEAVIEST_FIRST) if item.get_closest_marker(mark))
        weights[item.path] = min(weight, weights.get(item.path, weight))
    items.sort(key=lambda item: weights[item.path])


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real metadata, which lies beside the repository where it is at hand."""
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip(f"no corpus of real metadata at {folder}")
    return folder


@pytest.fixture(scope="session")
def standards() -> Path:
    """The JSON Schemas and models of the metadata standards, where they are at hand."""
    folder = SHARED / "standards"
    if not folder.is_dir():
        pytest.skip(f"no schemas of the metadata standards at {folder}")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """The repository's hand-written records."""
    return Path(str(resources.files("ckanext.aivision.config") / "samples"))


@pytest.fixture(scope="session")
def portal(corpus: Path) -> Portal:
    """Serves the corpus as the portals do: a context that gives the address, with portal.py's options as words."""

    @contextlib.contextmanager
    def serve(*options: str) -> Iterator[str]:
        command = [sys.executable, str(SHARED / "tools" / "portal.py"), "--port", "0", *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                assert select.select([process.stdout], [], [], 30)[0], "the portal does not start"
                yield process.stdout.readline().strip()
            finally:
                process.terminate()
                process.wait(10)

    return serve


class QuietServer(http.server.ThreadingHTTPServer):
    """Does not complain of clients that leave, which is what some tests are about."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture
def serve() -> Iterator[Callable[[Handler], str]]:
    """Starts an HTTP server that answers HEAD and GET with what a function does; gives its address."""
    with contextlib.ExitStack() as stack:

        def start(answer: Handler) -> str:
            class Answering(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"

                def do_GET(self) -> None:
                    with contextlib.suppress(ConnectionError):
                        answer(self)

                def do_HEAD(self) -> None:
                    self.do_GET()

                def log_message(self, *_: object) -> None:
                    pass

            server = QuietServer(("127.0.0.1", 0), Answering)
            server.daemon_threads = True
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            stack.callback(server.server_close)
            stack.callback(thread.join, 10)
            stack.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_address[1]}"

        yield start


@pytest.fixture(scope="session")
def stack() -> Iterator[Any]:
    """PostgreSQL, Valkey and Solr, and CKAN's configuration: started once for the whole run."""
    from ckanext.aivision.services.stack import Stack

    # Not among pytest's own directories: a second pytest run shuts them to PostgreSQL's system user.
    with tempfile.TemporaryDirectory(prefix="aivision-test-", ignore_cleanup_errors=True) as folder:
        running = Stack(Path(folder), port=5100)
        running.start()
        try:
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
def live_site(stack: Any) -> str:
    """The address of the site, really served, with its job worker."""
    stack.start_web()
    address: str = stack.site_url
    return address


@pytest.fixture(scope="session")
def ckan_application(stack: Any) -> Any:
    """CKAN's Flask application in this process, on the same services."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    return make_app(load_config(str(stack.ini)))._wsgi_app


@pytest.fixture
def ckan(ckan_application: Any) -> Iterator[Any]:
    """CKAN's toolkit within a request, for tests that call actions."""
    from ckan.plugins import toolkit

    with ckan_application.test_request_context():
        yield toolkit
        import ckan.model as model

        model.Session.rollback()
        model.Session.remove()


@pytest.fixture
def renew(ckan: Any) -> Callable[[], Any]:
    """Computes the figures of the comparison and draws its charts, as the job worker does after a change."""
    from ckanext.aivision.catalogue.comparison.renewal import renew

    return renew


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real Chromium, one for the whole run: a process can have one driver. Skipped where none is installed."""
    path = next((found for name in _CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium is installed; on Debian: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Root has no user namespace to put the sandbox into.
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        running = playwright.chromium.launch(executable_path=path, args=["--disable-gpu", *options])
        yield running
        running.close()
