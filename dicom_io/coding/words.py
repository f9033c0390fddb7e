"""Text that goes into the standard's fields: what a person gave is checked, what a device gave is made to fit.

A backslash parts values in DICOM, an equals sign parts the alphabets of a name: let through unseen, a patient's id would
become two.
"""

from __future__ import annotations

from typing import Final

from dicom_io.errors import NotEncodable

_LONGEST: Final = {"SH": 16, "LO": 64, "PN": 64}


def given(what: str, text: str, vr: str) -> str:
    """Text that a person gave for a field of type `vr` (SH, LO or PN).

    Raises NotEncodable where it cannot stand there; the message names `what` it is and never the text, which may be a name.
    """
    if not text.isprintable() or "\\" in text:
        raise NotEncodable(f"The {what} holds a backslash or an invisible character: write it without.")
    if text != text.strip():
        raise NotEncodable(f"The {what} begins or ends with a space: write it without.")
    groups = text.split("=") if vr == "PN" else [text]
    if len(groups) > 3 or any(group.count("^") > 4 for group in groups if vr == "PN"):
        raise NotEncodable(f"The {what} is not in the form Family^Given, with at most two other alphabets after '='.")
    if any(len(group) > _LONGEST[vr] for group in groups):
        raise NotEncodable(f"The {what} is longer than {_LONGEST[vr]} characters: shorten it.")
    return text


def single_name(name: str) -> str:
    """A person's name that is not in the form Family^Given, as one that is: the caret tells that the rest is empty.

    Without it checkers take the name for a form that the standard has retired. Readers drop a caret at the end.
    """
    return name if not name or "^" in name or "=" in name else f"{name}^"


def fitted(text: str, vr: str) -> str:
    """Text of a device or of ours, made to fit: signs that cannot stand become spaces, the end is cut."""
    plain = text
    if not text.isprintable() or "\\" in text:
        plain = "".join(c if c.isprintable() and c != "\\" else " " for c in text)
    return " ".join(plain.split())[: _LONGEST[vr]].rstrip()
