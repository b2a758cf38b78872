"""What a reading tells of its source, for tests whose records say nothing of their country."""

from __future__ import annotations

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.open_source import Harvest


def remarks_of(harvest: Harvest) -> list[Problem]:
    """All but that nothing tells the country, which `test_country.py` is about."""
    return [remark for remark in harvest.remarks if remark.code != "country-unknown"]
