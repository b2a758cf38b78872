"""Addresses of style sheets and scripts are kept for a moment, and are those of what the files hold after it."""

from __future__ import annotations

from pathlib import Path

import pytest
from webassets.bundle import Bundle
from webassets.env import Environment

from ckanext.aivision.views.web import page_assets

MOMENT = 10


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    """A style sheet of one file."""
    (tmp_path / "river.css").write_text("a { color: blue }")
    environment = Environment(str(tmp_path), "/webassets")
    bundle = Bundle("river.css", output="out.css")
    environment.register("river", bundle)
    return bundle


def test_an_address_is_the_bundles_own_and_follows_its_file_after_a_moment(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    own = bundle.urls()
    page_assets.keep(bundle.env)
    page_assets.keep(bundle.env)
    assert bundle.urls() == own
    bundle.urls().clear()
    assert bundle.urls() == own, "a reader of the list cannot change it for others"
    (tmp_path / "out.css").unlink()
    (tmp_path / "river.css").write_text("a { color: red }")
    assert bundle.urls() == own
    clock[0] += MOMENT + 1
    assert bundle.urls() != own
    assert "red" in (tmp_path / "out.css").read_text()


def test_who_writes_styles_sees_each_change_at_once(bundle: Bundle) -> None:
    bundle.env.debug = True
    own = bundle.urls
    page_assets.keep(bundle.env)
    assert bundle.urls == own
