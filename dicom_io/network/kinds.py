"""Which of our own objects a server takes, without sending one: all of them are proposed, and the answer is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dicom_io.errors import NotAccepted
from dicom_io.network.associate import associate, name_of
from dicom_io.network.negotiate import Proposal
from dicom_io.network.node import Node, Patience

_JPEG, _RLE, _EXPLICIT = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.1"

#: What the program writes (docs/reference/conformance-statement.md): SOP class, transfer syntax.
OUR_KINDS: Final = (
    ("1.2.840.10008.5.1.4.1.1.3.1", _JPEG),
    ("1.2.840.10008.5.1.4.1.1.3.1", _RLE),
    ("1.2.840.10008.5.1.4.1.1.6.1", _JPEG),
    ("1.2.840.10008.5.1.4.1.1.6.1", _RLE),
    ("1.2.840.10008.5.1.4.1.1.77.1.4", _JPEG),
    ("1.2.840.10008.5.1.4.1.1.77.1.4", _RLE),
    ("1.2.840.10008.5.1.4.1.1.88.33", _EXPLICIT),
    ("1.2.840.10008.5.1.4.1.1.88.22", _EXPLICIT),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of object in one transfer syntax (UIDs), and whether the server takes it."""

    sop_class: str
    transfer_syntax: str
    taken: bool

    @property
    def name(self) -> str:
        return name_of(self.sop_class)

    @property
    def syntax_name(self) -> str:
        return name_of(self.transfer_syntax)

    def to_json(self) -> dict[str, object]:
        return {
            "sop_class": self.sop_class,
            "transfer_syntax": self.transfer_syntax,
            "taken": self.taken,
            "name": f"{self.name}, {self.syntax_name}",
        }


def kinds_taken(node: Node, patience: Patience | None = None) -> list[Kind]:
    """Each of our kinds, and whether the node takes it. Raises NetworkError's kinds, but not NotAccepted."""
    proposals = [Proposal(sop_class, (syntax,)) for sop_class, syntax in OUR_KINDS]
    try:
        with associate(node, proposals, patience) as association:
            taken = set(association.agreed.contexts)
    except NotAccepted:
        taken = set()
    return [Kind(*kind, taken=kind in taken) for kind in OUR_KINDS]
