"""The dataset form as an editor without JavaScript fills it in."""

from __future__ import annotations

from typing import Any

import lxml.html


class Steward:
    """An editor of one organization, who fills in forms."""

    def __init__(self, reader: Any, toolkit: Any, organization: str) -> None:
        self.reader, self._toolkit, self.organization = reader, toolkit, organization

    def stored(self, name: str) -> dict[str, Any]:
        import ckan.model as model

        # What other threads have saved since this one's session read it.
        model.Session.expire_all()
        found: dict[str, Any] = self._toolkit.get_action("package_show")({"ignore_auth": True}, {"id": name})
        return found

    def form(self, path: str) -> tuple[str, dict[str, Any]]:
        """The address that the form on a page is sent to, and what it is filled with: a text, or several in a list."""
        return read_form(self.reader.get(path), path)

    def send(self, path: str, status: int = 302, without: str = "\n", **typed: str) -> Any:
        """Opens the form, types into it, takes all inputs away that begin with `without`, and sends the rest."""
        address, fields = self.form(path)
        assert typed.keys() <= fields.keys() | {"save"}, typed.keys() - fields.keys()
        kept = {name: value for name, value in (fields | typed).items() if not name.startswith(without)}
        return self.reader.post(address, status, **{"save": "go-next", **kept})


def read_form(answer: Any, path: str) -> tuple[str, dict[str, Any]]:
    forms = lxml.html.fromstring(answer.get_data(as_text=True)).forms
    form = next(form for form in forms if form.get("id") in ("dataset-edit", "resource-edit"))
    # lxml takes a radio button without a value for one that is "on".
    empty = {radio.name for radio in form.xpath(".//input[@type='radio' and @value='']") if radio.checked}
    several: dict[str, list[str]] = {}
    for name, value in form.form_values():
        several.setdefault(name, []).append(value)
    values: dict[str, Any] = {name: found if len(found) > 1 else found[0] for name, found in several.items()}
    return form.get("action") or path, {**values, **dict.fromkeys(empty, "")}


def choices(answer: Any, name: str) -> tuple[str, list[str]]:
    """What is chosen in a list of a form, and what can be chosen."""
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    (select,) = page.xpath(f"//select[@name='{name}']")
    return select.value, select.value_options


def buttons(answer: Any) -> dict[str, tuple[str | None, str]]:
    """The buttons of a form that finish it, by their words: where they send it, and what with."""
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    found = page.xpath("//form[@id='resource-edit']//button[@name='save' and contains(@value, 'go-metadata')]")
    return {button.text_content().strip(): (button.get("formaction"), button.get("value")) for button in found}
