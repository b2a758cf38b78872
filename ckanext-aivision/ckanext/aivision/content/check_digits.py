"""Numbers that are told from others by their check digit, as conditions on `short`, a cell of `seen`."""

from __future__ import annotations

# The tenth digit of an NHS number checks the others (NHS Data Dictionary, NHS NUMBER: modulus 11).
_DIGITS = "regexp_replace(short, '[^0-9]', '', 'g')"
_WEIGHED = " + ".join(f"{11 - place} * CAST(substr({_DIGITS}, {place}, 1) AS INTEGER)" for place in range(1, 10))
NHS_CHECK = f"(11 - ({_WEIGHED}) % 11) % 11 = CAST(substr({_DIGITS}, 10, 1) AS INTEGER)"
