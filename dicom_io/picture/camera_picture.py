"""A picture file of a camera (JPEG, PNG): its pixels as they are to be kept, and the little that is taken of its EXIF.

A baseline JPEG that stands upright is kept bit-exact. Whatever cannot stand in an object as it is (one that the camera held
turned, a progressive one, a PNG) is decoded, turned, and kept without loss. Of the EXIF only the turning, the moment and the
camera's maker and model are read, and nothing of it goes on: a place where somebody was photographed is nobody's business.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import simplejpeg

from devices.jpeg.structure import BrokenJpeg
from dicom_io.coding.words import fitted
from dicom_io.errors import CannotOpen, WrongPicture
from dicom_io.picture.bare_jpeg import BareJpeg, bare_jpeg
from dicom_io.picture.decode import Picture

_JPEG: Final = b"\xff\xd8"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_MOST_BYTES: Final = 256 << 20
_MOST_PIXELS: Final = 200_000_000
_LONGEST_SIDE: Final = 65535  # Rows and Columns are unsigned 16 bit
_ORIENTATION, _MAKE, _MODEL, _EXIF = 0x0112, 0x010F, 0x0110, 0x8769
_TAKEN, _OFFSET = 0x9003, 0x9011
_MOMENT: Final = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class CameraPicture:
    """What is kept of a camera's file. Either `jpeg` is the stored picture, or `pixels` (rows x columns x 1 or 3, RGB) are.

    `taken_at` is without a time zone where the camera did not know one. `done` says what was done to the file's bytes;
    `compressed_bytes` is the length of the JPEG that `pixels` were decoded from, None where no loss is known.
    """

    columns: int
    rows: int
    samples: int
    sha256: str
    jpeg: bytes = field(default=b"", repr=False)
    pixels: Picture | None = field(default=None, repr=False)
    compressed_bytes: int | None = None
    icc_profile: bytes = field(default=b"", repr=False)
    taken_at: datetime | None = None
    maker: str = ""
    model: str = ""
    done: tuple[str, ...] = ()

    @property
    def bit_exact(self) -> bool:
        """Whether the camera's own compressed picture is kept."""
        return bool(self.jpeg)


@dataclass(frozen=True, slots=True)
class _Exif:
    orientation: int = 1
    taken_at: datetime | None = None
    maker: str = ""
    model: str = ""


def camera_picture(path: Path) -> CameraPicture:
    """The picture in a file. Raises CannotOpen; WrongPicture where it is damaged, or no picture that can be kept."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise WrongPicture(f"{path} is larger than {_MOST_BYTES >> 20} MiB: choose the picture itself.")
        data = path.read_bytes()
    except OSError as error:
        raise CannotOpen(f"{path} cannot be opened ({error.strerror}): choose a picture that is there.") from error
    if data.startswith(_JPEG):
        return _of_jpeg(path, data)
    if data.startswith(_PNG):
        return _of_png(path, data)
    raise WrongPicture(f"{path} is neither a JPEG nor a PNG: save the photograph as one of them.")


def _of_jpeg(path: Path, data: bytes) -> CameraPicture:
    try:
        bare = bare_jpeg(data)
    except BrokenJpeg as error:
        raise WrongPicture(f"{path} is no whole JPEG ({error}): copy it from the camera again.") from error
    if bare.components not in (1, 3):
        raise WrongPicture(f"{path} has {bare.components} colour components: save it with grey or ordinary colours.")
    exif = _exif_of(path, data)
    try:
        decoded: Picture = simplejpeg.decode_jpeg(bare.data, "GRAY" if bare.components == 1 else "RGB")
    except ValueError as error:
        raise WrongPicture(f"{path} cannot be decoded ({error}): copy it from the camera again.") from error
    done = [f"Left out {', '.join(bare.left_out)}"] if bare.left_out else []
    facts: dict[str, Any] = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "icc_profile": bare.icc_profile,
        "taken_at": exif.taken_at,
        "maker": exif.maker,
        "model": exif.model,
    }
    if exif.orientation == 1 and bare.baseline and not bare.rgb:
        rows, columns, samples = decoded.shape
        return CameraPicture(columns, rows, samples, jpeg=bare.data, done=tuple(done), **facts)
    why = _why_decoded(bare, exif.orientation)
    upright = turned(decoded, exif.orientation)
    rows, columns, samples = upright.shape
    done.append(f"Decoded and kept without further loss, because {why}")
    return CameraPicture(
        columns, rows, samples, pixels=upright, compressed_bytes=len(bare.data), done=tuple(done), **facts
    )


def _why_decoded(bare: BareJpeg, orientation: int) -> str:
    if not bare.baseline:
        return "it is no baseline JPEG"
    return (
        "its colours are red, green and blue" if bare.rgb else f"the camera held it turned (orientation {orientation})"
    )


def _of_png(path: Path, data: bytes) -> CameraPicture:
    from PIL import Image

    damaged = WrongPicture(f"{path} is a damaged PNG: copy it again.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged by its size below
            image = Image.open(io.BytesIO(data), formats=("PNG",))
        with image:
            if image.width * image.height > _MOST_PIXELS or max(image.size) > _LONGEST_SIDE:
                raise WrongPicture(f"{path} has {image.width}x{image.height} pixels, too many: save it smaller.")
            _check_depth(path, image)
            icc = image.info.get("icc_profile") or b""
            exif = _told_by(image)
            plain = np.array(image.convert("L" if image.mode in ("1", "L", "LA") else "RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise damaged from error
    upright = turned(plain[:, :, None] if plain.ndim == 2 else plain, exif.orientation)
    rows, columns, samples = upright.shape
    done = "Kept without loss" + ("" if exif.orientation == 1 else f", turned upright (orientation {exif.orientation})")
    return CameraPicture(
        *(columns, rows, samples, hashlib.sha256(data).hexdigest()),
        pixels=upright,
        icc_profile=icc,
        taken_at=exif.taken_at,
        maker=exif.maker,
        model=exif.model,
        done=(done,),
    )


def _check_depth(path: Path, image: Any) -> None:
    """Raises WrongPicture where a plain picture of 8 bits would not show what this one does."""
    if image.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        raise WrongPicture(f"{path} has more than 8 bits a sample ({image.mode}): save it with 8.")
    if getattr(image, "n_frames", 1) > 1:
        raise WrongPicture(f"{path} holds several pictures: save the one that is meant.")
    if "transparency" in image.info or image.mode in ("LA", "RGBA"):
        least, _ = image.convert("RGBA").getchannel("A").getextrema()
        if least < 255:
            raise WrongPicture(f"{path} is transparent in places: save it without transparency.")


def turned(pixels: Picture, orientation: int) -> Picture:
    """The picture as it was held (EXIF 2.32, 4.6.4 Orientation: 1 to 8), every pixel as it is."""
    upright = pixels
    if orientation >= 5:  # rows and columns change places
        upright = upright.transpose(1, 0, 2)
    if orientation in (3, 4, 7, 8):
        upright = upright[::-1]
    if orientation in (2, 3, 6, 7):
        upright = upright[:, ::-1]
    return np.ascontiguousarray(upright)


def _exif_of(path: Path, data: bytes) -> _Exif:
    """The EXIF of a JPEG. Raises WrongPicture where it is damaged: nobody would know which way is up."""
    from PIL import Image

    damaged = WrongPicture(f"{path} has damaged EXIF, so which way is up is not known: save it anew, upright.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
                return _told_by(image)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError, Image.DecompressionBombError) as error:
        raise damaged from error


def _told_by(image: Any) -> _Exif:
    """Raises ValueError where the orientation is none of eight."""
    exif = image.getexif()
    orientation = exif.get(_ORIENTATION, 1)
    if orientation not in range(1, 9):
        raise ValueError("no such orientation")
    more = exif.get_ifd(_EXIF)
    return _Exif(
        int(orientation),
        _moment(str(more.get(_TAKEN, "")), str(more.get(_OFFSET, ""))),
        fitted(str(exif.get(_MAKE, "")), "LO"),
        fitted(str(exif.get(_MODEL, "")), "LO"),
    )


def _moment(text: str, offset: str) -> datetime | None:
    found = _MOMENT.match(text)
    if found is None:
        return None
    day = "-".join(found.groups()[:3])
    for end in (offset.strip("\0 "), ""):
        try:
            return datetime.fromisoformat(f"{day}T{found.group(4)}{end}")
        except ValueError:
            continue
    return None
