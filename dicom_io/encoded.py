"""A DICOM object that is ready to be written: its identity, and its bytes in order.

Large objects are never held in memory: their parts are byte ranges of files that exist (the spool, a scratch file), which
whoever writes them hands to the kernel. `dicom_io` makes such objects, `archive` writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from acquisition.cine import FileRange

Part = bytes | FileRange


class Instance(Protocol):
    """Whatever a hierarchical reference can name: an object to be written, or one that was read."""

    @property
    def sop_instance_uid(self) -> str: ...
    @property
    def sop_class_uid(self) -> str: ...
    @property
    def study_instance_uid(self) -> str: ...
    @property
    def series_instance_uid(self) -> str: ...


class Picture(Instance, Protocol):
    """An instance whose frames can be named."""

    @property
    def number_of_frames(self) -> int: ...


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A stored instance, to be referred to."""

    sop_instance_uid: str
    sop_class_uid: str
    study_instance_uid: str
    series_instance_uid: str
    number_of_frames: int


@dataclass(frozen=True, slots=True)
class EncodedObject:
    """One SOP instance as the bytes of a DICOM file (preamble and meta information included)."""

    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    study_instance_uid: str
    series_instance_uid: str
    number_of_frames: int
    parts: tuple[Part, ...] = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return sum(len(p) if isinstance(p, bytes) else p.length for p in self.parts)

    def __iter__(self) -> Iterator[Part]:
        return iter(self.parts)
