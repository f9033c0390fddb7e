"""Words on a screen that are no numbers: probe, preset, maker, and text that tells who the patient is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from imaging.readout.readings import IdentifyingText, Reading
from imaging.text import TextLine

PROBE: Final = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,4}\d{1,2}-\d{1,2}[A-Za-z]{0,4}|\d{1,2}[A-Z]{1,3}-[A-Z]{1,4}|[A-Z]{2,3}-?\d{3,4}[A-Z]{0,2}"
    r"|[A-Z]{1,2}\d{1,2}\.\d/\d+/\d+(?:-\d)?)(?![\w])"
)
_PRESETS: Final = re.compile(
    r"(?:Adult |Ped(?:iatric)? |Fetal |Venous |Arterial |Deep |Lower |Upper )?"
    r"(?:Nerve|MSK|Musculoskeletal|Thyroid|Carotid|Small ?Parts?|Superficial|Vascular|Echo|Cardiac|Breast|General|"
    r"Abdomen|Abdominal|Aesthetics?|Skin|Dermatology|Face|Facial|Lung|Ocular|OB|Obstetrics|Gyn|Renal|Bladder|Testis|"
    r"Muscle|Tendon|Artery|Vein|Soft ?Tissue|Weichteile|Schilddrüse|Gefäße|Tiroides|Tiroide|Thyroïde|Muscolo|"
    r"甲状腺|颈动脉|浅表|小器官|神经|肌骨)"
    r"(?: Gen| General| Pen| Res| Sup| Superficial)?",
    re.IGNORECASE,
)
_MAKERS: Final = re.compile(
    r"(?:GE ?Healthcare|LOGIQ|Vivid|Voluson|Venue|Vscan|Philips|EPIQ|Affiniti|Lumify|Siemens|Acuson|Canon|Toshiba|Aplio|"
    r"Samsung|Medison|Mindray|SonoSite|SonoScape|Esaote|MyLab|Hitachi|Aloka|Arietta|Fujifilm|Butterfly|Clarius|Healcerion|"
    r"Sonon|Telemed|Sonostar|Chison|Alpinion|E-CUBE|Edan|Acclarix|SuperSonic|Aixplorer|Konted|Sonoque|DC-\d{1,2}|TE\d|CX50)"
    r"(?: ?[A-Z]?\d{1,3}| [eE])?",
    re.IGNORECASE,
)
_PERSONAL: Final = re.compile(
    r"(?:(?:Patient|Pat\.?|Name|Nom|Nombre|Nome|Cognome|Apellidos?|Nachname|Vorname|DOB|Birth|Born|Geb\.?|Né(?:e)? le|"
    r"Age|Alter|Sex|Gender|MRN|Acc(?:ession)?|ID)(?: ?(?:ID|Name|No\.?|date))?\s?[:#]|姓名|出生|病历|年龄)",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(
    r"\b(?:Hospital|University|Universität|Université|Clinic|Clinique|Clinica|Clínica|Klinik|Klinikum|Praxis|"
    r"Medical Cent(?:er|re)|Institut(?:e|ion)?|Ospedale|Hôpital|Dr\.|Sonographer|Operator)|医院",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"[A-ZÄÖÜÉ][\w'’-]+(?:\^|, ?)[A-ZÄÖÜÉ][\w'’-]+(?:[ ^][A-Z]\w*)*")
_CARET: Final = re.compile(r"[^\W\d_]{2,}\^[^\W\d_]{2,}")  #: DICOM's form of a name, anywhere in a line
_EMPTY_VALUE: Final = re.compile(r"[:#]\s*[-–_.\s]*$")
_BOUNDARY: Final = re.compile(r"\s*[,|/·'\"]\s*|\s{2,}")
_LEAST_NAME: Final = 3  #: letters of a header's name: shorter ones stand in any word


def names_of(lines: Sequence[TextLine]) -> dict[str, Reading]:
    """`probe`, `preset` and `device`, each where the screen has exactly one."""
    found: dict[str, list[Reading]] = {"probe": [], "preset": [], "device": []}
    for line in lines:
        for match in PROBE.finditer(line.text):
            found["probe"].append(_reading(match.group(), line))
        for part in _BOUNDARY.split(line.text):
            if _PRESETS.fullmatch(part.strip()):
                found["preset"].append(_reading(part.strip(), line))
        if _MAKERS.fullmatch(line.text.strip()):
            found["device"].append(_reading(line.text.strip(), line))
    return {key: several[0] for key, several in found.items() if len({one.value for one in several}) == 1}


def _reading(text: str, line: TextLine) -> Reading:
    return Reading(text, text, line.box, line.confidence, None, line.box)


def identifying(lines: Sequence[TextLine], header_names: Iterable[str] = ()) -> list[IdentifyingText]:
    """Lines that may tell who the patient is: labelled, a place's name, a name's form, or a name of the DICOM header."""
    known = {_plain(part) for name in header_names for part in re.split(r"[\^ ,=]+", name)}
    known = {part for part in known if len(part) >= _LEAST_NAME}
    answers = []
    for line in lines:
        why = _why(line.text, known)
        if why:
            answers.append(IdentifyingText(line.text, line.box, line.confidence, why))
    return answers


def _why(text: str, known: set[str]) -> str:
    words = {_plain(word) for word in re.split(r"[^\w'’-]+", text)}
    if known & words:
        return "a name of the file's header"
    labelled = _PERSONAL.search(text)
    if labelled and not _EMPTY_VALUE.search(text):
        return "a patient's label"
    if _PLACE.search(text) and not _EMPTY_VALUE.search(text):
        return "a hospital's or a person's label"
    if _CARET.search(text):
        return "the form of a name"
    if _NAME.fullmatch(text.strip()) and not PROBE.search(text):
        return "the form of a name"
    return ""


def _plain(word: str) -> str:
    return word.strip("'’-").casefold()
