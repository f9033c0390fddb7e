"""One code: its value, scheme and meaning, and how it stands in a code sequence."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from dicom_io.dataset.plain_dataset import ConstantItem
from dicom_io.dataset.raw_items import element, item

PRIVATE_SCHEME: Final = "99SONOFILL"


class Concept(NamedTuple):
    """One code: value (at most 16 characters), scheme designator, meaning (at most 64 characters)."""

    value: str
    scheme: str
    meaning: str

    def item(self) -> ConstantItem:
        """The code as an item of a code sequence, the same each time: it cannot be changed."""
        return _constant(self)

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"


@cache
def _constant(concept: Concept) -> ConstantItem:
    return ConstantItem(CodeValue=concept.value, CodingSchemeDesignator=concept.scheme, CodeMeaning=concept.meaning)


def private(value: str, meaning: str) -> Concept:
    """A code of our own scheme."""
    return Concept(value, PRIVATE_SCHEME, meaning)


@cache
def code(keyword: str, concept: Concept) -> bytes:
    """A code sequence with one code."""
    one = item(
        element("CodeValue", concept.value),
        element("CodingSchemeDesignator", concept.scheme),
        element("CodeMeaning", concept.meaning),
    )
    return element(keyword, [one])
