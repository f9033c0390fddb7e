"""The echoes of the probe itself at the top of the picture, which are not skin.

The transducer rings on after its pulse (the 'main bang'), so that the first tenths of a millimetre are bright whatever lies
below; gel shows as the dark gap between them and the skin's entry echo (Kremkau, Sonography Principles, reverberation and
near-field clutter). Limit: where the probe lies on the skin without gel the two are one and cannot be told apart: then
nothing is taken off.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

#: mm within which the ringing has fallen to half. Skin is thicker: 0.9 mm and more but on the lids (clinical.md 3.1).
_RINGS_MM: Final = 0.55
#: mm of gel at most: stand-offs are 2 to 5 mm (clinical.md 1.8), measured from the probe's face.
_GEL_MM: Final = 5.0
_GAP: Final = 0.6  #: the gap's brightness at most, as a part of the ringing's and of what follows it
#: The same where a thin film of gel or high gain leaves the gap half bright, and mm within which it then lies: the upper
#: dermis is a valley too, but of tissue, and so speckled. Ringing and gel are alike from beam to beam.
_SHALLOW_GAP, _SHALLOW_MM, _CALM = 0.75, 0.7, 0.66


def ringing_rows(grey: Floats, dark: float, px_per_mm: float, noise: float = 0.0) -> int:
    """How many rows at the top of `grey` (rows, strips) hold the probe's ringing, down to the darkest row; else 0.

    `noise`: median difference of neighbouring strips where there is tissue, grey levels; 0: not known.
    """
    profile = np.asarray(np.median(grey, axis=1) - dark, np.float64)
    top = float(profile[: max(1, round(0.1 * px_per_mm))].max(initial=0.0))
    if top < 20:
        return 0
    reach = profile[: round(_GEL_MM * px_per_mm) + 1]
    return _deep_gap(profile, reach, top, px_per_mm) or _shallow_gap(grey, reach, top, px_per_mm, noise)


def _deep_gap(profile: Doubles, reach: Doubles, top: float, px_per_mm: float) -> int:
    half = np.flatnonzero(profile < 0.5 * top)
    if half.size == 0 or half[0] > _RINGS_MM * px_per_mm:
        return 0
    # The first rise behind the fall that is as bright as skin: what is darkest before it is the gap.
    bright = np.flatnonzero(reach[half[0] :] > 0.6 * float(profile.max()))
    if bright.size == 0:
        return 0
    end = int(half[0] + bright[0])
    gap = int(half[0] + np.argmin(profile[half[0] : end + 1]))
    return gap if profile[gap] <= _GAP * min(top, float(profile[end])) else 0


def _shallow_gap(grey: Floats, reach: Doubles, top: float, px_per_mm: float, noise: float) -> int:
    rises = np.flatnonzero(np.diff(reach) > 0)
    rises = rises[rises >= 0.1 * px_per_mm]
    if rises.size == 0 or rises[0] > _SHALLOW_MM * px_per_mm:
        return 0
    gap = int(rises[0])
    behind = reach[gap : gap + round(_SHALLOW_MM * px_per_mm) + 1]
    if reach[gap] > _SHALLOW_GAP * min(top, float(behind.max())):
        return 0
    film = np.median(np.abs(np.diff(grey[gap // 2 : gap + 1], axis=1)), axis=1)
    return gap if float(film.mean()) < _CALM * noise else 0
