"""The scale where the picture does not tell: a person points at two places whose distance is known; and its memory.

The error of pointing is what limits it: one pixel (standard deviation, along the line) at either end, so that the 95 %
interval of the length is 1.96 * sqrt(2) pixels. Pixels are taken to be square.

A two-point scale is remembered only for a screen that shows something to check it against: a ruler (though without
numbers) or a stated depth. It is used again only where the frame's size, the place of the picture, and each of those are
the same.
"""

from __future__ import annotations

import json
import logging
import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from imaging.errors import CannotTell
from imaging.scale.looking import Seen
from imaging.scale.millimetres import Scale

log = logging.getLogger(__name__)

POINTING_PIXELS: Final = 1.0  #: standard deviation of one pointing along the line
_LEAST_LENGTH: Final = 20.0  #: pixels; shorter, pointing alone makes it worse than 14 %
#: mm a pixel: finer or coarser shows no probe, from 10 mm of skin on a 4K screen to 400 mm in a corner of 200 pixels.
_FINEST: Final = 0.002
_COARSEST: Final = 3.0
_VERSION: Final = 1
_BOX_MOVED: Final = 0.06  #: of the picture's side
_SPACING_OFF: Final = 0.005


@dataclass(frozen=True, slots=True)
class ScreenPrint:
    """What a screen shows that ties a scale to a probe and a depth: frame size [columns, rows], picture's box, the best
    ruler's way and spacing in pixels (0 for none), the stated depths in mm."""

    size: tuple[int, int]
    box: tuple[int, int, int, int]
    way: tuple[float, float]
    spacing: float
    depths_mm: tuple[float, ...]

    @property
    def tells(self) -> bool:
        """Whether there is anything that a change of depth would change."""
        return self.spacing > 0 or bool(self.depths_mm)

    def fits(self, other: ScreenPrint) -> bool:
        """Whether `other` is the same probe's screen at the same depth, as far as can be seen."""
        wide = max(1, self.box[2] - self.box[0], self.box[3] - self.box[1])
        moved = max(abs(a - b) for a, b in zip(self.box, other.box, strict=True)) / wide
        if self.size != other.size or moved > _BOX_MOVED or self.depths_mm != other.depths_mm:
            return False
        if (self.spacing > 0) != (other.spacing > 0):
            return False
        return self.spacing == 0 or abs(math.log(self.spacing / other.spacing)) <= _SPACING_OFF


@dataclass(frozen=True, slots=True)
class Remembered:
    """A two-point scale under a name, with the screen that it belongs to."""

    name: str
    mm_per_pixel: float
    relative_uncertainty: float
    screen: ScreenPrint


def two_point_scale(
    a: tuple[float, float], b: tuple[float, float], length_mm: float, box: tuple[int, int, int, int]
) -> Scale:
    """The scale by which `a` and `b` ([column, row] in pixels) are `length_mm` apart. Raises ValueError where it is none."""
    pixels = math.hypot(b[0] - a[0], b[1] - a[1])
    if not (math.isfinite(pixels) and pixels >= _LEAST_LENGTH):
        raise ValueError(f"The points are {pixels:.0f} pixels apart: choose two at least {_LEAST_LENGTH:.0f} apart.")
    if not (math.isfinite(length_mm) and length_mm > 0):
        raise ValueError(f"A distance of {length_mm} mm is none: give the true one.")
    if not _FINEST <= length_mm / pixels <= _COARSEST:
        raise ValueError(
            f"{length_mm:g} mm over {pixels:.0f} pixels would be {length_mm / pixels:.3g} mm a pixel, which no ultrasound "
            "picture has: give the true distance, in mm."
        )
    relative = 1.96 * math.sqrt(2) * POINTING_PIXELS / pixels
    return Scale(length_mm / pixels, length_mm / pixels, box, "two-point", relative)


def screen_print(seen: Seen, size: tuple[int, int]) -> ScreenPrint:
    """The print of a screen that was looked at; `size` of the frame [columns, rows]."""
    rulers = [one.ruler for one in seen.rulers if len(one.ruler.places) >= 5 and one.ruler.worth >= 4]
    best = rulers[0] if rulers else None
    depths = sorted({mm for text in seen.texts for mm in text.candidates_mm})
    way = best.way if best else (0.0, 1.0)
    return ScreenPrint(size, seen.region.box, way, best.spacing if best else 0.0, tuple(depths))


def remember(folder: Path, entry: Remembered) -> None:
    """Keep `entry` in `folder`/calibrations.json, in place of one of the same name. Raises CannotTell where the screen shows
    nothing to check it against, OSError where the folder cannot be written."""
    if not entry.screen.tells:
        raise CannotTell(
            "The screen shows neither ruler nor depth, so a change of depth could not be seen: the scale holds for this file "
            "only and is not remembered."
        )
    _write(folder, [*(known for known in recall_all(folder) if known.name != entry.name), entry])


def forget(folder: Path, name: str) -> None:
    """Remember the scale of this name no longer; nothing where there is none. OSError where the folder cannot be written."""
    known = recall_all(folder)
    left = [entry for entry in known if entry.name != name]
    if left != known:
        _write(folder, left)


def _write(folder: Path, entries: Sequence[Remembered]) -> None:
    content = {"version": _VERSION, "calibrations": [asdict(entry) for entry in entries]}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "calibrations.json"
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def recall_all(folder: Path) -> list[Remembered]:
    """What is remembered; nothing where there is no file yet. A file that makes no sense is logged, and left alone."""
    path = folder / "calibrations.json"
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["version"] != _VERSION:
            raise ValueError(f"version {content['version']!r}")
        return [_entry(known) for known in content["calibrations"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("The remembered calibrations in %s cannot be read (%s).", path, error)
        return []


def _entry(known: dict[str, Any]) -> Remembered:
    screen = known["screen"]
    x0, y0, x1, y1 = (int(v) for v in screen["box"])
    size = (int(screen["size"][0]), int(screen["size"][1]))
    way = (float(screen["way"][0]), float(screen["way"][1]))
    depths = tuple(float(v) for v in screen["depths_mm"])
    value, relative = float(known["mm_per_pixel"]), float(known["relative_uncertainty"])
    if not (0 < value < 10 and 0 < relative < 1):
        raise ValueError(f"a scale of {value} ± {relative}")
    print_of = ScreenPrint(size, (x0, y0, x1, y1), way, float(screen["spacing"]), depths)
    return Remembered(str(known["name"]), value, relative, print_of)


def recall(known: Sequence[Remembered], screen: ScreenPrint) -> Remembered | None:
    """The one whose screen fits; None where none does, or where two that differ do."""
    fitting = [entry for entry in known if screen.tells and entry.screen.fits(screen)]
    if not fitting or any(abs(e.mm_per_pixel / fitting[0].mm_per_pixel - 1) > 0.02 for e in fitting):
        return None
    return fitting[0]
