"""A table from colour to place on the bar: made once for a bar, looked up for each pixel of each frame.

The colour cube is cut into 32 steps a channel. A cell is flow where its colour, less the tint that grey has on this
screen, points in the direction of a colour of the bar, and is that colour alone or mixed with grey (makers blend flow
with the tissue behind it, and codecs blend it with what is beside it).

Maps that end in white are pale there: paler than what a codec makes of grey on some screens. Such a colour is *faint*: how
pale it may be follows how even grey is on this very screen, and it counts only where it hangs together with plain flow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.flow._colour import Floats, Tint, opponent
from imaging.flow.bar import ColourBar
from imaging.pictures import Bgr

_BITS: Final = 5
NOTHING: Final = 255  #: in the table of places: no colour of the bar
FAINT: Final = 64  #: added to the row of the bar where the colour is so pale that plain flow must be beside it
PALE: Final = 254  #: as white as the bar's fast end: flow where flow surrounds it, tissue elsewhere

_PLAIN: Final = 24.0  #: colour difference from grey below which nothing is claimed: JPEG's errors on grey stay below 15
_FAINTER: Final = 12.0  #: the same where it is dark: a codec's errors shrink with the light there is, and so do colours
_GROWS: Final = 0.25  #: of it, for each grey level
_FAINTEST: Final = 8.0  #: colour difference that is never claimed, however even grey is
_ABOVE_NOISE: Final = 2.5  #: and how many times `Tint.noise` more
_PURE: Final = 0.62  #: the least part of the bar's colour in a faint one
_LIGHT: Final = 0.75  #: of the luminance of a bar's pale or white end, down to which a colour may be its
_WHITE: Final = 150.0  #: luminance from which a colourless end of a bar is white
_SHARE: Final = 0.38  #: the least part of the bar's colour in a mixture
_ASIDE: Final = 9.0  #: distance from the line between grey and the bar's colour, plus a fifth of the colour's strength


@dataclass(frozen=True, slots=True)
class ColourTable:
    """`places` (32768,): for each cell of the colour cube the row of the bar (0 at its top; plus `FAINT` where it is that),
    `PALE` or `NOTHING`.

    `pales` tells whether the bar ends in white, so that `PALE` occurs; `faints`, whether faint colours do.
    """

    places: npt.NDArray[np.uint8] = field(repr=False)
    rows: int
    pales: bool
    faints: bool = False

    def look_up(self, bgr: Bgr) -> npt.NDArray[np.uint8]:
        """(rows, columns): each pixel's row of the bar, `NOTHING` where it is no flow."""
        # Five bits a channel, blue the lowest, by OpenCV: a tenth of the time that shifts by NumPy take.
        cell = cv2.cvtColor(bgr, cv2.COLOR_BGR2BGR555).view(np.uint16)[..., 0]
        return np.asarray(self.places.take(cell), np.uint8)


def make_table(bar: ColourBar, tint: Tint) -> ColourTable:
    """The table for a bar on a screen where grey has this tint (about 50 ms)."""
    rows = bar.colours.shape[0]
    # Each colour once, with the row it first stands in; what of the bar is grey itself (its rest, white ends) says nothing.
    # Tint grows with luminance, so that less the tint a mixture still lies between grey and the bar's colour.
    colours = opponent(bar.colours).reshape(-1, 3)
    bright = colours[:, 0].copy()
    colours[:, 1:] -= tint.at(colours[:, 0])
    places = np.repeat(np.arange(rows), bar.colours.shape[1])
    size = np.hypot(colours[:, 1], colours[:, 2])
    strong = size > _faintest(bright)
    least = min(_FAINTEST + _ABOVE_NOISE * tint.noise, _PLAIN)
    pale = ~strong & (size > least) & (bright > _WHITE / 2)
    table = np.full(1 << (3 * _BITS), NOTHING, np.uint8)
    cells = opponent(_cube())
    tinted = cells[:, 1:] - tint.at(cells[:, 0])
    vivid = np.hypot(tinted[:, 0], tinted[:, 1]) >= _faintest(cells[:, 0])
    if strong.any():
        chosen = _nearest(cells[vivid, 0], tinted[vivid], colours[strong], _SHARE)
        table[vivid] = np.where(chosen >= 0, places[strong][chosen], NOTHING)
    if pale.any():
        # Only where it is as light as the pale end: darker, it is the rim of plain flow that a codec spreads.
        light = cells[:, 0] > _LIGHT * bright[pale].min()
        left = (table == NOTHING) & light & (np.hypot(tinted[:, 0], tinted[:, 1]) >= least)
        any_of_it = strong | pale
        chosen = _nearest(cells[left, 0], tinted[left], colours[any_of_it], _PURE)
        table[left] = np.where(chosen >= 0, places[any_of_it][chosen] + FAINT, NOTHING)
    white = bright[~strong & ~pale & (bright > _WHITE)]
    if len(white):
        table[(table == NOTHING) & (cells[:, 0] > _LIGHT * white.min())] = PALE
    return ColourTable(table, rows, len(white) > 0, bool(pale.any()))


def _faintest(luminance: Floats) -> Floats:
    """The least colour difference from grey that is claimed, at each luminance."""
    return np.asarray(np.clip(_GROWS * luminance + 8, _FAINTER, _PLAIN), np.float32)


def _nearest(luminance: Floats, chroma: Floats, colours: Floats, least_share: float) -> npt.NDArray[np.int64]:
    """For each cell the index of the colour of which it is the likeliest mixture with grey, −1 where of none.

    `least_share`: the least part of the bar's colour in the mixture.
    """
    best = np.full(len(luminance), np.inf, np.float32)
    chosen = np.full(len(luminance), -1, np.int64)
    size = np.hypot(chroma[:, 0], chroma[:, 1])
    for index, (bright, red, blue) in enumerate(colours.tolist()):
        full = float(np.hypot(red, blue))
        along = (chroma[:, 0] * red + chroma[:, 1] * blue) / full
        aside = np.abs(chroma[:, 0] * blue - chroma[:, 1] * red) / full
        share = along / full
        behind = (luminance - share * bright) / np.maximum(1 - share, 0.12)
        # The grey behind cannot be blacker than black nor whiter than white; a full share leaves no grey, but noise.
        beyond = np.maximum(np.maximum(-behind, behind - 255), 0) * np.maximum(1 - share, 0.12)
        fits = (share >= least_share) & (along > 0) & (share <= 1.3) & (aside <= _ASIDE + 0.2 * size) & (beyond <= 34)
        cost = aside**2 + 0.35 * (full - along) ** 2 + 0.15 * (luminance - bright) ** 2 + beyond**2
        better = fits & (cost < best)
        best[better] = cost[better]
        chosen[better] = index
    return chosen


def _cube() -> npt.NDArray[np.uint8]:
    """(32768, 3): the middle colour of each cell, red the slowest."""
    step = (np.arange(1 << _BITS) * (256 >> _BITS) + (128 >> _BITS)).astype(np.uint8)
    red, green, blue = np.meshgrid(step, step, step, indexing="ij")
    return np.stack([blue.ravel(), green.ravel(), red.ravel()], axis=1)
