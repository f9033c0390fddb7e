"""One data set made to tell of nobody: PS3.15's table at every depth, pseudonyms, other UIDs, and words that are known.

What the table does not list, the profile keeps. Text that is not listed and that a person may have typed is cleaned all the
same, and so are persons' names and moments wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from dicom_io.coding.concept import PRIVATE_SCHEME
from dicom_io.coding.encounter import table
from dicom_io.composite.modules import CHARACTER_SET
from dicom_io.dataset.plain_dataset import as_pydicom
from dicom_io.deidentify.content import clean_content
from dicom_io.deidentify.moments import NO_DAY, Moments
from dicom_io.deidentify.profile import BASIC_CODE, OPTION_CODES, Action, Option, action_for
from dicom_io.deidentify.pseudonyms import Pseudonyms
from dicom_io.deidentify.told import Told
from dicom_io.deidentify.words import REMOVED, KnownWords
from dicom_io.errors import NotDeidentifiable

_TEXT: Final = frozenset(("AE", "LO", "LT", "SH", "ST", "UC", "UR", "UT"))
_TIME: Final = frozenset(("DA", "DT", "TM"))
_BULK: Final = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "UN"))
#: Text that devices and standards write, no person: never looked at, as the table keeps it.
_OF_MACHINES: Final = frozenset(
    {
        "Manufacturer",
        "ManufacturerModelName",
        "SoftwareVersions",
        "CodeValue",
        "LongCodeValue",
        "CodingSchemeDesignator",
        "CodingSchemeVersion",
        "CodingSchemeName",
        "CodingSchemeResponsibleOrganization",
        "MappingResourceName",
        "TransducerType",
        "SegmentAlgorithmName",
    }
)
_NAMES: Final = (
    "PatientID",
    "OtherPatientIDs",
    "AccessionNumber",
    "StudyID",
    "InstitutionName",
    "MedicalRecordLocator",
)
_NO_NAMES: Final = frozenset(("1", "unknown", ""))


class Cleaner:
    """Cleans the data sets of one key and one choice of options."""

    def __init__(self, pseudonyms: Pseudonyms, options: frozenset[Option]) -> None:
        self._pseudonyms = pseudonyms
        self._options = options

    def clean(self, dataset: Dataset) -> Told:
        """Changes the data set in place; returns what was taken out. UIDs of file meta information are the caller's.

        Raises NotDeidentifiable for a document whose pages cannot be cleaned.
        """
        if "EncapsulatedDocument" in dataset or "EncapsulatedDocumentLength" in dataset:
            raise NotDeidentifiable(
                "It is a document of pages that name persons; what it tells stands in the other objects."
            )
        dataset.decode()  # every text before the character set changes
        patient_id = str(dataset.get("PatientID") or "")
        patient_names = tuple(str(name) for name in (dataset.get("PatientName"),) if name)
        words = KnownWords(header_names(dataset))
        if Option.MODIFIED_DATES in self._options:
            moments = Moments.put_back(self._pseudonyms.days(patient_id))
        else:
            moments = Moments.counted(dataset)
        told = clean_content(dataset, self._pseudonyms, words, patient_id, patient_names)
        _Level(self._pseudonyms, self._options, words, moments, told).clean(dataset)
        dataset.SpecificCharacterSet = CHARACTER_SET
        dataset.PatientName = dataset.PatientID = self._pseudonyms.patient(patient_id)
        self._say(dataset)
        return told

    def _say(self, dataset: Dataset) -> None:
        """That it was done, and by which options (PS3.15, E.1.1; PS3.3, C.7.1.1 and C.12.1)."""
        codes = [BASIC_CODE, *(OPTION_CODES[option] for option in sorted(self._options) if option is not Option.PIXELS)]
        dataset.PatientIdentityRemoved = "YES"
        dataset.DeidentificationMethod = "sonofill: PS3.15 Basic Profile, 2024e"
        dataset.DeidentificationMethodCodeSequence = [as_pydicom(code.item()) for code in codes]
        dataset.LongitudinalTemporalInformationModified = (
            "MODIFIED" if Option.MODIFIED_DATES in self._options else "REMOVED"
        )


class _Level:
    """The cleaning of one object, at every depth."""

    def __init__(
        self,
        pseudonyms: Pseudonyms,
        options: frozenset[Option],
        words: KnownWords,
        moments: Moments,
        told: Told,
    ) -> None:
        self._pseudonyms = pseudonyms
        self._options = options
        self._words = words
        self._moments = moments
        self._told = told

    def clean(self, level: Dataset) -> None:
        """One data set or item, and all that lies in it."""
        for element in list(level):
            action = action_for(element.tag, self._options)
            if element.keyword == "SpecificCharacterSet":
                del level[element.tag]
            elif action is Action.REMOVE:
                self._told.removed(_what(element))
                del level[element.tag]
            elif element.VR == "SQ":
                self._sequence(element, action)
            elif action is Action.EMPTY:
                self._empty(element)
            elif element.value not in (None, "", b""):
                self._value(level, element, action)

    def _sequence(self, element: DataElement, action: Action | None) -> None:
        if action is Action.EMPTY:
            self._empty(element)
            return
        for item in element.value or ():
            self.clean(item)

    def _empty(self, element: DataElement) -> None:
        if element.value not in (None, "", b"") and element.keyword not in ("PatientName", "PatientID"):
            self._told.emptied(_what(element))
        element.value = [] if element.VR == "SQ" else b"" if element.VR in _BULK else None

    def _value(self, level: Dataset, element: DataElement, action: Action | None) -> None:
        if element.VR in _BULK and action is None:
            return
        if action is Action.KEEP and not (element.VR in _TEXT and self._words.name_in(_several(element))):
            return
        if element.VR in _TIME:
            self._moment(level, element, action)
        elif element.VR == "UI":
            if action in (Action.UID, Action.DUMMY):
                self._change(element, self._pseudonyms.uid)
        elif element.VR == "PN":
            if element.keyword == "PersonName" and "ValueType" in level:
                return  # of a content item, which is clean
            self._change(element, self._pseudonyms.person)
        elif element.VR in _TEXT:
            self._text(level, element, action)
        elif action is Action.DUMMY:
            element.value = b"" if element.VR in _BULK else "OTHER" if element.VR == "CS" else 0
            self._told.replaced(_what(element))

    def _moment(self, level: Dataset, element: DataElement, action: Action | None) -> None:
        old = [str(value) for value in _several(element)]
        if action is Action.DUMMY and element.VR == "DA":
            new = [NO_DAY.strftime("%Y%m%d")] * len(old)
        else:
            new = [self._moments.changed(str(element.VR), value) for value in old]
        if not all(new):
            del level[element.tag]
            self._told.removed(_what(element))
            return
        element.value = new if len(new) > 1 else new[0]
        self._told.moved(_what(element))

    def _text(self, level: Dataset, element: DataElement, action: Action | None) -> None:
        if element.keyword == "TimezoneOffsetFromUTC":
            element.value = "+0000"
            self._told.replaced(_what(element))
            return
        if action is None and _is_of_the_record(level, element):
            return
        if action is None and self._of_a_machine(level, element) and not self._words.name_in(_several(element)):
            return
        if element.keyword == "TextValue" and "ValueType" in level:
            return  # of a content item, which is clean
        if action is not Action.DUMMY and all(self._words.tells_nobody(str(value)) for value in _several(element)):
            return
        if action is Action.CLEAN and action_for(element.tag, frozenset()) is Action.REMOVE:
            self._told.removed(_what(element))
            del level[element.tag]
            return
        element.value = REMOVED.strip("()").upper() if element.VR == "AE" else REMOVED
        self._told.replaced(_what(element))

    def _of_a_machine(self, level: Dataset, element: DataElement) -> bool:
        if element.keyword == "CodeMeaning":
            scheme = str(level.get("CodingSchemeDesignator") or "")
            return not scheme.startswith("99") or scheme == PRIVATE_SCHEME
        return element.keyword in _OF_MACHINES

    def _change(self, element: DataElement, by: Any) -> None:
        old = [str(value) for value in _several(element)]
        new = [by(value) for value in old]
        if new != old:
            element.value = new if len(new) > 1 else new[0]
            self._told.replaced(_what(element))


def _is_of_the_record(level: Dataset, element: DataElement) -> bool:
    """Whether it is a code of the record's own table, in the table's own words: a role stays, whoever is called like one."""
    if element.keyword not in ("CodeValue", "CodeMeaning", "CodingSchemeDesignator"):
        return False
    key = str(level.get("CodingSchemeDesignator") or ""), str(level.get("CodeValue") or "")
    meaning = table().get(key)
    return meaning is not None and (element.keyword != "CodeMeaning" or str(element.value) == meaning)


def _several(element: DataElement) -> list[Any]:
    value = element.value
    return list(value) if isinstance(value, (MultiValue, list)) else [value]


def _what(element: DataElement) -> str:
    if element.tag.is_private:
        return "private attributes"
    return element.keyword or str(element.tag)


def header_names(dataset: Dataset) -> Iterator[str]:
    """Every name and number of a person, at every depth: words that may nowhere stay."""
    for element in dataset.iterall():
        if element.VR == "PN" or element.keyword in _NAMES:
            yield from (text for value in _several(element) if (text := str(value)).strip() not in _NO_NAMES)
