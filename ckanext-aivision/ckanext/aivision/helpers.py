"""What templates may call (ITemplateHelpers): evaluations and rubric rows in words and choices for the form."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import babel
import babel.dates
from ckan.plugins import toolkit
from markupsafe import Markup, escape

from ckanext.aivision.catalogue.comparison.stored_comparison import load_sizes
from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.evaluations import history
from ckanext.aivision.catalogue.evaluations.lens import lens_view
from ckanext.aivision.catalogue.observations import links
from ckanext.aivision.catalogue.sources import duplicates as likeness
from ckanext.aivision.catalogue.sources import ledger
from ckanext.aivision.link_messages import in_words
from ckanext.aivision.normalise import frequencies, licences
from ckanext.aivision.scoring.lenses.load import named, names
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.lenses.view import LensView
from ckanext.aivision.scoring.results import Evaluation, Result
from ckanext.aivision.scoring.rubric import Criterion, load
from ckanext.aivision.serialise.package import EU_FREQUENCY

__all__ = [
    "aivision_address_draft_page",
    "aivision_alike",
    "aivision_coded",
    "aivision_country",
    "aivision_criteria",
    "aivision_draft",
    "aivision_duration",
    "aivision_evaluation",
    "aivision_figures",
    "aivision_frequency_choices",
    "aivision_gains",
    "aivision_lens",
    "aivision_lens_choices",
    "aivision_lens_chosen",
    "aivision_licence_choices",
    "aivision_links",
    "aivision_mending_address",
    "aivision_moment",
    "aivision_organization_choices",
    "aivision_origin",
    "aivision_points",
    "aivision_preview_state",
    "aivision_result_rows",
    "aivision_run_state",
    "aivision_schedule",
    "aivision_select_field",
    "aivision_source_address",
    "aivision_source_url",
    "aivision_web_address",
]

_COUNTRIES = {"US": "United States", "GB": "United Kingdom"}
_RHYTHM_WORDS = {
    "continuous": "Continuously",
    "R/P1D": "Daily",
    "R/P1W": "Weekly",
    "R/P2W": "Every two weeks",
    "R/P1M": "Monthly",
    "R/P2M": "Every two months",
    "R/P3M": "Quarterly",
    "R/P6M": "Twice a year",
    "R/P1Y": "Annually",
    "R/P2Y": "Every two years",
    "R/P3Y": "Every three years",
    "R/P5Y": "Every five years",
    "R/P10Y": "Every ten years",
    "irregular": "Irregularly",
    "as-needed": "As needed",
    "ended": "No longer updated",
}
_MOST_GAINS = 3
# The keys are those of catalogue.sources.source_store.SCHEDULES.
_SCHEDULE_WORDS = {"manual": "By hand", "daily": "Every day", "weekly": "Every week", "monthly": "Every 30 days"}
# A run's state: in a word, and what follows from it.
_RUN_STATES = {
    "running": ("At work", "Records are being read and stored."),
    "finished": ("Finished", "The whole source was read; what it no longer has was marked as gone."),
    "limited": ("Limited", "A part of the source was read, as it was asked for; nothing was removed."),
    "incomplete": ("Incomplete", "The source broke off. What was read before is kept; nothing was removed."),
    "needs-confirmation": ("Needs a yes", "It would have removed so much that a person has to look first."),
    "cancelled": ("Cancelled", "Somebody asked it to stop. What was stored stays; nothing was removed."),
    "failed": ("Failed", "It could not go on. What was stored stays; nothing was removed."),
    "interrupted": ("Interrupted", "Its process died. What was stored stays; the next run takes up from there."),
    "stalled": ("Stalled", "Its process has died or hangs. What was stored stays; the next run takes up from there."),
}
# The same of a preview, where it is another thing than of a run.
_PREVIEW_STATES = {
    "queued": ("Waits", "A worker takes it up as soon as one is free."),
    "running": ("At work", "The source is being read."),
    "finished": ("Ready", "The whole source was read: this is what a harvest would do."),
    "incomplete": ("Incomplete", "The source broke off: this is what was seen until then."),
    "needs-confirmation": ("Would need a yes", "A harvest would remove so much that a person has to look first."),
    "cancelled": ("Cancelled", "Somebody called it off."),
    "failed": ("Failed", "It could not be made."),
    "stalled": ("Stalled", "Its process has died. Ask for another one."),
}
# A name that a part of a path can hold as it is.
_PLAIN_NAME = re.compile(r"[\w.-]*\w[\w.-]*")


def aivision_address_draft_page(package_type: str, data: Mapping[str, Any]) -> None:
    """Has the form of a draft's page sent to that page.

    CKAN's `EditView` sends a draft's form to `/dataset/new`, which saves what the form holds as the whole dataset. Of a
    form in pages that is one page: the fields of all the others, and the files, would be lost.
    data: what the form is filled with; `_form_page` is the number of its page.
    """
    is_draft = str(data.get("state") or "").startswith("draft")
    if is_draft and data.get("id") and toolkit.h.scheming_get_dataset_form_pages(package_type):
        page = data.get("_form_page", 1)
        toolkit.g.form_action = toolkit.url_for(f"{package_type}.scheming_new_page", id=data["id"], page=page)


def aivision_coded(text: str) -> Markup:
    """A text of the rubric with its `names of fields` as code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )


def aivision_country(code: str) -> str:
    """A country's name for its code."""
    return toolkit._(_COUNTRIES[code]) if code in _COUNTRIES else toolkit._("Another country")


def aivision_evaluation(package_id: str) -> Evaluation | None:
    """A package's evaluation, or None where it has none yet."""
    # The blocks of a page share no variables; what they share is the request.
    read: dict[str, Evaluation | None] = toolkit.g.setdefault("aivision_evaluations", {})
    if package_id not in read:
        read[package_id] = evaluations.find(package_id)
    return read[package_id]


def aivision_points(package_id: str, can_edit: bool) -> list[dict[str, Any]]:
    """The points of a package's scores over time, oldest first; what was not public is for those who may edit it."""
    return history.series(package_id, with_private=can_edit)


def aivision_figures() -> dict[str, Any] | None:
    """The size of each country's part of the catalogue, as of the last figures; None while there are none.

    as_of: their moment in words. countries: of those that have any, the code and the numbers of public datasets and of
    their publishers.
    """
    found = load_sizes()
    if found is None:
        return None
    made, sizes = found
    return {
        "as_of": aivision_moment(made),
        "countries": [(size.code, size.data_sets, size.publishers) for size in sizes if size.data_sets],
    }


def aivision_moment(moment: datetime.datetime) -> str:
    """A moment in UTC in words, in the page's language: 29 November 2026, 14:05 UTC."""
    utc = moment.astimezone(datetime.timezone.utc)
    try:
        locale = babel.Locale.parse(toolkit.h.lang())
    except (babel.UnknownLocaleError, ValueError):
        locale = babel.Locale("en")
    return str(babel.dates.format_datetime(utc, "d MMMM y, HH:mm 'UTC'", locale=locale))


def aivision_result_rows(evaluation: Evaluation) -> list[tuple[str, list[tuple[Criterion, Result]]]]:
    """The results with their rows of the rubric, by dimension; without criteria that the rubric no longer has."""
    rows = {row.id: row for row in load().everything}
    grouped: dict[str, list[tuple[Criterion, Result]]] = {}
    for result in evaluation.results:
        if (row := rows.get(result.criterion)) is not None:
            grouped.setdefault(row.dimension, []).append((row, result))
    return list(grouped.items())


def aivision_criteria() -> dict[str, Criterion]:
    """The rubric's rows by id."""
    return {row.id: row for row in load().everything}


def aivision_lens_choices() -> list[Lens]:
    """The lenses of this installation, our own first."""
    return [named(name) for name in names()]


def aivision_lens_chosen() -> str:
    """The lens that the address asks for (`?lens=`), by name; our own where it asks for none that there is."""
    wanted = toolkit.request.args.get("lens", "")
    return wanted if wanted in names() else names()[0]


def aivision_lens(package_id: str, evaluation: Evaluation, name: str) -> LensView:
    """A package's evaluation through a lens."""
    return lens_view(package_id, evaluation, name)


def aivision_gains(evaluation: Evaluation) -> list[tuple[Criterion, float]]:
    """The criteria worth mending first, with the points of 100 that each would add to the score as it stands."""
    rows = {row.id: row for row in load().everything}
    pairs = [(rows[result.criterion], result) for result in evaluation.results if result.criterion in rows]
    known = sum(row.weight for row, result in pairs if result.value is not None)
    gains = [
        (row, 100 * row.weight * (1 - result.value) / known)
        for row, result in pairs
        if result.value is not None and result.value < 1
    ]
    return sorted(gains, key=lambda gain: -gain[1])[:_MOST_GAINS]


def aivision_links(package: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """What the addresses of a package answered: its state and a sentence, by address; asked for once a page."""
    kept: dict[str, dict[str, tuple[str, str]]] = toolkit.request.environ.setdefault("aivision.links", {})
    if package["id"] not in kept:
        urls = [resource["url"] for resource in package.get("resources", []) if resource.get("url")]
        found = links.find(urls)
        kept[package["id"]] = {url: (link.state, in_words(link)) for url, link in found.items()}
    return kept[package["id"]]


def aivision_mending_address(package: dict[str, Any], form_field: str) -> str:
    """Where a steward mends what a criterion asks for: the page of the form with its field, or the resources."""
    if form_field == "resources":
        return toolkit.url_for(f"{package['type']}.resources", id=package["name"])
    pages = toolkit.h.scheming_get_dataset_form_pages(package["type"])
    for number, page in enumerate(pages, 1):
        if any(field["field_name"] == form_field for field in page["fields"]):
            address = toolkit.url_for(f"{package['type']}.scheming_edit_page", id=package["name"], page=number)
            return f"{address}#field-{form_field}"
    return toolkit.url_for(f"{package['type']}.edit", id=package["name"])


def aivision_licence_choices(field: dict[str, Any]) -> list[dict[str, str]]:
    """The licences of our vocabulary for the form, with what each means for re-use."""
    groups = {"open": "{title}", "open-unnamed": "{title}", "conditions": "{title} (not open)", "none": "{title}"}
    return [
        {"value": licence.id, "label": groups[licence.openness].format(title=licence.title)}
        for licence in licences.known()
    ]


def aivision_select_field(field: dict[str, Any], value: Any) -> dict[str, Any]:
    """A field of the schema as its list of choices is to be shown.

    Where the schema asks for a blank choice (`form_include_blank_choice`), the first one asks to choose. A value that
    is not on the list, stored or just refused, stays on it: the first choice would replace it without a word.
    """
    choices = list(toolkit.h.scheming_field_choices(field) or [])
    if value not in (None, "") and str(value) not in [str(choice["value"]) for choice in choices]:
        choices.append({"value": value, "label": toolkit._("{value} (not on this list)").format(value=value)})
    if field.get("form_include_blank_choice"):
        choices.insert(0, {"value": "", "label": toolkit._("Choose from the list")})
    return {**field, "choices": choices, "form_include_blank_choice": False}


def aivision_organization_choices(given: str) -> list[dict[str, str]]:
    """The organizations that the reader may publish for, and the one given (an id or name) whichever it is.

    Each is `value`, its id, and `text`, its title; a given one that does not exist has what was given for both.
    """
    available = toolkit.h.organizations_available("create_dataset")
    choices = [{"value": item["id"], "text": item["display_name"]} for item in available]
    if given and given not in [choice["value"] for choice in choices]:
        found = toolkit.h.get_organization(given) or {}
        choices.append({"value": given, "text": found.get("display_name") or given})
    return choices


def aivision_draft(name: str) -> dict[str, Any] | None:
    """The dataset of this name or id where it is a draft that the reader may see, else None."""
    try:
        package: dict[str, Any] = toolkit.get_action("package_show")({"user": toolkit.current_user.name}, {"id": name})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return None
    return package if str(package["state"]).startswith("draft") else None


def aivision_frequency_choices(field: dict[str, Any]) -> list[dict[str, str]]:
    """The update rhythms of our vocabulary for the form, by the EU authority's addresses."""
    choices: dict[str, str] = {}
    for rhythm in frequencies.known():
        value = f"{EU_FREQUENCY}{frequencies.eu_code(rhythm)}"
        choices.setdefault(value, toolkit._(_RHYTHM_WORDS.get(rhythm, rhythm)))
    return [{"value": value, "label": label} for value, label in choices.items()]


def aivision_run_state(state: str) -> tuple[str, str]:
    """A run's state in a word, and what it means."""
    word, meaning = _RUN_STATES.get(state, (state, ""))
    return toolkit._(word), toolkit._(meaning) if meaning else ""


def aivision_preview_state(state: str) -> tuple[str, str]:
    """A preview's state in a word, and what it means."""
    word, meaning = _PREVIEW_STATES.get(state, (state, ""))
    return toolkit._(word), toolkit._(meaning) if meaning else ""


def aivision_schedule(schedule: str) -> str:
    """How often a source is harvested, in words."""
    return toolkit._(_SCHEDULE_WORDS.get(schedule, schedule))


def aivision_duration(seconds: float) -> str:
    """A time in the two largest units that it fills: `8.4 s`, `3 min 05 s`, `2 h 10 min`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes_of_hour = divmod(minutes, 60)
    return f"{hours} h {minutes_of_hour:02} min" if hours else f"{minutes} min {rest:02} s"


def aivision_source_url(name: str, **more: Any) -> str:
    """The address of a source's page. The name of one that nobody named is its address, which no path can hold."""
    if _PLAIN_NAME.fullmatch(name):
        return toolkit.url_for("aivision_harvest.source", name=name, **more)
    return toolkit.url_for("aivision_harvest.source") + "?" + urlencode({"name": name, **more})


def aivision_origin(package_id: str) -> dict[str, Any] | None:
    """Where a data set was harvested from, or None; asked for once a page."""
    kept: dict[str, dict[str, Any] | None] = toolkit.request.environ.setdefault("aivision.origins", {})
    if package_id not in kept:
        kept[package_id] = ledger.origin(package_id)
    return kept[package_id]


def aivision_source_address(origin: Mapping[str, Any]) -> str | None:
    """Where on the Web a harvested dataset is changed: its page there, else the source itself, else None.

    origin: of `aivision_origin`. A source's address comes without user and query, which may hold a key.
    """
    if page := aivision_web_address(origin["landing_page"]):
        return page
    if not aivision_web_address(origin["source_url"]):
        return None
    parts = urlsplit(origin["source_url"].strip())
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def aivision_alike(package_id: str) -> list[likeness.Alike]:
    """The same data set from other sources."""
    return likeness.alike(package_id)


def aivision_web_address(text: str | None) -> str | None:
    """A source's text where it can be a link: an http(s) address, and no script."""
    try:
        parts = urlsplit((text or "").strip())
        return text if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None
