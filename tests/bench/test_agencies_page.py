"""docs/agencies.md says what was measured."""

from __future__ import annotations

import json

from bench import agencies

from ckanext.aivision.agencies.placement import RULES


def test_the_page_has_the_figures_that_were_measured() -> None:
    found = json.loads(agencies.RESULTS.read_text(encoding="utf-8"))
    text = agencies.PAGE.read_text(encoding="utf-8")
    assert text == agencies.page(text, found), "run `python -m bench.agencies`"


def test_the_page_explains_every_rule() -> None:
    text = agencies.PAGE.read_text(encoding="utf-8").partition("## Measured")[0]
    assert [rule for rule in RULES if f"| `{rule}` |" not in text] == []
