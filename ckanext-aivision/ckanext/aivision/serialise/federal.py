"""What US federal agencies say of a dataset in DCAT-US 1.1 and no other standard has: codes of the budget.

Source: DCAT-US 1.1, bureauCode, programCode, primaryITInvestmentUII (https://resources.data.gov/resources/dcat-us/).
"""

from __future__ import annotations

import re

from ckanext.aivision.normalise.text import many
from ckanext.aivision.record import Agent, Dataset

BUREAU, PROGRAM = "bureauCode", "programCode"
MEMBERS = (BUREAU, PROGRAM, "primaryITInvestmentUII")
_BUREAU = re.compile(r"\d{3}:\d{2}", re.ASCII)
_PROGRAM = re.compile(r"\d{3}:\d{3}", re.ASCII)


def codes_of(dataset: Dataset) -> dict[str, list[str]]:
    """The codes by member, those of the bureau also if only the record has one: it identifies a federal publisher."""
    found = {member: codes for member in MEMBERS if (codes := many(dataset.raw.get(member)))}
    publisher = dataset.publisher
    if publisher is not None and is_bureau(publisher.identifier):
        found.setdefault(BUREAU, [publisher.identifier or ""])
    return found


def is_bureau(identifier: str | None) -> bool:
    """Whether an identifier is the code of a bureau (OMB Circular A-11, appendix C)."""
    return identifier is not None and _BUREAU.fullmatch(identifier) is not None


def is_program(code: str) -> bool:
    """Whether a code has the form of those of the Federal Program Inventory: the agency's digits and the program's."""
    return _PROGRAM.fullmatch(code) is not None


def without_bureau(agent: Agent) -> Agent:
    """A publisher as the source names it. The source says the code of the dataset: the publisher may be another."""
    if not is_bureau(agent.identifier):
        return agent
    return Agent(agent.name, agent.email, agent.url, None, agent.sub_organization_of)
