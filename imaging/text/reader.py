"""One OCR engine for the whole program, behind two calls: find and read all lines, or read a strip that is known."""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from imaging.pictures import Bgr

Box = tuple[int, int, int, int]
_THREADS: Final = 1  #: of the engine: the picture, the disk and the window go first
#: The engine keeps the words of each call for the next: all are given each time, by one caller at a time.
_TURN: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text: `box` [x0, y0, x1, y1] in pixels, x1 and y1 exclusive; `confidence` 0 to 1 is the engine's own."""

    text: str
    box: Box
    confidence: float


class TextReader:
    """Finds and reads text. Making one is cheap; the engine (0.5 s, 150 MB) is loaded at the first reading, once."""

    def find(self, picture: Bgr) -> list[TextLine]:
        """Every line of text that the engine finds, from top to bottom (1 to 4 s for a whole screen)."""
        with _TURN:
            found = _engine()(np.ascontiguousarray(picture), use_det=True, use_rec=True, use_cls=False)
        if found.boxes is None:
            return []
        lines = [
            TextLine(str(text), _upright(corners, picture.shape), float(score))
            for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        ]
        return sorted(lines, key=lambda line: (line.box[1], line.box[0]))

    def read(self, strips: Sequence[Bgr]) -> list[tuple[str, float]]:
        """What each strip says, one upright line each, and the confidence; the text is empty where nothing is read."""
        if not strips:
            return []
        answers = []
        for strip in strips:
            with _TURN:
                found = _engine()(np.ascontiguousarray(strip), use_det=False, use_rec=True, use_cls=False)
            answers.append((str(found.txts[0]), float(found.scores[0])) if found.txts else ("", 0.0))
        return answers


@functools.cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": _THREADS,
        }
    )


def _upright(corners: Any, shape: tuple[int, ...]) -> Box:
    points = np.asarray(corners, float)
    x0, y0 = np.floor(points.min(axis=0)).astype(int)
    x1, y1 = np.ceil(points.max(axis=0)).astype(int)
    return max(0, int(x0)), max(0, int(y0)), min(shape[1], int(x1)), min(shape[0], int(y1))
