"""How a record's fields and values are told to a person: label, number with its unit, moment, word of a closed list.

One place for all, so that a value reads the same wherever it is printed. Nothing is rounded and nothing is shortened: what is
told can be held against the record digit by digit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from annotation.vocabulary import REGIONS
from procedure.answers import Estimate, Side
from procedure.complication import Sign
from procedure.consent import Risk
from procedure.images import Mode
from procedure.patient import Sex
from procedure.phase import Phase
from procedure.products import Material
from procedure.record import Field, Record, fields_of
from procedure.words import landmark_name, structure_name

_REGIONS: Final = {term.id: term.name for term in REGIONS}
#: Unit by the ending of a field's name, the longest ending first.
_UNITS: Final = (
    ("_mg_ml", "mg/mL"),
    ("_cm_s", "cm/s"),
    ("_per_min", "/min"),
    ("_percent", "%"),
    ("_mhz", "MHz"),
    ("_deg", "°"),
    ("_hz", "Hz"),
    ("_db", "dB"),
    ("_mm", "mm"),
    ("_ml", "mL"),
    ("_iu", "IU"),
    ("_pa", "Pa"),
    ("seconds", "s"),
    ("_s", "s"),
    ("_c", "°C"),
)
_LABELS: Final = {
    "at": "when",
    "x_mm": "x on the schematic face",
    "y_mm": "y on the schematic face",
    "z_mm": "z on the schematic face",
    "on_face": "place on the face map",
    "face_path": "path on the face map",
    "by": "by whom",
    "seconds": "duration",
    "doppler_seconds": "of which with Doppler",
    "pain_0_10": "pain (0 to 10)",
    "g_prime_pa": "G'",
    "g_double_prime_pa": "G''",
    "tan_delta": "tan delta",
    "had_filler": "earlier filler",
    "had_surgery": "earlier surgery",
    "fold_side": "artery against the fold",
    "tip_unseen_frames": "frames without the tip",
    "tip_frames": "frames looked at for the tip",
    "sha256": "SHA-256",
    "iu": "IU",
    "prf_hz": "PRF",
    "ha_mg_ml": "hyaluronic acid",
    "udi": "UDI as scanned",
    "gtin": "GTIN",
    "noticed_at": "first sign noticed",
    "doing": "done or not",
    "term": "vocabulary id",
    "doppler_used": "Doppler used",
    "doppler_reason": "why no Doppler",
    "doppler_signal": "Doppler signal",
    "flow": "Doppler signal",
    "image_uids": "images",
    "best_image_uid": "best image",
    "encounter_uid": "encounter UID",
    "tracking_uid": "tracking UID",
}
#: Words that their own text does not tell. Pairs: words of two lists with the same text are equal as texts.
_WORDS: Final[dict[tuple[type[StrEnum], str], str]] = {
    (type(word), str(word)): text
    for word, text in (
        (Side.RIGHT, "right"),
        (Side.LEFT, "left"),
        (Side.MIDLINE, "midline"),
        (Sex.FEMALE, "female"),
        (Sex.MALE, "male"),
        (Sex.OTHER, "other"),
        (Phase.PRE, "before"),
        (Phase.POST, "after"),
        (Phase.FOLLOWUP, "follow-up"),
        (Mode.B_MODE, "B-mode"),
        (Mode.COLOUR, "colour Doppler"),
        (Mode.POWER, "power Doppler"),
        (Mode.SPECTRAL, "spectral Doppler"),
        (Material.HA, "hyaluronic acid"),
        (Material.CAHA, "calcium hydroxylapatite"),
        (Material.PLLA, "poly-L-lactic acid"),
        (Material.PCL, "polycaprolactone"),
        (Material.PMMA, "polymethylmethacrylate"),
        (Material.PAAG, "polyacrylamide gel"),
        (Material.FAT, "autologous fat"),
        (Risk.HYALURONIDASE_ALLERGY, "allergy to hyaluronidase"),
        (Risk.ULTRASOUND_LIMITS, "limits of ultrasound"),
        (Sign.PALLOR, "blanching"),
        (Sign.LIVEDO, "livedo, net-like mottling"),
        (Sign.REFILL, "slow capillary refill"),
        (Sign.VENOUS, "fast refill with blue skin"),
        (Sign.PAIN, "pain"),
        (Sign.EYE, "eye signs: vision, eye pain, lid, movement"),
        (Sign.NO_FLOW_MAJOR, "no Doppler signal seen in a major vessel"),
        (Sign.NO_FLOW_PERFORATOR, "no Doppler signal seen in a perforator"),
        (Sign.COLLATERAL, "compensatory flow"),
        (Sign.STRING, "string sign"),
        (Sign.HIGH_VELOCITY, "raised peak velocity"),
        (Sign.LUMEN_MATERIAL, "material in the lumen"),
    )
}


def label(name: str) -> str:
    """A field's name in words; its unit stands at the number."""
    if name in _LABELS:
        return _LABELS[name]
    ending = next((ending for ending, _ in _UNITS if name.endswith(ending)), "")
    return name.removesuffix(ending).removesuffix("_uid").removesuffix("_uids").replace("_", " ")


def word(value: StrEnum) -> str:
    """A word of a closed list, as a person reads it."""
    return _WORDS.get((type(value), str(value))) or str(value).replace("-", " ")


def number(value: float) -> str:
    """A number with all its digits, and no more."""
    whole = int(value) if float(value).is_integer() and abs(value) < 1e15 else None
    return repr(float(value)) if whole is None else str(whole)


def unit(name: str) -> str:
    """The unit of a field, by its name; empty for a number without one."""
    return next((unit for ending, unit in _UNITS if name.endswith(ending)), "")


def with_unit(name: str, text: str) -> str:
    """A number's text with the unit of its field."""
    sign = unit(name)
    return f"{text}{'' if sign in ('°', '') else ' '}{sign}"


def moment(at: datetime) -> str:
    """Day, time and offset as the clinic's clock showed them; a recorded fraction of a second to its thousandth."""
    return f"{at:%Y-%m-%d} {clock(at)} {zone(at)}"


def clock(at: datetime) -> str:
    """The time of day to the millisecond, without its zone: no clock of a clinic knows more."""
    thousandths = at.microsecond // 1000
    return f"{at:%H:%M:%S}" + (f".{thousandths:03d}" if thousandths else "")


def zone(at: datetime) -> str:
    """The offset from UTC, '+01:00'."""
    offset = f"{at:%z}"
    return f"{offset[:3]}:{offset[3:5]}"


def person(name: str) -> str:
    """A name in DICOM's form as a person reads it: 'Family^Given' is 'Family, Given'; other spellings in brackets."""
    spelled = [told for told in map(_spelled, name.split("=")) if told]
    return f"{spelled[0]} ({'; '.join(spelled[1:])})" if len(spelled) > 1 else "".join(spelled)


def _spelled(name: str) -> str:
    family, given, middle, prefix, suffix, *rest = (*(part.strip() for part in name.split("^")), *[""] * 5)
    whole = (family, " ".join(part for part in (prefix, given, middle) if part), suffix, *rest)
    return ", ".join(part for part in whole if part)


def estimate(name: str, value: Estimate) -> str:
    """A measured number with its uncertainty and unit; a missing uncertainty is said."""
    if value.uncertainty is None:
        return f"{with_unit(name, number(value.value))} (uncertainty not recorded)"
    return with_unit(name, " ± ".join(alike(number(value.value), number(value.uncertainty))))


def alike(*numbers: str) -> tuple[str, ...]:
    """Numbers that stand beside each other, with as many decimals as the one that has most: 0.700 ± 0.142."""
    if any("e" in one for one in numbers):
        return numbers
    decimals = [len(one.partition(".")[2]) for one in numbers]
    most = max(decimals)
    return tuple(
        one + ("." if most and not has else "") + "0" * (most - has) for one, has in zip(numbers, decimals, strict=True)
    )


#: Fields whose entries are not called like their list without its last letter.
_ONE_OF: Final = {"people": "person"}
_STEP: Final = re.compile(r"(\w+)\[(\d+)\]")


def place(where: str) -> str:
    """A place in the record in words, counted from 1 as people do: 'injections[0].tip_image' is 'injection 1, tip image'.

    What is no such place (a station's image id) stands as it is.
    """
    steps = where.split(".")
    if not all(_STEP.fullmatch(step) or step.isidentifier() for step in steps):
        return where

    def one(step: str) -> str:
        found = _STEP.fullmatch(step)
        if found is None:
            return label(step)
        name = _ONE_OF.get(found[1], found[1].removesuffix("s"))
        return f"{name.replace('_', ' ')} {int(found[2]) + 1}"

    return ", ".join(map(one, steps))


def region(region_id: str) -> str:
    """A region's name; an id that nobody knows stands as it is."""
    return _REGIONS.get(region_id, region_id)


def site(region_id: str, side: Side | None) -> str:
    """A region with its side."""
    return ", ".join(part for part in (region(region_id), word(side) if side else "") if part)


def landmark(landmark_id: str) -> str:
    """A landmark's name; an id that nobody knows stands as it is."""
    return landmark_name(landmark_id) or landmark_id


def structure(structure_id: str) -> str:
    """The name of a vessel, layer or other structure; an id that nobody knows stands as it is."""
    return structure_name(structure_id) or structure_id


_PLACE: Final = ("column", "row")  #: places on a picture: to a tenth of a pixel, finer than anybody can point
_ON_FACE: Final = ("x_mm", "y_mm", "z_mm")  #: places on the schematic face, where nothing is measured: to a tenth too
_ID_FIELDS: Final = {"region": region, "landmark": landmark, "structure": structure, "layer": structure}


def value(name: str, told: object) -> str:
    """One value of the field `name` as text: no record but an Estimate, no list."""
    match told:
        case Estimate():
            return estimate(name, told)
        case StrEnum():
            return word(told)
        case bool():
            return "yes" if told else "no"
        case datetime():
            return moment(told)
        case date():
            return told.isoformat()
        case float() if name in _PLACE:
            return f"{told:.1f} px"
        case float() if name in _ON_FACE:
            return f"{told:.1f} mm"
        case int() | float():
            return with_unit(name, number(told))
        case str() if name in _ID_FIELDS:
            return _ID_FIELDS[name](told)
        case _:
            return str(told)


#: How a value is told where the record around it is known: (field, value) to text, None to tell it as it is.
Teller = Callable[[Field, object], str | None]


def facts(record: Record, skip: Collection[str] = (), teller: Teller | None = None) -> Iterator[tuple[str, str]]:
    """(label, text) of each field that is filled in, in the order of the record; fields in `skip` are told elsewhere.

    A list is one text, its entries parted by semicolons; a record within is told as 'label: text, …'. `teller` may tell a
    value in words of its own: an image by its number instead of its UID.
    """
    for field in fields_of(type(record)):
        held = getattr(record, field.name)
        if field.name in skip or held is None or held in ("", ()):
            continue
        yield label(field.name), "; ".join(_one(field, one, teller) for one in (held if field.many else (held,)))


def _one(field: Field, held: object, teller: Teller | None) -> str:
    own = teller(field, held) if teller is not None else None
    if own is not None:
        return own
    if isinstance(held, Record) and not isinstance(held, Estimate):
        return ", ".join(f"{name}: {told}" for name, told in facts(held, (), teller))
    return value(field.name, held)
