"""Find where a record says, or shows, that its data name people whom nothing protects.

Said: a sentence that names personal data and says that nothing was done. Shown: names together with what is private
about people (home addresses, dates of birth), in the description or among the columns of public data, without a word
on protection. A register that a law opens to the public (interests of members, trustees of charities) is neither,
where the record says so. Names of companies and of places are no personal data.
"""

from __future__ import annotations

import functools
import re

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.facts.distributions import is_restricted
from ckanext.aivision.scoring.facts.evidence import prose
from ckanext.aivision.scoring.facts.exposed_columns import IDENTITY, NAME, WITH_A_NAME
from ckanext.aivision.scoring.facts.text.keyword_regex import Near
from ckanext.aivision.scoring.remember_last import once_each

# So far apart may stand what the data hold and that nothing was done about it.
_APART = 250
_LONGEST_TEXT = 20_000
_LONGEST_COLUMN = 100
_MOST_COLUMNS = 500

_PEOPLE = (
    r"(?:persons?|people|individuals?|patients?|pupils?|students?|children|residents?|tenants?|claimants?|clients?|"
    r"employees?|victims?|witnesses|offenders?|prisoners?|applicants?|customers?|members of the public|service users|"
    r"voters?|veterans?|citizens|beneficiaries|donors)"
)
# In the words of the record: what the data hold of people.
_PERSONAL = re.compile(
    r"\bpersonal (?:data|information|details|records)\b|\bpersonally identifi\w+|\bpii\b|\bidentifiable (?:data|"
    rf"information|records|individuals|patients|people)|\bnam(?:ed|ing) (?:\w+ )?{_PEOPLE}\b|\bnames? (?:and \w+ )?"
    rf"(?:\w+ )?of (?:\w+ )?{_PEOPLE}\b|\b{_PEOPLE}[’']?s? (?:names?|home addresses)\b|\b(?:home|private|residential) "
    r"addresses\b|\b(?:dates?|places?) of birth\b|\bsocial security (?:numbers?|nos?)\b|\bnational insurance "
    r"(?:numbers?|nos?)\b|\b(?:medical|patient|health) records\b|\bnhs numbers?\b|\bpassport numbers?\b"
)
# One of these stands in all of that, and in what is private below.
_WORDS = (
    "personal",
    "identifi",
    "name",
    "addresses",
    "birth",
    "social security",
    "national insurance",
    "records",
    "nhs number",
    "passport",
    "phone number",
    "bank",
)
_UNPROTECTED = Near(
    r"\b(?:no|without(?: any)?|lack(?:s|ing)(?: any)?) (?:form of |kind of )?(?:\w{3,16} ){0,2}?"
    r"(?:protections?|anonymi[sz]ation|redactions?|safeguards?|pseudonymi[sz]ation|masking|de-?identification|"
    r"suppression|consent)\b(?! (?:form|order|"
    r"require\w*|needed|zone|area|necessary|is (?:needed|required)))|"
    r"\b(?:not|never|n't) (?:\w{3,10} )?(?:anonymi[sz]ed|redacted|pseudonymi[sz]ed|masked|protected|de-?identified|"
    r"encrypted|consented)\b|\bnothing (?:was|has been|is) (?:done to protect|removed|redacted|masked|anonymi[sz]ed)|"
    r"\b(?:did|do|does|have|has) not (?:give |given )?(?:their |any )?consent(?:ed)?\b|\bunredacted\b|\bunmasked\b|"
    r"\bunprotected\b|\bun-?anonymi[sz]ed\b|\bnon-?anonymi[sz]ed\b|\bfully identifiable\b|"
    r"\bprotection[^.]{0,30}: (?:none|no)\b",
    "no ",
    "not",
    "n't",
    "without",
    "lack",
    "never",
    "unredacted",
    "unmasked",
    "unprotected",
    "anonymi",
    "identifiable",
    flags=0,
)
# Where there is nothing to protect (any more), or a law that opens the register.
_NONE_LEFT = re.compile(
    r"\b(?:no|without(?: any)?|free (?:of|from)|no longer (?:contains?|includes?|holds?|names?)|"
    r"(?:does|do|did|will|must|should) not (?:contain|include|hold|have|disclose|reveal|name|list|"
    r"identify)(?: any)?|exclud\w+|remov\w+(?: of)?(?: all| any)?) "
    r"(?:\w+,? ){0,4}?(?:personal|personally|pii|identifiable|identifying|names?|named|home|dates? of birth|medical|"
    r"patient|individuals?)\b"
)
# What a sentence says of data that nobody gets to see, or of a case that is only imagined.
_WITHHELD = re.compile(
    r"\b(?:excluded|removed|omitted|withheld|suppressed|left out|deleted|"
    r"(?:not|never) (?:be(?:en)? )?(?:included|published|released|disclosed|held|collected|shared)|"
    r"(?:cannot|can not|may not|must not|will not|should not) be|if|unless|until)\b"
)
_OPENED_BY_LAW = re.compile(
    r"\bregisters? of (?:\w+[’']? ){0,3}interests\b|\bcharity trustees\b|\btrustees of (?:\w+ ){0,3}charit|"
    r"\b(?:legal|statutory) (?:duty|obligation|requirement|register)\b|\bstatutory public register\b|"
    r"\b(?:required|published|open to the public|made public|public) (?:\w+ ){0,4}?(?:by|under) (?:\w+ ){0,6}?"
    r"(?:law|act|acts|statute|regulations?|section \d+|code)\b|\bpersons? with significant control\b|"
    r"\belected (?:members|representatives|councillors|officials)\b"
)
# Any word on protection: then the record addresses it, and nobody has to guess.
_PROTECTION = re.compile(
    r"anonymi[sz]|de-?identif|pseudonymi|redact|suppress|aggregat|mask(?:ed|ing)|remov|perturb|swap|top-cod|encrypt|"
    r"privacy act|confidential|disclosure|synthetic|fictional|dummy|consent"
)
_PRIVATE = Near(
    rf"\b(?:home|private|residential) addresses\b|\baddresses of {_PEOPLE}\b|\bdates? of birth\b|\bbirth ?dates\b|"
    r"\bsocial security numbers?\b|\bnational insurance numbers?\b|\bnhs numbers?\b|\bpassport numbers?\b|"
    r"\bmedical records\b|"
    r"\b(?:personal|mobile|home) (?:tele)?phone numbers?\b|\bbank (?:account )?details\b",
    "addresses",
    "birth",
    "numbers",
    "number",
    "medical records",
    "bank",
    flags=0,
)
_NAMES = re.compile(
    r"\b(?:full |first |last |sur|fore)?names?\b(?! (?:and \w+ )?of (?:\w+ ){0,2}(?:compan|place|school|street|"
    r"site|organi|"
    r"business|facilit|station|agenc|hospital))|\bnamed\b"
)
_NOT_OF_PERSON = re.compile(
    r"\b(?:compan|place|school|street|site|organi|business|facilit|station|agenc|hospital)\w* names?\b"
)
# What fills the field of measures and says that there are none; `No known limitations` speaks of something else.
_NOTHING_DONE = re.compile(
    r"no[.!]?|(?:none|nothing|no (?:measures?|protections?|safeguards?|steps?|precautions?|redactions?|masking|"
    r"(?:pseud|an)onymi[sz]ation))\b.{0,40}",
    re.IGNORECASE,
)
# Kinds of `personal_data.csv` that only a name beside them makes a person's.
_PRIVATE_KINDS = WITH_A_NAME | IDENTITY


@once_each
def find_unprotected_personal_data(dataset: Dataset) -> str | None:
    """The words of a record by which its data name people and do not protect them, or None.

    Looked at are `personal_data` and `personal_data_measures`, the title, the description, statements of rights and
    limits, and, of data that are not restricted, the names of columns.
    """
    said = _said_in_fields(dataset)
    if said is None and not _may_name_people(dataset):
        return None
    texts = _texts(dataset)
    said = said or next((hit for text in texts if (hit := _find_statement(text)) is not None), None)
    shown = None
    if said is None and _is_open(dataset):
        shown = next((hit for text in texts if (hit := _find_people(text)) is not None), None) or _find_columns(dataset)
    if said is None and shown is None:
        return None
    whole = " ".join(texts).lower()
    if _OPENED_BY_LAW.search(whole) or (said is None and _PROTECTION.search(whole)):
        return None
    return said or shown


def _may_name_people(dataset: Dataset) -> bool:
    """Whether a word of the prose, or a column, may be about people. Most records hold none."""
    lowered = [part.lower for part in prose(dataset)]
    if dataset.limitations:
        lowered.append(dataset.limitations[:_LONGEST_TEXT].lower())
    return any(word in lower for lower in lowered for word in _WORDS) or any(
        item.columns for item in dataset.distribution
    )


def _is_open(dataset: Dataset) -> bool:
    """Whether the data are public, as far as the record says, and nothing was done to protect people."""
    return not is_restricted(dataset) and not _has_measures(dataset)


def _texts(dataset: Dataset) -> list[str]:
    written = (dataset.title, dataset.description, *dataset.rights, dataset.limitations, dataset.personal_data_measures)
    return [text[:_LONGEST_TEXT] for item in written if (text := plain(item))]


def _said_in_fields(dataset: Dataset) -> str | None:
    measures = plain(dataset.personal_data_measures).strip()
    if (dataset.personal_data or "").lower() != "present" or not measures:
        return None
    if _NOTHING_DONE.fullmatch(measures) or _UNPROTECTED.search(measures.lower()):
        return f"personal data: present; what was done to protect people: {measures}"
    return None


def _has_measures(dataset: Dataset) -> bool:
    said = (dataset.personal_data or "").lower()
    measures = dataset.personal_data_measures or ""
    return said in ("none", "aggregated", "pseudonymised", "anonymised") or not is_placeholder(measures or "n/a")


@cached(2048)
def _find_statement(text: str) -> str | None:
    lower = text.lower()
    if not any(word in lower for word in _WORDS):
        return None
    for hit in _UNPROTECTED.finditer(lower):
        start, end = max(0, hit.start() - _APART), hit.end() + _APART
        around = lower[start:end]
        if _PERSONAL.search(around) and not _NONE_LEFT.search(around) and not _WITHHELD.search(_sentence(lower, hit)):
            return _sentences(text, start, end)
    return None


def _sentence(lower: str, hit: re.Match[str]) -> str:
    """The sentence that a hit is in."""
    end = lower.find(". ", hit.end())
    return lower[lower.rfind(". ", 0, hit.start()) + 1 : end if end != -1 else len(lower)]


@cached(2048)
def _find_people(text: str) -> str | None:
    lower = text.lower()
    for hit in _PRIVATE.finditer(lower):
        start, end = max(0, hit.start() - _APART), hit.end() + _APART
        around = _NOT_OF_PERSON.sub(" ", lower[start:end])
        if _NAMES.search(around) and not _NONE_LEFT.search(around):
            return _sentences(text, start, end)
    return None


def _find_columns(dataset: Dataset) -> str | None:
    for distribution in dataset.distribution:
        kinds: dict[str, str] = {}
        for column in distribution.columns[:_MOST_COLUMNS]:
            if (kind := _kind_of_column(column[:_LONGEST_COLUMN])) is not None:
                kinds.setdefault(kind, column)
        if NAME in kinds and any(kind in kinds for kind in _PRIVATE_KINDS):
            return f"columns {', '.join(kinds.values())}"
    return None


@functools.lru_cache(4096)
def _kind_of_column(column: str) -> str | None:
    name = re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)).strip().lower()
    return next((kind for kind, pattern in _column_patterns() if pattern.search(name)), None)


@functools.cache
def _column_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    kinds = {NAME, *_PRIVATE_KINDS}
    return tuple((row["kind"], re.compile(row["name"])) for row in rows("personal_data") if row["kind"] in kinds)


def _sentences(text: str, start: int, end: int) -> str:
    """The text from a place to another, from the beginning of a sentence where one is near."""
    begin = text.find(". ", start, start + _APART)
    return text[begin + 2 if begin != -1 and start > 0 else start : end].strip()
