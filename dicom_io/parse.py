"""Opening a DICOM file with pydicom, and what its many ways to fail mean: the one edge between its errors and ours."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydicom import config, dcmread
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException, InvalidDicomError

from dicom_io.errors import CannotOpen, DicomError, NotDicom

# Each was seen on files cut at every byte. A plain OSError without a number comes from pydicom, not from the system.
_DAMAGE: Final = (
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    NotImplementedError,
    OverflowError,
    struct.error,
    BytesLengthException,
)

_ELEMENT_HEADER_BYTES: Final = 8

# A value that breaks the standard is read as it is. pydicom would warn, and repeat the value: it may be a patient's name.
config.settings.reading_validation_mode = config.IGNORE


class _Watched(io.BufferedReader):
    """A file that remembers when it could not give all that was asked for.

    pydicom takes what there is of a value that is cut short, and a report would be read with findings missing.
    """

    came_short = False

    def read(self, size: int | None = -1, /) -> bytes:
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
    except _DAMAGE as error:
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
    with _Watched(opened(path)) as file, damage_as(damaged(path)):
        try:
            dataset: Dataset = dcmread(file, stop_before_pixels=stop_before_pixels)
        except InvalidDicomError as error:
            raise NotDicom(f"{path} is not a DICOM file: choose another.") from error
        if file.came_short:
            raise NotDicom(f"{path} is a damaged DICOM file: its end is missing.")
        return dataset, file.tell()
