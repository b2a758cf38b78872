"""How many examples Hypothesis draws: 15 % of what a test asks for in an ordinary run, all with `--nightly`."""

from __future__ import annotations

from hypothesis import settings

_OF_A_TEST = 100  # Hypothesis's own number
_ORDINARY = 15


def load_profile(nightly: bool) -> None:
    """Sets how many examples a test has that asks for no number of its own, before its file is imported."""
    # How long an example takes says more of what else the machine does; pytest's own limit holds for the whole test.
    settings.register_profile("ordinary", deadline=None, max_examples=_ORDINARY)
    settings.register_profile("nightly", deadline=None, max_examples=_OF_A_TEST)
    settings.load_profile("nightly" if nightly else "ordinary")


def is_nightly() -> bool:
    """Whether this is a run of everything, in which nothing is left out that another test shows with less."""
    return settings.default.max_examples == _OF_A_TEST


def share_of(examples: int) -> int:
    """The examples of a test that asks for a number of its own, but ten at least."""
    return max(min(examples, 10), examples * settings.default.max_examples // _OF_A_TEST)
