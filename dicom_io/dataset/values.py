"""What the bytes of a value say, by value representation (PS3.5, 6.2), as plain Python values."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Final

from dicom_io.dataset.tags import NUMBERS


class CannotTell(ValueError):
    """The bytes are not what is read here: stored in another way, strange, or damaged."""


def _decoded(data: bytes, encoding: str) -> str:
    if b"\x1b" in data:
        raise CannotTell("character sets change within a text")
    return data.decode(encoding)


def _one_text(data: bytes, encoding: str) -> str:
    return _decoded(data, encoding).rstrip("\0 ")


def _texts(data: bytes, encoding: str) -> Any:
    text = _decoded(data, encoding)
    if "\\" not in text:
        return text.rstrip("\0 ")
    return [one.rstrip("\0 ") for one in text.split("\\")]


def _names(data: bytes, encoding: str) -> Any:
    names = [one.rstrip("=") for one in _decoded(data.rstrip(b"\0 "), encoding).split("\\")]
    return names[0] if len(names) == 1 else names


def _plain(data: bytes, _encoding: str) -> Any:
    """Several values of the default repertoire, padded at the end alone."""
    text = data.decode("latin-1").rstrip(" \0")
    return text.split("\\") if "\\" in text else text


def _titles(data: bytes, _encoding: str) -> Any:
    texts = [one.strip() for one in data.decode("latin-1").split("\\")]
    return texts[0] if len(texts) == 1 else texts


def _number_texts(of: Callable[[str], int | float]) -> Callable[[bytes, str], Any]:
    def read(data: bytes, _encoding: str) -> Any:
        texts = data.decode("latin-1").strip(" \0").split("\\")
        numbers = [of(text) if text.strip() else "" for text in texts]
        return numbers[0] if len(numbers) == 1 else numbers

    return read


def _numbers(letter: str) -> Callable[[bytes, str], Any]:
    size = struct.calcsize(f"<{letter}")

    def read(data: bytes, _encoding: str) -> Any:
        values = struct.unpack(f"<{len(data) // size}{letter}", data)  # struct.error where a part of a number is left
        return values[0] if len(values) == 1 else list(values)

    return read


def _as_it_is(data: bytes, _encoding: str) -> bytes:
    return data


DECODERS: Final[dict[bytes, Callable[[bytes, str], Any]]] = {
    **dict.fromkeys((b"LT", b"ST", b"UT"), _one_text),
    **dict.fromkeys((b"LO", b"SH", b"UC"), _texts),
    **dict.fromkeys((b"AS", b"CS", b"DA", b"DT", b"TM", b"UI"), _plain),
    **dict.fromkeys((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"UN", b"AT"), _as_it_is),
    b"PN": _names,
    b"AE": _titles,
    b"UR": lambda data, _encoding: data.decode("latin-1").rstrip(),
    b"IS": _number_texts(int),
    b"DS": _number_texts(float),
    **{vr.encode(): _numbers(letter) for vr, letter in NUMBERS.items()},
}
EMPTY_TEXT: Final = frozenset(
    (b"AE", b"AS", b"CS", b"DA", b"DT", b"LO", b"LT", b"PN", b"SH", b"ST", b"TM", b"UC", b"UI", b"UR", b"UT")
)
