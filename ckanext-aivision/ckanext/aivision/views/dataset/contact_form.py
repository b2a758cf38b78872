"""`/dataset/NAME/contact`: write to the contact of a dataset whose e-mail address the public does not see."""

from __future__ import annotations

import logging
import smtplib
from typing import Any, NamedTuple

from ckan.lib.mailer import MailerException, mail_recipient
from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.catalogue.tables.public_contacts import contact_addresses
from ckanext.aivision.catalogue.tables.records import find_package
from ckanext.aivision.normalise import contacts
from ckanext.aivision.views import limits
from ckanext.aivision.views.access import action, guarded

contact_form = Blueprint("aivision_contact_form", __name__)
LONGEST_NAME, LONGEST_MESSAGE = 100, 5000
_MOST_ADDRESSES = 3
# People do not see this field; programs fill it in.
_TRAP = "website"
_log = logging.getLogger(__name__)


class _Letter(NamedTuple):
    name: str
    email: str
    message: str


@contact_form.route("/dataset/<name>/contact")
@guarded
def show(name: str) -> Any:
    """The form."""
    package, _ = _find(name)
    return _page(package, _Letter("", "", ""))


@contact_form.post("/dataset/<name>/contact")
@guarded
def send(name: str) -> Any:
    """Sends the message. Nothing of it is stored."""
    package, addresses = _find(name)
    given = toolkit.request.form
    letter = _Letter(*(given.get(field, "").strip() for field in _Letter._fields))
    if errors := _errors(letter):
        return _page(package, letter, errors), 400
    try:
        limits.count("contacts")
    except limits.TooMany as error:
        return limits.refusal(error)
    if not given.get(_TRAP) and not _mail(package, addresses, letter):
        sentence = toolkit._("The message could not be sent. Try again later, or ask the people who run this site.")
        return _page(package, letter, {"message": [sentence]}), 503
    toolkit.h.flash_success(toolkit._("Your message was sent. The answer will come to your e-mail address."))
    return toolkit.redirect_to(f"{package['type']}.read", id=package["name"])


def _find(name: str) -> tuple[dict[str, Any], list[str]]:
    """A dataset that the visitor may read, and the hidden addresses of its contacts. Raises ObjectNotFound."""
    shown = action("package_show", id=name)
    whole = find_package(shown["id"])
    addresses = contact_addresses(whole)[:_MOST_ADDRESSES] if whole is not None else []
    if not addresses:
        raise toolkit.ObjectNotFound(toolkit._("The contact of this dataset, if it has one, is on its page"))
    return shown, addresses


def _errors(letter: _Letter) -> dict[str, list[str]]:
    errors = {}
    if len(letter.name) > LONGEST_NAME or not letter.name.isprintable():
        errors["name"] = [toolkit._("Use at most {number} characters").format(number=LONGEST_NAME)]
    if contacts.email(letter.email) != letter.email:
        errors["email"] = [toolkit._("Enter your e-mail address, such as name@office.example")]
    if not 0 < len(letter.message) <= LONGEST_MESSAGE:
        errors["message"] = [toolkit._("Write 1 to {number} characters").format(number=LONGEST_MESSAGE)]
    return errors


def _mail(package: dict[str, Any], addresses: list[str], letter: _Letter) -> bool:
    """Whether the message was sent. If not, the log says why."""
    page = toolkit.url_for("dataset.read", id=package["name"], qualified=True, locale="default")
    title = " ".join(str(package.get("title") or package["name"]).split())
    text = toolkit._(
        "{name} ({email}) writes to you as the contact of the dataset “{title}” ({page}):\n\n{message}\n\nAnswer to "
        "this e-mail to write back. Your address was not shown."
    ).format(name=letter.name or letter.email, email=letter.email, title=title, page=page, message=letter.message)
    try:
        if not toolkit.config.get("smtp.mail_from"):
            raise MailerException("smtp.mail_from is not set")
        for address in addresses:
            mail_recipient(
                address,
                address,
                toolkit._("Question about {title}").format(title=title[:200]),
                text,
                headers={"Reply-To": letter.email},
            )
    except (MailerException, smtplib.SMTPException, OSError) as error:
        _log.warning("a message to the contact of %s could not be sent: %s", package["name"], error)
        return False
    return True


def _page(package: dict[str, Any], letter: _Letter, errors: dict[str, list[str]] | None = None) -> str:
    values = {"pkg_dict": package, "letter": letter, "errors": errors or {}, "trap": _TRAP}
    longest = {"longest_name": LONGEST_NAME, "longest_message": LONGEST_MESSAGE}
    return toolkit.render("aivision/contact_form.html", values | longest)
