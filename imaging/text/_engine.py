"""The OCR engine's two networks, called with our own cuts: where text stands in an area, what a strip says.

PP-OCR of PaddleOCR (https://github.com/PaddlePaddle/PaddleOCR, Apache-2.0), as RapidOCR packages it: detection by
differentiable binarisation (Liao et al., AAAI 2020), recognition by CTC. RapidOCR's own pipeline enlarges every picture
to 736 pixels and cuts letters off at the ends of small lines, so its steps are done here: 1 s for a megapixel looked at,
10 ms for a word read, on one core.
"""

from __future__ import annotations

import functools
import math
import re
import threading
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.remembered import PixelMemory

Box = tuple[int, int, int, int]

_THREADS: Final = 1  #: of the engine: the picture, the disk and the window go first
_STRIDE: Final = 32  #: the detector's input is a multiple of it
_INK: Final = 0.3  #: the detector's threshold of a text pixel, and of a text's mean, as PP-OCR has them
_TEXT: Final = 0.45
_GROW: Final = 1.6  #: the detector marks the core of a line: its box is that much larger (Liao et al., "unclip")
_STRIP_ROWS: Final = 48  #: the recogniser's input height
_SHORTEST: Final = 160  #: and its least width: a lone letter on less is read badly
_COLUMN: Final = 8  #: pixels of the recogniser's input for one of its steps
#: Of Japanese words for settings. A single one looks like a Latin letter or a stroke: they count in such words only.
_KANA: Final = frozenset("ゲインフレームレートダナミックレンジさ")
_JAPANESE: Final = re.compile("[ァ-ヶー]{3}|深さ")
#: The engine's models are shared: one caller at a time.
_TURN: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Letter:
    """One read character: its centre as a part (0 to 1) of the strip's width, and the engine's confidence."""

    text: str
    place: float
    confidence: float


class Engine:
    """The two networks. Loading takes 0.5 s and 150 MB; `engine()` does it once."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        self._whole = whole = RapidOCR(
            params={
                "Global.log_level": "critical",
                "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
                "EngineConfig.onnxruntime.inter_op_num_threads": _THREADS,
            }
        )
        self._detector: Any = whole._load_det_model().session
        recogniser = whole._load_rec_model()
        self._recogniser: Any = recogniser.session
        characters: list[str] = recogniser.postprocess_op.character
        self._characters = characters
        self._strips: PixelMemory[tuple[str, float]] = PixelMemory()
        self._words: PixelMemory[tuple[Letter, ...]] = PixelMemory()
        self._allowed = np.array([number for number, one in enumerate(characters) if _on_a_screen(one) or not number])
        kana = [number for number, one in enumerate(characters) if one in _KANA]
        self._with_kana = np.sort(np.concatenate([self._allowed, np.array(kana, self._allowed.dtype)]))

    def detect(self, area: Bgr, scale: float) -> list[tuple[float, float, float, float]]:
        """Upright boxes (x0, y0, x1, y1) of text lines in `area`'s pixels, looked at `scale` times enlarged."""
        rows, columns = (max(_STRIDE, math.ceil(side * scale / _STRIDE) * _STRIDE) for side in area.shape[:2])
        x_scale, y_scale = columns / area.shape[1], rows / area.shape[0]
        kind = cv2.INTER_CUBIC if scale >= 1 else cv2.INTER_AREA
        seen = cv2.resize(area, (columns, rows), interpolation=kind)
        with _TURN:
            probability = self._detector(_normal(seen)[np.newaxis])[0, 0]
        ink = cv2.dilate((probability > _INK).astype(np.uint8), np.ones((2, 2), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
        if count < 2:
            return []
        means = np.bincount(labels.ravel(), probability.ravel(), count) / np.bincount(labels.ravel(), minlength=count)
        boxes = []
        for (x, y, width, height, _area), mean in zip(stats[1:], means[1:], strict=True):
            if mean < _TEXT or min(width, height) < 3:
                continue
            grow = width * height * _GROW / (2 * (width + height))
            boxes.append(
                (
                    (x - grow) / x_scale,
                    (y - grow) / y_scale,
                    (x + width + grow) / x_scale,
                    (y + height + grow) / y_scale,
                )
            )
        return boxes

    def read_strip(self, strip: Bgr) -> tuple[str, float]:
        """What one upright line says by RapidOCR's own steps, which enlarge a small strip more; and the confidence."""
        return self._strips.answer(strip, self._read_strip)

    def _read_strip(self, strip: Bgr) -> tuple[str, float]:
        with _TURN:
            found = self._whole(strip, use_det=False, use_rec=True, use_cls=False)
        return (str(found.txts[0]), float(found.scores[0])) if found.txts else ("", 0.0)

    def recognise(self, strip: Bgr) -> tuple[Letter, ...]:
        """What one upright line of text says, letter by letter."""
        return self._words.answer(strip, self._recognise)

    def _recognise(self, strip: Bgr) -> tuple[Letter, ...]:
        width = max(1, round(strip.shape[1] * _STRIP_ROWS / strip.shape[0]))
        shrinks = strip.shape[0] > _STRIP_ROWS
        seen = cv2.resize(strip, (width, _STRIP_ROWS), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
        padded = np.zeros((1, 3, _STRIP_ROWS, max(_SHORTEST, math.ceil(width / _COLUMN) * _COLUMN)), np.float32)
        padded[0, :, :, :width] = _normal(seen)
        with _TURN:
            steps = self._recogniser(padded)[0]
        as_wide = padded.shape[3] / width
        japanese = self._letters(steps, self._with_kana, as_wide)
        if _JAPANESE.search("".join(letter.text for letter in japanese)):
            return japanese
        return self._letters(steps, self._allowed, as_wide)

    def _letters(
        self, steps: npt.NDArray[np.float32], allowed: npt.NDArray[np.int64], as_wide: float
    ) -> tuple[Letter, ...]:
        """The likeliest character of each step, each once; `as_wide`: the input's width over the strip's."""
        steps = steps[:, allowed]
        best = steps.argmax(axis=1)
        letters = []
        before = 0
        for step, choice in enumerate(best):
            if choice and choice != before:
                place = min(1.0, (step + 0.5) * as_wide / len(best))
                letters.append(Letter(self._characters[allowed[choice]], place, float(steps[step, choice])))
            before = choice
        return tuple(letters)


@functools.cache
def engine() -> Engine:
    """The one engine of the program."""
    with _LOADING:
        return _loaded()


_LOADING: Final = threading.Lock()


@functools.cache
def _loaded() -> Engine:
    return Engine()


def _normal(picture: Bgr) -> npt.NDArray[np.float32]:
    return np.asarray((picture.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1), np.float32)


def _on_a_screen(character: str) -> bool:
    """Latin, Cyrillic and Chinese text, digits and signs: what else the engine knows looks like these and is not."""
    if character == " " or character.isascii():
        return True
    if character in "ıĿŀ" or unicodedata.normalize("NFKC", character) != character:
        return False
    name = unicodedata.name(character, "")
    return name.startswith(("LATIN ", "CYRILLIC ", "CJK UNIFIED")) or character in "°µ±×·²³"
