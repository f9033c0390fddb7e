"""PS3.15, Table E.1-1: what the Basic Application Level Confidentiality Profile and its options do with each attribute.

The table is a file beside this one (edition 2024e, compared with a second transcription of it); this module only reads it.
Where the table leaves a choice by the attribute's type in its IOD (X/Z, X/D and so on), the choice that is valid for every
type is taken: a value that is empty may stand where one could be absent, a dummy may stand where one could be empty.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Final

from pydicom.tag import BaseTag

from dicom_io.coding.concept import Concept


class Action(StrEnum):
    """Of Table E.1-1a: remove, replace by nothing, by a dummy, by another UID; clean; keep."""

    REMOVE = "X"
    EMPTY = "Z"
    DUMMY = "D"
    UID = "U"
    CLEAN = "C"
    KEEP = "K"


class Option(StrEnum):
    """The options of the profile that this program has, by the table's columns."""

    PIXELS = "pixels"
    GRAPHICS = "graphics"
    STRUCTURED_CONTENT = "structured_content"
    DESCRIPTORS = "descriptors"
    MODIFIED_DATES = "modified_dates"
    DEVICE = "device"


#: CID 7050: how an object says what was done to it.
BASIC_CODE: Final = Concept("113100", "DCM", "Basic Application Confidentiality Profile")
OPTION_CODES: Final[Mapping[Option, Concept]] = {
    Option.PIXELS: Concept("113101", "DCM", "Clean Pixel Data Option"),
    Option.GRAPHICS: Concept("113103", "DCM", "Clean Graphics Option"),
    Option.STRUCTURED_CONTENT: Concept("113104", "DCM", "Clean Structured Content Option"),
    Option.DESCRIPTORS: Concept("113105", "DCM", "Clean Descriptors Option"),
    Option.MODIFIED_DATES: Concept("113107", "DCM", "Retain Longitudinal Temporal Information Modified Dates Option"),
    Option.DEVICE: Concept("113109", "DCM", "Retain Device Identity Option"),
}

_ALWAYS: Final = frozenset({Option.PIXELS, Option.GRAPHICS, Option.STRUCTURED_CONTENT, Option.DESCRIPTORS})
#: Profiles by name. `basic` cleans what it does not remove; `research` keeps the distance of dates and the device too.
PROFILES: Final[Mapping[str, frozenset[Option]]] = {
    "basic": _ALWAYS,
    "research": _ALWAYS | {Option.MODIFIED_DATES, Option.DEVICE},
}

_VALID_FOR_EVERY_TYPE: Final = {"X/Z": "Z", "X/D": "D", "X/Z/D": "D", "Z/D": "D", "X/Z/U*": "U"}
#: The table removes these; a presentation state is none without them (PS3.3, C.11.10).
_REQUIRED: Final = frozenset({"00700082", "00700083"})
_NEVER_EMPTY: Final = frozenset({"00081110"})  # Referenced Study Sequence: of type 3, with at least one item
_CURVES_AND_OVERLAYS: Final = (0x50, 0x60)  # groups 5000 to 50FF and 6000 to 60FF


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute's row: the profile's own action, and what the options make of it."""

    basic: Action
    options: Mapping[Option, Action]


def action_for(tag: BaseTag, options: frozenset[Option]) -> Action | None:
    """What is done with an attribute; None for one that the table does not list, which the profile keeps.

    Private attributes are removed, and so are curves and overlays as a whole: no program can tell what they draw. Where
    two options speak of one attribute, keeping goes before cleaning.
    """
    if tag.is_private or tag.group >> 8 in _CURVES_AND_OVERLAYS:
        return Action.REMOVE
    row = _table().get(f"{tag.group:04X}{tag.element:04X}")
    if row is None:
        return None
    told = {action for option, action in row.options.items() if option in options}
    return Action.KEEP if Action.KEEP in told else Action.CLEAN if told else row.basic


@functools.cache
def _table() -> Mapping[str, Row]:
    text = (files(__package__) / "basic_profile.csv").read_text(encoding="ascii")
    rows = {}
    for line in csv.DictReader(text.splitlines()):
        if line["tag"] in _NEVER_EMPTY:
            line["basic"] = "X"
        choice = "D" if line["tag"] in _REQUIRED else _VALID_FOR_EVERY_TYPE.get(line["basic"], line["basic"])
        told = {Option(name): Action(line[name]) for name in line if name in set(Option) and line[name]}
        rows[line["tag"]] = Row(Action(choice), told)
    return rows
