"""Which candidates are kept, and which of them are shown."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.exemplars.selection import LEAST_SHOWN, MOST_SHOWN, Candidate, Shelves, choose


def candidate(id: str, agency: str = "us-026", quality: float = 1.0, key: str = "") -> Candidate:
    return Candidate("limitations-described", id, agency, quality, key or id, "description", "", "{}", "")


CANDIDATES = st.lists(
    st.builds(
        candidate,
        id=st.text("abcdefgh", min_size=1, max_size=3),
        agency=st.sampled_from(["us-026", "us-009", "us-020", "us-021", "us-029", "us-015", "us-018"]),
        quality=st.floats(0, 9),
        key=st.sampled_from(["one", "two", "three", "four", "five", "six"]),
    ),
    max_size=30,
)


def best_first(rows: list[Candidate]) -> list[Candidate]:
    return sorted(rows, key=lambda row: (-row.quality, row.id))


@given(CANDIDATES)
def test_those_shown_are_few_of_different_texts_and_of_different_agencies_first(rows: list[Candidate]) -> None:
    chosen = choose(best_first(rows))
    assert len(chosen) <= MOST_SHOWN
    assert len({one.key for one in chosen}) == len(chosen)
    of_agency = Counter(one.agency for one in chosen)
    assert max(of_agency.values(), default=0) <= 2
    # A second one of an agency only fills up.
    assert len(chosen) <= LEAST_SHOWN or set(of_agency.values()) == {1}
    assert chosen == sorted(chosen, key=lambda row: -row.quality)


@given(CANDIDATES)
def test_the_best_of_all_is_shown(rows: list[Candidate]) -> None:
    if rows:
        assert choose(best_first(rows))[0].quality == max(row.quality for row in rows)


@given(CANDIDATES)
def test_the_best_of_every_shelf_is_kept_and_repeats_are_counted(rows: list[Candidate]) -> None:
    shelves = Shelves()
    for place, row in enumerate(rows):
        shelves.put(row, [("US",), ("US", "theme", "health" if place % 2 else "transport")])
    kept = list(shelves.candidates())
    assert len({(one.criterion, one.id) for one in kept}) == len(kept)
    for some in (rows, rows[0::2], rows[1::2]):
        if some:
            best = max(row.quality for row in some)
            assert any(one.quality == best for one in kept) or any(one.id == row.id for one in kept for row in some)
    assert all(shelves.repeats(row) == sum(one.key == row.key for one in rows) for row in rows)


def test_a_shelf_does_not_grow_with_the_catalogue() -> None:
    shelves = Shelves()
    for number in range(5_000):
        shelves.put(candidate(str(number), f"agency-{number % 50}", number), [("US",)])
    kept = list(shelves.candidates())
    assert len(kept) <= 18
    assert max(one.quality for one in kept) == 4_999
