"""What may be done with the data, and who may get them (MD_LegalConstraints and its relatives).

GeoDCAT-AP 2.0.0, B.6.15 (Conditions for access and use, limitations on public access): use becomes a licence and
rights, access becomes access rights. A block that has access constraints alone is about access (GEMINI 2.3, elements
25 and 26); every other is about use.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ckanext.aivision.harvesters.mapping.table import meaningful_text
from ckanext.aivision.harvesters.mapping.xml_table import Element, Values, find, text, texts
from ckanext.aivision.normalise import access_rights, licences
from ckanext.aivision.normalise.text import one
from ckanext.aivision.record import Term

# Codes of MD_RestrictionCode that tell nothing by themselves: what is meant stands beside them.
_OTHER = ("otherRestrictions", "otherRestictions", "license", "licence")
# Of MD_RestrictionCode and MD_ClassificationCode, what is about who may get the data.
_ACCESS_CODES = ("unrestricted", "restricted", "confidential", "secret", "topSecret", "private", "in-confidence")
# Article 13(1) of INSPIRE (2007/2/EC) lists the reasons for which public access is limited.
_LIMITED = re.compile(r"LimitationsOnPublicAccess/INSPIRE_Directive_Article13", re.IGNORECASE)
_TITLES = ("reference/title", "reference/onlineResource/linkage", "reference/identifier/code")


class Statement(NamedTuple):
    """A constraint. written: its words. leads: the address that an Anchor gives with them."""

    written: str
    leads: str = ""

    @property
    def whole(self) -> str:
        """Words and address as one text."""
        both = self.written and self.leads and self.leads not in self.written
        return f"{self.written} ({self.leads})" if both else self.written or self.leads


def licence(values: Values) -> Term | None:
    """The first statement on use that names a licence, else one on access that does, else the first on use."""
    use, access = _statements(values)
    found = [_licence(statement) for statement in use]
    named = (term for term in [*found, *map(_licence, access)] if term.id not in (None, "none"))
    return next(named, found[0] if found else None)


def _licence(statement: Statement) -> Term:
    """By the address where that is a licence's and the words do not narrow it, else by the words."""
    by_address = licences.clean(statement.leads) if statement.leads else Term("")
    if by_address.id and not (statement.written and licences.limits(statement.written)):
        return by_address
    return licences.clean(statement.written or statement.leads)


def rights(values: Values) -> list[str]:
    """All that is said of use and access, in the record's order."""
    use, access = _statements(values)
    codes = [code for block in values for code in _codes(block) if code not in _OTHER]
    return list(dict.fromkeys([*(one.whole for one in [*use, *access]), *codes]))


def access(values: Values) -> Term | None:
    """Who may get the data: public, restricted or non-public."""
    _, statements = _statements(values)
    codes = [code for block in values for code in _codes(block) if code in _ACCESS_CODES]
    return access_rights.first_known([*map(_access, statements), *map(access_rights.clean, codes)])


def _access(statement: Statement) -> Term:
    if _LIMITED.search(statement.leads):
        return Term(statement.leads, "restricted", "uri")
    by_address = access_rights.clean(statement.leads) if statement.leads else Term("")
    return by_address if by_address.id else access_rights.clean(statement.whole)


def _statements(values: Values) -> tuple[list[Statement], list[Statement]]:
    """Those on use and those on access."""
    use: list[Statement] = []
    access: list[Statement] = []
    for block in values:
        if not isinstance(block, dict):
            use += _of([block])
            continue
        use += _of(find(block, "useLimitation"))
        others = _of([*find(block, "otherConstraints"), *(value for path in _TITLES for value in find(block, path))])
        others += _of(find(block, "userNote"))
        is_about_access, is_about_use = bool(find(block, "accessConstraints")), bool(find(block, "useConstraints"))
        (access if is_about_access and not is_about_use else use).extend(others)
    return list(dict.fromkeys(use)), list(dict.fromkeys(access))


def _of(values: Values) -> list[Statement]:
    found = [_statement(value) for value in values]
    return [statement for statement in found if meaningful_text(statement.whole)]


def _statement(value: Any) -> Statement:
    if not isinstance(value, dict):
        return Statement(one(value) or "")
    leads = one(value.get("@href")) or ""
    return Statement(one(value.get("#text")) or ("" if leads else text(value)), leads)


def _codes(block: Element | Any) -> list[str]:
    if not isinstance(block, dict):
        return []
    names = ("accessConstraints", "useConstraints", "classification")
    return texts(value for name in names for value in find(block, name))
