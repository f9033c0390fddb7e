"""Opening a DICOM file with pydicom, and what its many ways to fail mean: the one edge between its errors and ours."""

from __future__ import annotations

import io
import os
import re
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dicom_io.dataset.attributes import AnyItem, Attributes, read_attributes
from dicom_io.errors import CannotOpen, DicomError, NotDicom

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

# Each was seen on files cut at every byte. A plain OSError without a number comes from pydicom, not from the system.
_DAMAGE: Final = (
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    AssertionError,
    struct.error,
    zlib.error,
)

T = TypeVar("T")
_ELEMENT_HEADER_BYTES: Final = 8
_LONG: Final = 1 << 20
_STANDARD_CLASS: Final = "1.2.840.10008.5.1.4."  # storage classes of the standard
_FIRST_GROUPS: Final = (b"\x02\x00", b"\x08\x00", b"\x00\x08")  # meta information, or a data set's first group
_UID: Final = re.compile(r"[0-9]+(\.[0-9]+)*")


def _damage() -> tuple[type[Exception], ...]:
    """What damage is raised as. pydicom's own error counts once pydicom is loaded: who reads by hand does without it."""
    errors = sys.modules.get("pydicom.errors")
    return _DAMAGE if errors is None else (*_DAMAGE, errors.BytesLengthException)


class Watched(io.BufferedReader):
    """A file that remembers when it could not give all that was asked for.

    pydicom takes what there is of a value that is cut short, and a report would be read with findings missing.
    """

    came_short = False

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LONG:  # a damaged length would be taken from memory before a byte is read
            size = min(size, max(os.fstat(self.fileno()).st_size - self.tell(), 0) + 1)
        data = super().read(size)
        # Nothing at all for an element's eight bytes of header is how a file ends.
        if size is not None and len(data) < size and (data or size != _ELEMENT_HEADER_BYTES):
            self.came_short = True
        return data


@contextmanager
def damage_as(told: Callable[[Exception], DicomError]) -> Iterator[None]:
    """What pydicom raises on damaged data, when it parses or later when a value is first looked at, becomes `told` of it."""
    try:
        yield
    except _damage() as error:
        raise told(error) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise told(error) from error


def opened(path: Path) -> io.FileIO:
    """The file, open for reading. Raises CannotOpen."""
    try:
        return path.open("rb", buffering=0)
    except OSError as error:
        raise CannotOpen(f"{path} cannot be opened ({error.strerror}): choose another file.") from error


def damaged(path: Path) -> Callable[[Exception], NotDicom]:
    """The error of a file that is damaged."""
    return lambda error: NotDicom(f"{path} is a damaged DICOM file ({error}).")


def parse(path: Path, *, stop_before_pixels: bool = False) -> tuple[Dataset, int]:
    """The file's data set, and where reading ended: with `stop_before_pixels`, the place of the pixel data's tag.

    Raises NotDicom where the file is none, or damaged; CannotOpen.
    """
    with watched(path) as file, damage_as(damaged(path)):
        dataset = dataset_in(file, stop_before_pixels=stop_before_pixels)
        if file.came_short:
            raise NotDicom(f"{path} is a damaged DICOM file: its end is missing.")
        return dataset, file.tell()


def read_with(path: Path, read: Callable[[AnyItem], T], otherwise: Callable[[], T] | None = None) -> T:
    """What `read` makes of a file's data set, up to its pixel data where it has any.

    The data set is read by hand, and by pydicom where that, or what `read` does with it, meets damage or what is not known
    there: then pydicom's answer, or error, holds. `otherwise` asks pydicom in another way, for another part of the file.
    Raises NotDicom, CannotOpen, and what `read` and `otherwise` raise.
    """
    try:
        return read(read_attributes(path))
    except _damage():
        pass
    except DicomError as error:
        if error.__cause__ is None:  # what the file says, and no damage
            raise
    except OSError as error:
        raise CannotOpen(f"{path} cannot be opened ({error.strerror}): choose another file.") from error
    return read(parse(path, stop_before_pixels=True)[0]) if otherwise is None else otherwise()


def read_by_hand(path: Path) -> Attributes | None:
    """A file's data set up to its pixel data; None where only pydicom can read it, or nobody. Raises CannotOpen."""
    try:
        return read_attributes(path)
    except _damage():
        return None
    except OSError as error:
        raise CannotOpen(f"{path} cannot be opened ({error.strerror}): choose another file.") from error


def watched(path: Path) -> Watched:
    """The file, open for `dataset_in`. Raises CannotOpen."""
    return Watched(opened(path))


def dataset_in(file: Watched, *, stop_before_pixels: bool = False, only: list[str] | None = None) -> Dataset:
    """The data set of an open file, with meta information made up where the file has none: its transfer syntax.

    Files of old equipment and of some exports begin with the data set itself. `only`: the keywords that are wanted. Raises
    NotDicom where the file does not look like a data set either, and what pydicom raises on damage (see `damage_as`).
    """
    from pydicom.errors import InvalidDicomError
    from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

    from dicom_io.dataset.lenient import dcmread

    wanted: dict[str, Any] = {"specific_tags": list(only)} if only else {}
    try:
        return dcmread(file, stop_before_pixels=stop_before_pixels, **wanted)
    except InvalidDicomError as error:
        file.seek(0)
        if file.read(2) not in _FIRST_GROUPS:
            raise NotDicom(f"{file.name} is not a DICOM file: choose another.") from error
        file.seek(0)
    dataset = dcmread(file, stop_before_pixels=stop_before_pixels, force=True, **wanted)
    sop_class = str(dataset.get("SOPClassUID") or "")
    if not sop_class.startswith(_STANDARD_CLASS) or not _UID.fullmatch(sop_class):
        raise NotDicom(f"{file.name} is not a DICOM file: choose another.")
    if "TransferSyntaxUID" not in dataset.file_meta:
        implicit, little = dataset.original_encoding
        dataset.file_meta.TransferSyntaxUID = (
            ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian if little else ExplicitVRBigEndian
        )
    return dataset
