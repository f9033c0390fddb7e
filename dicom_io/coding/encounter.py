"""Codes of the encounter's fields and words: one table, used to write and to read.

A field has the standard's code where one means the same, else one of our own scheme: its name in upper case, shortened where
it has more than 16 letters. A word of a closed list likewise. The unit of a number follows from its field's name.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Final

from annotation.vocabulary import TERMS
from dicom_io.coding import codes
from dicom_io.coding.codes import concept_of
from dicom_io.coding.concept import Concept, private
from procedure.answers import Answer, Side
from procedure.complication import Route, Sign, Suspicion
from procedure.consent import Risk
from procedure.encounter import Encounter
from procedure.images import Mode, Plane
from procedure.patient import Sex
from procedure.phase import Phase
from procedure.plan import InjectionPlane, InstrumentType
from procedure.products import Material
from procedure.record import Record, fields_of
from procedure.vessels import Echogenicity, VesselType
from procedure.words import BONY_LANDMARKS, STRUCTURES

ENCOUNTER: Final = private("ENCOUNTER", "Record of an encounter")
JSON_COPY: Final = private("JSON_COPY", "The same record as JSON text")
JSON_SHA256: Final = private("JSON_SHA256", "SHA-256 of the JSON text, hex")
UNCERTAINTY: Final = Concept("371884006", "SCT", "+/-, range of measurement uncertainty")
YES: Final = codes.YES
NO: Final = codes.NO
_UNKNOWN: Final = Concept("261665006", "SCT", "Unknown")
_OCCLUSION: Final = Concept("26036001", "SCT", "occlusion")

#: Fields whose code is the standard's, or whose name is too long for a code.
_FIELDS: Final[dict[str, Concept]] = {
    "name": codes.NAME,
    "landmark": codes.LANDMARK,
    "depth_mm": codes.QUANTITIES["depth"],
    "diameter_mm": codes.QUANTITIES["diameter"],
    "length_mm": codes.QUANTITIES["length"],
    "by": codes.OBSERVER_NAME,
    "birth_date": Concept("121031", "DCM", "Subject Birth Date"),
    "sex": Concept("121032", "DCM", "Subject Sex"),
    "uncertainty": UNCERTAINTY,
    "lot": Concept("121149", "DCM", "Lot Identifier"),
    "gauge": Concept("111465", "DCM", "Needle Gauge"),
    "volume_ml": Concept("118565006", "SCT", "Volume"),
    "dilution": Concept("122093", "DCM", "Concentration"),
    "peak_systolic_velocity_cm_s": Concept("11726-7", "LN", "Peak Systolic Velocity"),
    "end_diastolic_velocity_cm_s": Concept("11653-3", "LN", "End Diastolic Velocity"),
    "resistance_index": Concept("12023-8", "LN", "Resistivity Index"),
    "registration_number": private("REGISTRATION_NO", "registration number"),
    "product_information_given": private("PRODUCT_INFO", "product information given"),
    "takes_anticoagulants": private("TAKES_ANTICOAG", "takes anticoagulants"),
    "hyaluronidase_present": private("HYAL_PRESENT", "hyaluronidase present"),
    "hyaluronidase_lot": private("HYAL_LOT", "lot of the hyaluronidase"),
    "hyaluronidase_expiry": private("HYAL_EXPIRY", "expiry of the hyaluronidase"),
    "hyaluronidase_iu": private("HYAL_IU", "hyaluronidase at hand"),
    "adrenaline_present": private("ADRENALINE", "adrenaline present"),
    "tip_unseen_frames": private("TIP_UNSEEN", "frames in which the tip was not seen"),
    "nearest_vessel_uid": private("NEAREST_VESSEL", "nearest vessel"),
    "departs_from_plan": private("DEPARTS_PLAN", "how it departs from the plan"),
    "eye_movement_normal": private("EYE_MOVEMENT", "eye movement normal"),
    "thermal_index_soft_tissue": private("TI_SOFT_TISSUE", "thermal index, soft tissue"),
    "thermal_index_bone": private("TI_BONE", "thermal index, bone"),
    "thermal_index_cranial": private("TI_CRANIAL", "thermal index, cranial bone"),
    "colour_scale_cm_s": private("COLOUR_SCALE", "end of the colour scale"),
    "heart_rate_per_min": private("HEART_RATE", "heart rate"),
    "lumen_echogenicity": private("LUMEN_ECHO", "echogenicity of what lies in the lumen"),
    "g_double_prime_pa": private("G_DOUBLE_PRIME", "G double prime"),
    "test_temperature_c": private("TEST_TEMPERATURE", "temperature of the test"),
    "outer_diameter_mm": private("OUTER_DIAMETER", "outer diameter"),
    "product_id": private("PRODUCT_ID", "the record's name for a product"),
    "plan_id": private("PLAN_ID", "the record's name for a plan"),
}

#: Words whose code is the standard's, or whose own code would be another word's.
# Pairs and no dictionary: words of two lists with the same text are equal as texts.
_WORDS: Final[tuple[tuple[StrEnum, Concept], ...]] = (
    *((word, codes.LATERALITY[word]) for word in (Side.RIGHT, Side.LEFT)),
    *((phase, codes.PHASES[phase]) for phase in Phase),
    *((plane, concept_of(plane)) for plane in Plane),
    (Side.MIDLINE, Concept("130290", "DCM", "Median")),
    (Answer.YES, YES),
    (Answer.NO, NO),
    (Answer.UNKNOWN, _UNKNOWN),
    (VesselType.ARTERY, codes.ARTERY),
    (VesselType.VEIN, codes.VEIN),
    (VesselType.UNKNOWN, _UNKNOWN),
    (Material.UNKNOWN, _UNKNOWN),
    (Material.CAHA, Concept("256579008", "SCT", "Calcium Hydroxyapatite")),
    (Material.HA, private("HA_FILLER", "hyaluronic acid filler")),
    (Material.PLLA, private("PLLA", "poly-L-lactic acid")),
    (Material.PCL, private("PCL", "polycaprolactone")),
    (Material.FAT, private("AUTOLOGOUS_FAT", "autologous fat")),
    (Mode.B_MODE, Concept("399064001", "SCT", "2D mode")),
    (Mode.COLOUR, Concept("261197005", "SCT", "Doppler Color Flow")),
    (Mode.POWER, Concept("425704008", "SCT", "Power Doppler")),
    (Mode.SPECTRAL, Concept("261199008", "SCT", "Doppler Pulsed")),
    (Echogenicity.ANECHOIC, Concept("111361", "DCM", "Anechoic")),
    (Echogenicity.HYPOECHOIC, Concept("111364", "DCM", "Hypoechoic")),
    (Echogenicity.HYPERECHOIC, Concept("111362", "DCM", "Hyperechoic")),
    (InstrumentType.NEEDLE, Concept("79068005", "SCT", "Needle")),
    (InstrumentType.CANNULA, private("CANNULA", "blunt cannula")),
    (Route.SUBCUTANEOUS, Concept("34206005", "SCT", "Subcutaneous route")),
    (Route.INTRADERMAL, Concept("372464004", "SCT", "Intracutaneous route")),
    (Route.INTRA_ARTERIAL, Concept("58100008", "SCT", "Intra-arterial route")),
    (InjectionPlane.INTRADERMAL, private("INTRADERMAL", "intradermal plane")),
    (InjectionPlane.INTERFASCIAL, private("INTERFASCIAL", "interfascial plane")),
    (InjectionPlane.SUPERFICIAL_FAT, concept_of("sfat")),
    (InjectionPlane.DEEP_FAT, concept_of("dfat")),
    (Risk.OCCLUSION, _OCCLUSION),
    (Risk.NECROSIS, Concept("6574001", "SCT", "Necrosis")),
    (Suspicion.OCCLUSION, private("VASC_OCCLUSION", "vascular occlusion by filler")),
    (Suspicion.VISUAL, private("VISUAL_LOSS", "visual loss")),
    (Sign.PALLOR, Concept("398979000", "SCT", "Pallor (Pale Complexion)")),
    (Sign.LIVEDO, private("LIVEDO", "livedo")),
    (Sign.REFILL, private("CAP_REFILL_DELAY", "delayed capillary refill")),
    (Sex.MALE, Concept("M", "DCM", "Male")),
    (Sex.FEMALE, Concept("F", "DCM", "Female")),
    (Sex.OTHER, private("SEX_OTHER", "other sex")),
)
_WORD_KEYS: Final = {(type(word), str(word)): concept for word, concept in _WORDS}

#: Texts that are ids of the vocabulary or of the protocols' words: coded where the id is known, text where it is not.
ID_FIELDS: Final = frozenset({"region", "term", "layer", "landmark", "structure"})
_STRUCTURE_CODES: Final = {
    "skin": Concept("39937001", "SCT", "Skin"),
    "parotid": Concept("45289007", "SCT", "Parotid gland"),
    "temporalis": Concept("7:352", "MDC", "Musculus temporalis"),
    "orbic-oculi": Concept("7:292", "MDC", "Musculus orbicularis oculi"),
    "orbic-oris": Concept("7:304", "MDC", "Musculus orbicularis oris"),
    "masseter": Concept("7:348", "MDC", "Musculus masseter"),
    "mentalis": Concept("7:344", "MDC", "Musculus mentalis"),
    "frontalis": Concept("7:288", "MDC", "Musculus occipitofrontalis, Venter frontalis"),
}
_TERM_IDS: Final = frozenset(term.id for term in TERMS)


def _of_id(word: str, name: str) -> Concept:
    if word in _TERM_IDS:
        return concept_of(word)
    return _STRUCTURE_CODES.get(word) or private(word.replace("-", "_").upper(), name)


_IDS: Final = {
    **{term.id: concept_of(term.id) for term in TERMS},
    **{word: _of_id(word, name) for word, name in {**BONY_LANDMARKS, **STRUCTURES}.items()},
}
_BY_ID_CODE: Final = {(concept.scheme, concept.value): word for word, concept in _IDS.items()}

#: Unit by the ending of a field's name, the longest ending first.
_UNITS: Final = (
    ("_mg_ml", Concept("mg/mL", "UCUM", "mg/mL")),
    ("_cm_s", Concept("cm/s", "UCUM", "cm/s")),
    ("_per_min", Concept("/min", "UCUM", "/min")),
    ("_percent", Concept("%", "UCUM", "%")),
    ("_mhz", Concept("MHz", "UCUM", "MHz")),
    ("_deg", Concept("deg", "UCUM", "degree")),
    ("_hz", Concept("Hz", "UCUM", "Hz")),
    ("_db", Concept("dB", "UCUM", "dB")),
    ("_mm", Concept("mm", "UCUM", "millimeter")),
    ("_ml", Concept("mL", "UCUM", "mL")),
    ("_iu", Concept("[iU]", "UCUM", "international unit")),
    ("_pa", Concept("Pa", "UCUM", "Pa")),
    ("_s", Concept("s", "UCUM", "s")),
    ("_c", Concept("Cel", "UCUM", "degree Celsius")),
    ("seconds", Concept("s", "UCUM", "s")),
    ("column", codes.UNITS["px"]),
    ("row", codes.UNITS["px"]),
)
NO_UNITS: Final = Concept("1", "UCUM", "no units")


@cache
def field_concept(name: str) -> Concept:
    """The code of a field. Its meaning leaves the unit out: that stands beside the number."""
    ending = next((ending for ending, _ in _UNITS if ending[0] == "_" and name.endswith(ending)), "")
    return _FIELDS.get(name) or private(name.upper(), name.removesuffix(ending).replace("_", " "))


def word_concept(word: StrEnum) -> Concept:
    """The code of a word of a closed list."""
    return _word_codes(type(word))[0][str(word)]


def word_of(kind: type[StrEnum], scheme: str, value: str) -> StrEnum | None:
    """The word of a closed list that has a code; None where none has it."""
    return _word_codes(kind)[1].get((scheme, value))


@cache
def table() -> dict[tuple[str, str], str]:
    """Every code that the record of an encounter can hold: scheme and value to meaning."""
    return _table(Encounter)


def _table(kind: type[Record]) -> dict[tuple[str, str], str]:
    found = {(c.scheme, c.value): c.meaning for c in _IDS.values()}
    for field in fields_of(kind):
        concepts = [field_concept(field.name)]
        if issubclass(field.base, StrEnum):
            concepts += _word_codes(field.base)[0].values()
        elif issubclass(field.base, Record):
            found |= _table(field.base)
        found |= {(c.scheme, c.value): c.meaning for c in concepts}
    return found


@cache
def _word_codes(kind: type[StrEnum]) -> tuple[dict[str, Concept], dict[tuple[str, str], StrEnum]]:
    """Word to code, and code to word, of one list."""
    there = {str(word): _word_code(word) for word in kind}
    back = {(there[str(word)].scheme, there[str(word)].value): word for word in kind}
    return there, back


def _word_code(word: StrEnum) -> Concept:
    own = private(word.replace("-", "_").upper(), word.replace("-", " "))
    return _WORD_KEYS.get((type(word), str(word)), own)


def id_concept(word: str) -> Concept | None:
    """The code of an id of the vocabulary or of the protocols' words; None where nothing has that id."""
    return _IDS.get(word)


def id_of(scheme: str, value: str) -> str | None:
    """The id that has a code; None where none has it."""
    return _BY_ID_CODE.get((scheme, value))


def unit_of(name: str) -> Concept:
    """The unit of a number, from its field's name."""
    return next((unit for ending, unit in _UNITS if name.endswith(ending)), NO_UNITS)
