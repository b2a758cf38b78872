"""Texts of templates that are kept are those that Jinja and Flask-Babel give, in each language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog, mofile
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.aivision.views.web import page_texts

GREETING, SHARE = "Good morning", "%(share)s of 100%%"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """Jinja's environment as it is, and one that keeps its texts, of an application that speaks Welsh."""
    folder = tmp_path_factory.mktemp("i18n")
    path = folder / "cy" / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    texts = Catalog("cy")
    texts.add(GREETING, "Bore da <b>&amp;</b>")
    texts.add(SHARE, "%(share)s o 100%%")
    with path.open("wb") as file:
        mofile.write_mo(file, texts)
    return _environment(folder), _environment(folder, kept=True)


def _environment(folder: Path, *, kept: bool = False) -> Flask:
    app = Flask(__name__)
    Babel(app, default_translation_directories=str(folder), locale_selector=lambda: "cy")
    if kept:
        page_texts.keep(app.jinja_env)
    return app


def _written(app: Flask, template: str, **values: Any) -> str:
    with app.test_request_context("/"):
        # Twice: the second one comes from what is kept.
        once, again = (app.jinja_env.from_string(template).render(**values) for _ in range(2))
    assert once == again
    return once


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    message=st.one_of(st.just(GREETING), st.text(alphabet="ab <&'\"{}\n"), st.booleans(), st.integers(0, 2)),
    value=st.text(),
    escaping=st.booleans(),
)
def test_whatever_a_text_is_it_is_written_as_without_keeping(
    two: Any, message: Any, value: str, escaping: bool
) -> None:
    template = f"{{% autoescape {str(escaping).lower()} %}}{{{{ _(message) }}}}|{{{{ gettext(message, x=value) }}}}"
    template += "{% endautoescape %}"
    given_here = {"message": message, "value": value}
    if isinstance(message, str):
        plain, kept = (_written(app, template, **given_here) for app in two)
        assert kept == plain
    else:
        # Jinja takes `True` and `1` too; what is kept of one is never given for the other.
        plain, kept = (_written(app, "{{ _(message) }}", **given_here) for app in two)
        assert kept == plain


def test_a_text_with_variables_is_a_format_whose_values_are_escaped(two: Any) -> None:
    for app in two:
        assert _written(app, "{{ _(text, share=share) }}", text=SHARE, share="<5>") == "&lt;5&gt; o 100%"
        assert _written(app, "{{ _('100%%') }}") == "100%"


def test_a_language_that_is_set_within_a_request_counts_at_once(two: Any) -> None:
    for app in two:
        template = app.jinja_env.from_string("{{ _('Good morning') }}")
        with app.test_request_context("/"):
            assert template.render() == "Bore da <b>&amp;</b>"
            with force_locale("en"):
                assert template.render() == GREETING
            assert template.render() == "Bore da <b>&amp;</b>"


def test_texts_from_data_do_not_fill_the_memory(two: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_texts, "MOST_TEXTS", 0)
    assert _written(two[1], "{{ _(text) }}", text="not seen before") == "not seen before"
