"""A DICOM image or clip as a film, at the times that its header gives.

Every kind of image plays, ultrasound or not: what is in the picture is not this room's question. JPEG Baseline is
handed over as it stands in the file (without DICOM's own padding byte); the rest is decoded.
"""

from __future__ import annotations

import itertools
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.encaps import generate_frames
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.pixels.processing import apply_color_lut
from pydicom.pixels.utils import iter_pixels
from pydicom.uid import UID, JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1

from devices.cv import cv2
from devices.errors import UnreadableFile
from devices.films.dicom_times import frame_offsets_ns
from devices.films.film import ASSUMED_FPS, Film, raw_bytes, raw_format, usual_fps
from devices.jpeg import structure
from devices.source import PixelFormat, StreamFormat

#: JPEG processes that pydicom needs an extra package for; OpenCV's libjpeg-turbo decodes their grey pictures.
_OTHER_JPEG: Final = (JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1)

#: Modalities that may be ultrasound: screens are often stored as 'other', and some headers say nothing.
_ULTRASOUND = ("US", "IVUS", "OT", "")
#: What pydicom raises for headers and pixels that are damaged or of a kind that it does not know.
_DAMAGED: Final = (
    *(ValueError, RuntimeError, AttributeError, KeyError, TypeError, IndexError, ArithmeticError, EOFError, OSError),
    *(MemoryError, struct.error, BytesLengthException, InvalidDicomError),
)


class DicomFilm(Film):
    """A DICOM file with pixels. Raises UnreadableFile for any other."""

    what = "a DICOM file"

    def __init__(self, path: Path) -> None:
        self._path = path
        with _told("The DICOM file cannot be played: its header is damaged."):
            self._open()

    def _open(self) -> None:
        with _quiet(), self._path.open("rb") as file:
            self._header = header = pydicom.dcmread(file, stop_before_pixels=True)
            self._pixels_at = file.tell()
            has_pixels = file.read(4) == b"\xe0\x7f\x10\x00"
        if not has_pixels or "Rows" not in header:
            kind = _known_name(header.get("SOPClassUID"))
            raise UnreadableFile(f"The DICOM file holds no picture ({kind}): choose an image or a clip.")
        modality = str(header.get("Modality") or "")
        if modality not in _ULTRASOUND:
            raise UnreadableFile(
                f"The DICOM file is not ultrasound (its modality is {modality[:16]!r}): choose an ultrasound picture or clip."
            )
        self._count = int(header.get("NumberOfFrames") or 1)
        self._syntax = header.file_meta.TransferSyntaxUID
        offsets_ns = frame_offsets_ns(header, self._count)
        self._baseline = self._syntax == JPEGBaseline8Bit and self._jpegs_may_pass(header)
        assumed = offsets_ns is None and self._count > 1
        self._offsets_ns = offsets_ns or [round(i * 1e9 / ASSUMED_FPS) for i in range(self._count)]
        fps = usual_fps(self._offsets_ns) or ASSUMED_FPS
        if self._baseline:
            parts = structure.layout(next(self._jpegs()))
            self.stream_format = StreamFormat(PixelFormat.MJPEG, parts.width, parts.height, fps)
            self.delivers = "The file's own JPEG frames, untouched."
        else:
            first = next(self._pictures(), None)
            if first is None:
                raise UnreadableFile("The DICOM file holds no frame: choose an image or a clip.")
            self.stream_format = raw_format(first, fps)
            self.delivers = "Decoded frames."
        if assumed:
            self.delivers += f" The file tells no times: {ASSUMED_FPS:g}/s is assumed."

    def frames(self) -> Iterator[tuple[bytes, int]]:
        """The frames from the beginning."""
        pictures = self._jpegs() if self._baseline else (raw_bytes(picture) for picture in self._pictures())
        yield from zip(pictures, self._offsets_ns, strict=False)

    def _jpegs_may_pass(self, header: pydicom.Dataset) -> bool:
        """Whether every reader will see the right colours in the bare JPEG of the first frame."""
        first = next(self._jpegs())
        try:
            parts = structure.layout(first)
        except structure.BrokenJpeg:
            return False
        # A JPEG of red, green and blue without a marker that says so is taken for YCbCr by whoever has not the header.
        marked = b"JFIF\x00" in first[: parts.scan_offset] or b"Adobe" in first[: parts.scan_offset]
        return parts.has_huffman_tables and (header.get("PhotometricInterpretation") != "RGB" or marked)

    def _jpegs(self) -> Iterator[bytes]:
        """The JPEG of each frame, read one at a time."""
        with self._path.open("rb") as file:
            file.seek(self._pixels_at + 12)  # tag, VR, reserved, undefined length: encapsulated data is explicit VR
            given = 0
            with _told("The DICOM file is cut short: a frame is missing or damaged."):
                for data in generate_frames(file, number_of_frames=self._count):
                    end = data.rfind(b"\xff\xd9")
                    given += 1
                    yield data[: end + 2] if len(data) - end == 3 and data[-1] == 0 else data
        if given < self._count:
            raise UnreadableFile(f"The DICOM file is cut short: it holds {given} of its {self._count} frames.")

    def _pictures(self) -> Iterator[NDArray[np.uint8]]:
        """Each frame decoded: (height, width) grey or (height, width, 3) BGR."""
        by_opencv = self._syntax in _OTHER_JPEG and self._header.get("SamplesPerPixel") == 1
        encoding = _known_name(self._syntax)
        with _told(
            f"The pixels of the DICOM file ({encoding}) are damaged, or of a kind that this program cannot decode."
        ):
            for array in self._grey_jpegs() if by_opencv else self._arrays():
                yield self._as_bytes(array)

    def _arrays(self) -> Iterator[NDArray[np.generic]]:
        with _quiet():
            arrays = iter_pixels(self._path)
            first = next(arrays, None)
        if first is not None:
            yield from itertools.chain([first], arrays)

    def _grey_jpegs(self) -> Iterator[NDArray[np.generic]]:
        for data in self._jpegs():
            picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_UNCHANGED)
            if picture is None or picture.ndim != 2:
                raise ValueError("not a grey JPEG that OpenCV can decode")
            yield picture

    def _as_bytes(self, array: NDArray[np.generic]) -> NDArray[np.uint8]:
        header = self._header
        colours = header.get("PhotometricInterpretation")
        if colours == "PALETTE COLOR":
            coloured = apply_color_lut(array, header)
            array = coloured if coloured.dtype == np.uint8 else (coloured.astype(np.uint16) >> 8).astype(np.uint8)
        if array.ndim == 3:
            return np.asarray(array[..., ::-1], dtype=np.uint8)
        grey = _eight_bits(array, header)
        return 255 - grey if colours == "MONOCHROME1" else grey


def _known_name(uid: object) -> str:
    """The standard's name for a UID. Never the UID's own text: in a damaged header it holds whatever came next."""
    return uid.name if isinstance(uid, UID) and uid.type else "of an unknown kind"


def _eight_bits(array: NDArray[np.generic], header: pydicom.Dataset) -> NDArray[np.uint8]:
    """Grey values for a screen: the header's first window where there is one, else the whole range of stored values."""
    if array.dtype == np.uint8 and "WindowCenter" not in header:
        return np.asarray(array, dtype=np.uint8)
    values = array.astype(np.float32) * float(header.get("RescaleSlope", 1)) + float(header.get("RescaleIntercept", 0))
    if "WindowCenter" in header and "WindowWidth" in header:
        centre, width = (float(np.atleast_1d(header[name].value)[0]) for name in ("WindowCenter", "WindowWidth"))
        low, high = centre - width / 2, centre + width / 2
    else:
        bits = int(header.BitsStored)
        low = -float(2 ** (bits - 1)) if header.get("PixelRepresentation") else 0.0
        high = low + 2**bits - 1
    scaled = (values - low) * (255 / max(high - low, 1))
    grey: NDArray[np.uint8] = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    return grey


@contextmanager
def _told(sentence: str) -> Iterator[None]:
    """Whatever the libraries raise for damaged content becomes UnreadableFile with this sentence."""
    try:
        yield
    except (*_DAMAGED, cv2.error) as error:
        raise UnreadableFile(sentence) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Oddities of a header, on which pydicom warns, do not matter for playing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
