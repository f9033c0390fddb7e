"""Words of protocols beside the vocabulary of the labels: bony landmarks, structures to look for (clinical 1.3, 2.2)."""

from __future__ import annotations

from typing import Final

from annotation.vocabulary import LANDMARKS, LAYERS, VESSELS

BONY_LANDMARKS: Final = {
    "orbital-rim-sup": "superior orbital rim",
    "orbital-rim-inf": "inferior orbital rim",
    "nasion": "nasion",
    "rhinion": "rhinion, edge of the nasal bone",
    "pyriform-rim": "rim of the pyriform aperture",
    "zygomatic-arch": "zygomatic arch",
    "zygomatic-body": "body of the zygoma",
    "temporal-crest": "temporal crest",
    "maxilla": "maxilla",
    "alveolus-maxilla": "alveolar process of the maxilla",
    "alveolus-mandib": "alveolar process of the mandible",
    "pogonion": "pogonion, mental protuberance",
    "mandible-border": "lower border of the mandible",
    "antegonial-notch": "antegonial notch",
    "mandible-ramus": "ramus of the mandible",
}

STRUCTURES: Final = {
    "skin": "skin",
    "procerus": "procerus",
    "corrugator": "corrugator",
    "frontalis": "frontalis",
    "notch-gap": "gap of the supraorbital notch or foramen",
    "plane-change": "change of plane of the arteries",
    "temporalis": "temporalis",
    "interfascial": "interfascial plane",
    "orbic-oculi": "orbicularis oculi",
    "foramen-gap": "gap of the foramen",
    "nasalis": "nasalis",
    "bone-cart-edge": "edge of nasal bone and cartilage",
    "zygomatic-musc": "zygomatic muscles",
    "levators": "levators of the upper lip",
    "modiolus": "modiolus",
    "lip-border": "border of red and white lip",
    "orbic-oris": "orbicularis oris",
    "mentalis": "mentalis",
    "masseter": "masseter",
    "prejowl-fat": "prejowl fat",
    "parotid": "parotid gland and duct",
    "zygofacial": "zygomaticofacial vessels",
}

_NAMES: Final = {
    **{term.id: term.name for term in (*VESSELS, *LAYERS)},
    **STRUCTURES,
}
_LANDMARKS: Final = {**{term.id: term.name for term in LANDMARKS}, **BONY_LANDMARKS}


def structure_name(structure: str) -> str | None:
    """The name of a vessel, layer or other structure; None where nothing has that id."""
    return _NAMES.get(structure)


def landmark_name(landmark: str) -> str | None:
    """The name of a surface or bony landmark; None where nothing has that id."""
    return _LANDMARKS.get(landmark)
