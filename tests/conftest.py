"""What all tests share: two corpora, samples, a portal, small HTTP servers, one stack of real services."""

from __future__ import annotations

import contextlib
import gc
import http.server
import os
import random
import re
import shutil
import socket
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from tests.corpora import CORPORA, OWN, REAL, SHARED
from tests.examples import load_profile
from tests.in_parallel import PROCESSES, files_of, keep_outcome
from tests.portal import portal_of, serve_answers
from tests.portal import serve as serve_portal
from tests.shared_files import LONGEST, SharedFiles

# Solr lives for minutes in a test: compiling its code well costs more than it gains.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

# A test has the mark of the heaviest thing that it needs, by its fixtures; one that needs none of these is `pure`.
_MARKS = {
    "browser": {"browser"},
    "services": {"stack", "services", "live_site", "ckan_application", "ckan", "first_start"},
    "corpus": {"real_corpus", "corpus_at_hand", "standards", "real_portal"},
}

_HEAVIEST_FIRST = ("services", "browser", "long", "corpus", "pure")
# Folders whose tests need services or a browser, so that `-m pure` need not import them.
_OF_SERVICES = tuple(Path(__file__).with_name(name) for name in ("browser", "plugin"))
_WITH_SERVICES = pytest.StashKey[set[Path]]()  # the test files of this run that need the shared services
_ALL_LONG = re.compile(r"^pytestmark = .*\bmark\.long\b", re.MULTILINE)

PortalOf = Callable[..., contextlib.AbstractContextManager[str]]
Handler = Callable[[http.server.BaseHTTPRequestHandler], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle", type=int, metavar="SEED", help="run files and the tests in each in another order")
    parser.addoption("--part", type=int, choices=range(1, PROCESSES + 1), help="run a part (tests/in_parallel.py)")
    parser.addoption(
        "--taken", type=Path, metavar="FOLDER", help="run files that are not taken (tests/shared_files.py)"
    )
    parser.addoption("--outcome", type=Path, metavar="FILE", help="write what passed and failed (tests/in_parallel.py)")
    parser.addoption("--nightly", action="store_true", help="run the tests marked `nightly` too, with all examples")


def pytest_configure(config: pytest.Config) -> None:
    load_profile(nightly=config.getoption("--nightly"))
    if (taken := config.getoption("--taken")) is not None:
        config.pluginmanager.register(SharedFiles(config, taken))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What is not run need not be imported."""
    if config.option.markexpr.startswith("pure") and collection_path in _OF_SERVICES:
        return True
    if "not long" in config.option.markexpr and _is_long(collection_path):
        return True
    part = config.getoption("--part")
    return True if part and collection_path.match("test_*.py") and collection_path not in files_of(part) else None


def _is_long(path: Path) -> bool:
    """Whether a test file says of all its tests that they are long."""
    return path.match("test_*.py") and _ALL_LONG.search(path.read_text("utf-8")) is not None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collecting makes many objects that all stay: looking through them for rubbish again and again is in vain."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


# First, so that `-m` sees the marks that are added here.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks each test that does not say itself what it needs, so that `-m pure` needs no service, browser or corpus."""
    for item in items:
        if of_real := _is_of_real_corpus(item):
            item.add_marker("nightly")  # By day the same is tested on our own corpus.
        if any(item.get_closest_marker(mark) for mark in _MARKS):
            continue
        fixtures = set(getattr(item, "fixturenames", ()))
        needed = [mark for mark, names in _MARKS.items() if fixtures & names]
        if not needed and of_real:
            needed = ["corpus"]
        item.add_marker(needed[0] if needed else "pure")
    _leave_out_nightly(config, items)
    with_services = {item.path for item in items if "stack" in getattr(item, "fixturenames", ())}
    config.stash.setdefault(_WITH_SERVICES, set()).update(with_services)
    if part := config.getoption("--part"):
        # Each process imports the files that a command names.
        items[:] = [item for item in items if item.path in files_of(part)]
    _put_heavy_files_first(items)
    if (seed := config.getoption("--shuffle")) is not None:
        _shuffle(items, seed)


def _shuffle(items: list[pytest.Item], seed: int) -> None:
    """Both processes of a run get the same order, and files stay whole, because each shares what it has started."""
    chance, files = random.Random(seed), defaultdict(list)
    for item in items:
        files[item.path].append(item)
    order = list(files.values())
    chance.shuffle(order)
    for tests in order:
        chance.shuffle(tests)
    items[:] = [item for tests in order for item in tests]


def _is_of_real_corpus(item: pytest.Item) -> bool:
    """Whether a test runs on a part of either corpus, and this is the real one's."""
    given = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return any(isinstance(one, Path) and one.is_relative_to(REAL) for one in given)


def _leave_out_nightly(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--nightly"):
        return
    left_out = [item for item in items if item.get_closest_marker("nightly")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]


def _put_heavy_files_first(items: list[pytest.Item]) -> None:
    """With several processes, none is left alone at the end with a long file.

    Of files with services those come first that need no site: once it runs, its workers do what every save asks for.
    """
    weights: dict[Path, int] = {}
    with_site = {item.path for item in items if "live_site" in getattr(item, "fixturenames", ())}
    longest = {name: at for at, name in enumerate(LONGEST)}
    for item in items:
        weight = next(at for at, mark in enumerate(_HEAVIEST_FIRST) if item.get_closest_marker(mark))
        weights[item.path] = min(weight, weights.get(item.path, weight))
    items.sort(key=lambda item: (weights[item.path], item.path in with_site, longest.get(item.path.stem, len(longest))))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if (file := config.getoption("--outcome")) is not None:
        keep_outcome(terminalreporter, file)


@pytest.fixture(scope="session", autouse=True)
def short_pauses() -> Iterator[Callable[[int], float]]:
    """What this process asks for again it asks for at once. Gives the function that says how long it would wait."""
    from ckanext.aivision.harvesters.http import session

    pause = session.pause
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "pause", lambda attempt: 0.01)
        yield pause


@pytest.fixture(scope="session", params=CORPORA, ids=["own", "real"][: len(CORPORA)])
def corpus(request: pytest.FixtureRequest) -> Path:
    """A corpus of metadata: our own, and then the real one where it is at hand. Such a test holds for both."""
    folder: Path = request.param
    return folder


@pytest.fixture(scope="session")
def corpus_at_hand() -> Path:
    """The real corpus where it is at hand, and our own elsewhere: for tests that take long and need no figures."""
    return CORPORA[-1]


@pytest.fixture(scope="session")
def real_corpus() -> Path:
    """Real metadata, which lies beside the repository where it is at hand: for figures that hold for it alone."""
    if not REAL.is_dir():
        pytest.skip(f"states figures of the corpus of real metadata, and there is none at {REAL}")
    return REAL


@pytest.fixture(scope="session")
def standards() -> Path:
    """The metadata standards as they were published, with their examples, where they are at hand."""
    folder = SHARED / "standards"
    if not folder.is_dir():
        pytest.skip(f"compares with the metadata standards as published, and there are none at {folder}")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """The repository's hand-written records."""
    return Path(str(resources.files("ckanext.aivision.config") / "samples"))


@pytest.fixture(scope="session")
def portal() -> PortalOf:
    """Serves our own corpus as the portals do: a context that gives the address. options: those of `portal_of`."""
    return lambda **options: serve_portal(portal_of(OWN, **options))


@pytest.fixture(scope="session")
def real_portal(real_corpus: Path) -> PortalOf:
    """Serves the real corpus in the same way."""
    return lambda **options: serve_portal(portal_of(real_corpus, **options))


@pytest.fixture
def serve() -> Iterator[Callable[[Handler], str]]:
    """Starts an HTTP server that answers HEAD, GET and POST with what a function does; gives its address."""
    with contextlib.ExitStack() as stack:
        yield lambda answer: stack.enter_context(serve_answers(answer))


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Callable[[Path], None]:
    """Fills a data directory with what its first start would make, so that the services start as they do later."""
    from tests.first_start import take_first_start

    of_process = tmp_path_factory.getbasetemp()
    of_run = of_process.parent if "PYTEST_XDIST_WORKER" in os.environ else of_process
    shared = pytestconfig.getoption("--taken") or of_run
    return lambda data: take_first_start(shared, data)


@pytest.fixture(scope="session")
def readable_socket() -> Iterator[socket.socket]:
    """Listens at the one address on loopback that the shared site may read from."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture(scope="session")
def stack(first_start: Callable[[Path], None], readable_socket: socket.socket) -> Iterator[Any]:
    """PostgreSQL, Valkey and Solr, and CKAN's configuration: started once for the whole run."""
    from tests.processes import QuickStack

    # Not among pytest's own directories: a second pytest run shuts them to PostgreSQL's system user.
    with tempfile.TemporaryDirectory(prefix="aivision-test-", ignore_cleanup_errors=True) as folder:
        first_start(Path(folder))
        allowed = f"127.0.0.1:{readable_socket.getsockname()[1]}"
        (Path(folder) / "ckan-extra.ini").write_text(f"ckanext.aivision.allow_hosts = {allowed}\n")
        running = QuickStack(Path(folder), port=5100)
        running.start()
        try:
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
def catalogue_state(stack: Any, ckan_application: Any) -> Any:
    """The way back to the catalogue as it was when the services and CKAN, which adds its own user, had started."""
    from tests.catalogue_state import CatalogueState

    return CatalogueState(stack)


@pytest.fixture(scope="module", autouse=True)
def catalogue_of_this_file(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> None:
    """Each test file that needs the shared services begins with an empty catalogue, whichever files came before."""
    if request.path in pytestconfig.stash[_WITH_SERVICES]:
        request.getfixturevalue("catalogue_state").restore()


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
def snapshot(ckan: Any) -> Callable[[], Any]:
    """Builds a snapshot, as the job worker does after a change."""
    from ckanext.aivision.snapshot.build import build

    return build


@pytest.fixture(scope="module")
def figures_of_two(ckan_application: Any) -> str:
    """A snapshot in which an agency of each country has datasets enough to count; gives its moment."""
    from ckan.plugins import toolkit

    from ckanext.aivision.snapshot import read
    from ckanext.aivision.snapshot.build import build

    with ckan_application.test_request_context():
        admin = {"ignore_auth": True, "user": toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
        for country, title in (("GB", "Cabinet Office"), ("US", "National Aeronautics and Space Administration")):
            office = toolkit.get_action("organization_create")(
                dict(admin), {"name": f"office-{uuid.uuid4().hex[:8]}", "title": title}
            )
            for number in range(5):
                package = {
                    "name": f"levels-{uuid.uuid4().hex[:8]}",
                    "title": "River levels, weekly",
                    "owner_org": office["id"],
                    "country": country,
                    "license_id": "OGL-UK-3.0" if number else "none",
                    "resources": [{"url": "https://rivers.example.gov/levels.csv", "format": "CSV"}],
                }
                toolkit.get_action("package_create")(dict(admin), package)
        build()
        newest = read.newest()
        assert newest is not None
        return newest.as_of


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
