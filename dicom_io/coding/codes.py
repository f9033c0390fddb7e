"""The standard's codes for the ids of the vocabulary: one table, used to write and to read.

Schemes: SCT is SNOMED CT, DCM the DICOM standard's own, UCUM units. What neither has gets a code of our own, scheme
99SONOFILL (declared in each object that uses it); a code that means more or less than the term is not used, because
reading has to give the same term again. Values and meanings were checked against pydicom 3.0.2's concept dictionaries.
"""

from __future__ import annotations

from typing import Final

from annotation.vocabulary import TERMS
from dicom_io.coding.concept import PRIVATE_SCHEME, Concept, private
from dicom_io.context import Phase
from dicom_io.dataset.plain_dataset import PlainDataset

_STANDARD: Final = {
    "fa": Concept("23074001", "SCT", "Facial artery"),
    "musc": Concept("71616004", "SCT", "Muscle"),
    "temp": Concept("16621002", "SCT", "Skin of temporal region"),
    "fore": Concept("68698007", "SCT", "Skin of forehead"),
    "nose": Concept("45206002", "SCT", "Nose"),
    "mala": Concept("13881006", "SCT", "Zygoma"),
    "nlf": Concept("37108007", "SCT", "Skin of nasolabial fold"),
    "lipu": Concept("16251004", "SCT", "Skin of upper lip"),
    "lipl": Concept("66934001", "SCT", "Skin of lower lip"),
    "chin": Concept("23747009", "SCT", "Skin of chin"),
    "jaw": Concept("661005", "SCT", "Jaw region"),
    "prea": Concept("86719006", "SCT", "Skin of preauricular region"),
    "transverse": Concept("62824007", "SCT", "Transverse"),
    "sagittal": Concept("30730003", "SCT", "Sagittal"),
    "oblique": Concept("21114003", "SCT", "Oblique"),
}

_PRIVATE: Final = {
    "aa": "ANGULAR_A",
    "sla": "SUP_LABIAL_A",
    "ila": "INF_LABIAL_A",
    "lna": "LATERAL_NASAL_A",
    "col": "COLUMELLAR_A",
    "dna": "DORSAL_NASAL_A",
    "stra": "SUPRATROCHLEAR_A",
    "soa": "SUPRAORBITAL_A",
    "sta-fb": "STA_FRONTAL_BR",
    "dta": "DEEP_TEMPORAL_A",
    "tfa": "TRANSV_FACIAL_A",
    "ioa": "INFRAORBITAL_A",
    "ma": "MENTAL_A",
    "ama": "ASC_MENTAL_A",
    "sma": "SUBMENTAL_A",
    "fv": "FACIAL_V",
    "av": "ANGULAR_V",
    "icv": "INTERCANTHAL_V",
    "mtv": "MID_TEMPORAL_V",
    "epi": "EPIDERMIS",
    "der-u": "UPPER_DERMIS",
    "der-l": "LOWER_DERMIS",
    "sfat": "SUPERFICIAL_FAT",
    "smas": "SMAS",
    "subsmas": "SUB_SMAS_FAT",
    "dfat": "DEEP_FAT",
    "dtf": "DEEP_TEMP_FASCIA",
    "perio": "PERIOSTEUM",
    "mucosa": "MUCOSA",
    "gland": "SALIVARY_GLAND",
    "cart": "NASAL_CARTILAGE",
    "glab": "GLABELLA",
    "tear": "TEAR_TROUGH",
}


def _concept(term_id: str, name: str, kind: str) -> Concept:
    if term_id in _STANDARD:
        return _STANDARD[term_id]
    if term_id in _PRIVATE:
        return private(_PRIVATE[term_id], name)
    if kind == "landmark":  # none of the face's surface landmarks has a code; their ids fit into 16 characters
        return private(term_id.replace("-", "_").upper(), name)
    raise KeyError(f"the term {term_id!r} has no code")


_BY_TERM: Final = {t.id: _concept(t.id, t.name, t.kind) for t in TERMS}
_BY_CODE: Final = {(c.scheme, c.value): term_id for term_id, c in _BY_TERM.items()}

FACE: Final = Concept("89545001", "SCT", "Face")
ARTERY: Final = Concept("51114001", "SCT", "Artery")
VEIN: Final = Concept("29092000", "SCT", "Vein")
BLOOD_VESSEL: Final = Concept("59820001", "SCT", "Blood Vessel")
LAYER: Final = private("TISSUE_LAYER", "Boundary of a tissue layer")
FILLER: Final = private("FILLER", "Filler as a person labelled it")
TIP: Final = private("NEEDLE_TIP", "Tip of a needle or cannula")
POINT: Final = private("POINT", "Point of interest")
DISTANCE: Final = private("DISTANCE", "Distance between two places")

LATERALITY: Final = {
    "L": Concept("7771000", "SCT", "Left"),
    "R": Concept("24028007", "SCT", "Right"),
    "B": Concept("51440002", "SCT", "Bilateral"),
}

# CID 12002 has no code for the last two.
PHASES: Final = {
    Phase.PRE: Concept("307153007", "SCT", "Before Procedure"),
    Phase.DURING: Concept("307154001", "SCT", "During Procedure"),
    Phase.POST: Concept("303110006", "SCT", "After Procedure"),
    Phase.COMPLICATION: private("COMPLICATION", "Complication of procedure"),
    Phase.FOLLOWUP: private("FOLLOWUP", "Follow-up of procedure"),
}

ACQUISITION_EQUIPMENT: Final = Concept("109101", "DCM", "Acquisition Equipment")
PROCESSING_EQUIPMENT: Final = Concept("109102", "DCM", "Processing Equipment")
SOURCE_IMAGE: Final = Concept("121322", "DCM", "Source image for image processing operation")


# The report: what a group is about (its finding category), what was asked, what was measured.
CATEGORIES: Final = {
    "vessel": BLOOD_VESSEL,
    "layer": LAYER,
    "filler": FILLER,
    "tip": TIP,
    "point": POINT,
    "distance": DISTANCE,
}
ECHOGENICITY: Final = Concept("110849", "DCM", "Echogenicity")
ECHOGENICITIES: Final = {
    "anechoic": Concept("111361", "DCM", "Anechoic"),
    "hypoechoic": Concept("111364", "DCM", "Hypoechoic"),
    "isoechoic": Concept("111365", "DCM", "Isoechoic"),
    "hyperechoic": Concept("111362", "DCM", "Hyperechoic"),
}
#: Display grey, 0 to 255, as the probe's screen showed it: nothing physical, so no standard code fits.
GREY_MEAN: Final = private("GREY_MEAN", "Mean display grey, 0 to 255")
GREY_SPREAD: Final = private("GREY_SPREAD", "Standard deviation of display grey")
GREY_AROUND: Final = private("GREY_AROUND", "What lies around it, whose display grey is told")
GREY_AROUNDS: Final = {
    "layer": private("GREY_IN_LAYER", "The rest of its layer beside it"),
    "ring": private("GREY_IN_RING", "A ring around it"),
}
AROUND_MEAN: Final = private("AROUND_MEAN", "Mean display grey around it, 0 to 255")
AROUND_SPREAD: Final = private("AROUND_SPREAD", "Standard deviation of display grey around it")
NO_UNITS: Final = Concept("1", "UCUM", "no units")
PICTURE_NOTE: Final = private("PICTURE_NOTE", "Plane and landmark of a picture")
WITHDRAWN: Final = private("WITHDRAWN", "The labels of the earlier version are withdrawn")
CHANGE: Final = private("CHANGE", "Change since before the procedure")
YES: Final = Concept("373066001", "SCT", "Yes")
NO: Final = Concept("373067005", "SCT", "No")
CORRECTION_REASON: Final = private("CORRECTION_WHY", "Why the earlier version was corrected")
OBSERVER_TYPE: Final = Concept("121005", "DCM", "Observer Type")
PERSON: Final = Concept("121006", "DCM", "Person")
DEVICE: Final = Concept("121007", "DCM", "Device")
VESSEL_KIND: Final = private("VESSEL_KIND", "Artery or vein")
VESSEL_KINDS: Final = {"artery": ARTERY, "vein": VEIN, "unknown": Concept("261665006", "SCT", "Unknown")}
NAME: Final = private("NAME", "Name as shown")
SHORT_LABEL: Final = Concept("125309", "DCM", "Short Label")
DRAWN_AS: Final = private("DRAWN_AS", "What was drawn, where the region has another graphic type")
DRAWN: Final = {
    "point": private("DRAWN_POINT", "Point, in the middle of the circle"),
    "ellipse": private("DRAWN_ELLIPSE", "Ellipse, its axes ending at each quarter of the points"),
    "open line": private("DRAWN_OPEN_LINE", "Open line, written there and back"),
}
IMAGE_VIEW: Final = Concept("111031", "DCM", "Image View")
TIME_POINT_TYPE: Final = Concept("126072", "DCM", "Time Point Type")
LANDMARK: Final = private("LANDMARK", "Superficial landmark")
OBSERVER_NAME: Final = Concept("121008", "DCM", "Person Observer Name")
QUANTITIES: Final = {
    "length": Concept("410668003", "SCT", "Length"),
    "depth": Concept("131197000", "SCT", "Depth"),
    "diameter": Concept("81827009", "SCT", "Diameter"),
    "area": Concept("42798000", "SCT", "Area"),
}
UNITS: Final = {
    "mm": Concept("mm", "UCUM", "millimeter"),
    "mm2": Concept("mm2", "UCUM", "square millimeter"),
    "px": Concept("{pixels}", "UCUM", "pixels"),
    "px2": Concept("{square_pixels}", "UCUM", "square pixels"),
}
NOT_IN_MM: Final = private("NOT_IN_MM", "Why the measurement is in pixels")
NOT_IN_MM_REASONS: Final = {
    "no-scale": private("NO_SCALE", "The scale of the picture is not known"),
    "outside-scale": private("OUTSIDE_SCALE", "Part of the shape is outside the calibrated area"),
}
SCALE_USED: Final = private("SCALE", "Scale used, and where it comes from")
REPORT_TITLE: Final = Concept("126000", "DCM", "Imaging Measurement Report")
PROCEDURE: Final = private("FILLER_US", "Ultrasound of facial filler procedure")


def concept_of(term_id: str) -> Concept:
    """The code of a term of the vocabulary; KeyError where the vocabulary has no such term."""
    return _BY_TERM[term_id]


def term_of(scheme: str, value: str) -> str | None:
    """The vocabulary's id of a code; None where the vocabulary has no word for it."""
    return _BY_CODE.get((scheme, value))


def declare_private_scheme(dataset: PlainDataset, also: bool = False) -> None:
    """Add the CodingSchemeIdentificationSequence where a code in the dataset, or beside it (`also`), is of our own scheme."""
    if also or _uses_private_scheme(dataset):
        item = PlainDataset()
        item.CodingSchemeDesignator = PRIVATE_SCHEME
        item.CodingSchemeName = "sonofill vocabulary of facial ultrasound"
        item.CodingSchemeVersion = "1"
        item.CodingSchemeResponsibleOrganization = "sonofill"
        dataset.CodingSchemeIdentificationSequence = [item]


def _uses_private_scheme(dataset: PlainDataset) -> bool:
    return any(keyword == "CodingSchemeDesignator" and value == PRIVATE_SCHEME for keyword, value in dataset.every())
