"""Text in BibTeX."""

from __future__ import annotations

_ESCAPES = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    **{"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
}


def escape_tex(text: str) -> str:
    """A text whose characters TeX takes for what they are."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def escape_tex_address(address: str) -> str:
    """An address as BibTeX's `url` has it: as it is, but for braces."""
    return address.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
