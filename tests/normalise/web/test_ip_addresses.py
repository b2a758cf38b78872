"""Our table of addresses that are not fetched, compared with IANA's registries of special-purpose addresses."""

from __future__ import annotations

import csv
import ipaddress
from pathlib import Path

import pytest

from ckanext.aivision.normalise.web.ip_addresses import is_public

TABLE = Path(__file__).parents[2] / "data" / "iana_special_purpose_addresses.csv"


def blocks() -> list[dict[str, str]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("row", blocks(), ids=lambda row: row["network"])
def test_no_address_of_a_block_in_the_registries_is_fetched(row: dict[str, str]) -> None:
    network = ipaddress.ip_network(row["network"])
    first, last = int(network[0]), int(network[-1])
    kind = type(network[0])
    # The middle of blocks that carry IPv4 addresses carries 127.255.255.255.
    places = [kind(place) for place in (first, (first + last) // 2, last)]
    assert [str(place) for place in places if is_public(place)] == []
