"""Texts of templates in the reader's language, kept by language: a page has up to a thousand of them.

Flask-Babel finds out at each text who asks and which catalogue is theirs, and Jinja wraps it and formats it anew. What
comes out is the same here (https://jinja.palletsprojects.com/extensions/#i18n-extension, "new style gettext").
"""

from __future__ import annotations

from typing import Any, NamedTuple

from babel import Locale
from flask import g, has_app_context
from flask_babel import Domain, get_domain, get_locale
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

# Templates have some thousand texts; a text that comes from data must not fill the memory.
MOST_TEXTS = 20_000
_MOST_LANGUAGES = 50
# Where Flask-Babel notes domain and language of a request. They are asked for as it documents where it does not.
_NOTED, _OURS = "_flask_babel", "aivision_texts"


class _Language(NamedTuple):
    domain: Domain
    locale: Locale | None


class _Texts:
    """The texts of all languages, each by its message."""

    def __init__(self) -> None:
        self._kept: dict[_Language, dict[str, Markup]] = {}

    def find(self, message: str) -> Markup:
        text = self._of_request().get(message)
        return text if text is not None else self._translated(message)

    def _of_request(self) -> dict[str, Markup]:
        """The texts of the language of this moment, which can be changed within a request."""
        noted = getattr(g._get_current_object(), _NOTED, None) if has_app_context() else None
        domain, locale = getattr(noted, "babel_domain", None), getattr(noted, "babel_locale", None)
        if domain is None or locale is None:
            return self._kept.get(_Language(get_domain(), get_locale()), {})
        last: tuple[Domain, Locale, dict[str, Markup]] | None = getattr(noted, _OURS, None)
        if last is None or last[0] is not domain or last[1] is not locale:
            last = (domain, locale, self._kept.get(_Language(domain, locale), {}))
            setattr(noted, _OURS, last)
        return last[2]

    def _translated(self, message: str) -> Markup:
        language = _Language(get_domain(), get_locale())
        # As Jinja does: a text of a template, or its translation, is HTML.
        text = Markup(language.domain.get_translations().ugettext(message))  # noqa: S704
        # Outside requests there is no language. What is no text, such as `True`, may be equal to something else.
        if language.locale is not None and isinstance(message, str):
            if language not in self._kept and len(self._kept) < _MOST_LANGUAGES:
                self._kept[language] = {}
            texts = self._kept.get(language, {})
            if len(texts) < MOST_TEXTS:
                texts[message] = text
        return text


def keep(environment: Environment) -> None:
    """Has an environment with Jinja's i18n extension take the texts of `_` and `gettext` from what is kept."""
    texts = _Texts()

    @pass_eval_context
    def gettext(context: EvalContext, message: str, /, **variables: Any) -> str:
        text = texts.find(message)
        if not context.autoescape:
            return str(text) % variables
        # A text without variables is a format as well: `100%%`.
        return text % variables if variables or "%" in text else text

    environment.globals["_"] = environment.globals["gettext"] = gettext
