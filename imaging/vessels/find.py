"""Vessel candidates: dark lumens with a wall in the B-mode picture, and what colour Doppler adds to them.

Every answer is a *candidate* for a person to judge. A cyst, anechoic filler, a muscle bundle or a shadow can look like a
lumen, and a lumen pressed shut, lying behind bone or out of the plane is not seen: none found never means that none is there.
Signs after Sigrist et al., Diagnostics 2024;14:1718 [S39] and general B-mode reading: dark, sharp near and far wall, brighter
behind (enhancement), there on every frame, pulsating.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.bmode import BMode, Points
from imaging.grain import Grain, grain_of
from imaging.interval import Interval
from imaging.layers.skin import SkinLine
from imaging.vessels._blobs import dark_spots
from imaging.vessels._lumen import Lumen, outline_lumens
from imaging.vessels._tubes import Scene, dark_tubes
from imaging.vessels._under_colour import edge_beside_colour

Evidence = Literal["b-mode", "doppler", "both"]
Floats = npt.NDArray[np.float32]

LEAST_CONTRAST = 0.7
MOST_SEEDS = 40
LEAST_SCORE = 0.15
LEAST_MM, MOST_MM = 0.3, 5.0
"""Heights of lumens that are told, mm (clinical.md 3.2: 0.45 to 3)."""


LINE_MM = 0.28
"""Colour thinner than this is a line that the screen draws (the colour box), not flow."""
SMALL_MM = 1.2
"""Length up to which such a thin patch may be flow in a small lumen."""
LEAST_FLOW_MM = 0.3
"""Flow that fills less than this, before the wall's spread is taken off, is a speck of colour: no lumen is that narrow."""

EDGE_UNSURE: dict[Evidence, float] = {"b-mode": 0.42, "doppler": 0.7, "both": 0.6}
"""Standard error of a diameter in standard deviations of the point spread (across and down together): the blur of both walls'
echoes; more where colour hides them. From simulated faces (styles 1 to 4, seeds below 10000)."""
CENTRE_UNSURE = 0.36
"""The same of the centre's row, in standard deviations of the point spread down the beam."""
SKIN_UNSURE = 0.5
"""Part of the skin line's standard error in one column that is left where its neighbours are smooth."""


@dataclass(frozen=True, slots=True)
class Vessel:
    """One candidate. `outline` (n, 2) and `centre` [column, row] of the screen; `diameter` is the lumen's shorter axis,
    `height` its extent along the columns (the beam), `width` across; `depth` of its centre below the skin line, None where
    no skin line is seen. `score` 0 to 1 orders candidates; it is no probability of a vessel. The intervals come from the
    picture's own blur and from the skin line's; what is unsure of the scale is not in them."""

    outline: Points
    centre: tuple[float, float]
    diameter: Interval
    height: Interval
    width: Interval
    depth: Interval | None
    evidence: Evidence
    score: float


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a lumen, each in its own unit: `contrast` of rim and lumen in speckle noise, `firm` part of the outline
    with a clear edge, `dark` lumen level as a part of the tissue's around, `behind` brightness below as a part of that beside
    it, `top` and `bottom` wall rise in speckle noise, `grain` scatter within the lumen in speckle noise."""

    contrast: float
    firm: float
    dark: float
    behind: float
    top: float
    bottom: float
    grain: float
    flatness: float
    height_mm: float


def find_vessels(
    picture: BMode, skin: SkinLine | None = None, flow: npt.NDArray[np.uint8] | None = None
) -> tuple[Vessel, ...]:
    """Candidates of one picture, the likeliest first. `flow`: mask (h, w) of the screen, above 0 where true flow is shown."""
    noise = speckle(picture.grey)
    grain = grain_of(picture.grey)
    candidates: list[tuple[float, Lumen, Evidence]] = []
    flowing = np.zeros_like(picture.coloured) if flow is None else picture.mask_from_screen(flow)
    # What is thinner than any lumen is a line of the screen's (the colour box's), whether or not the mask has taken it in.
    side = round(picture.pixels(LINE_MM)) | 1
    thick = cv2.morphologyEx(picture.coloured | flowing, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    thick |= _small_patches(picture, flowing, thick)
    flowing = flowing & thick
    # Pale and missing colour leaves holes in what is one stream.
    hole = np.ones((round(picture.pixels(0.2)) | 1, round(picture.pixels(0.4)) | 1), np.uint8)
    colour = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, hole)
    hidden = cv2.dilate(colour, np.ones((3, 3), np.uint8))
    # Colour stands for blood: a lumen under it counts as dark. The colour box's outline is neither: what is beside it.
    drawn = cv2.dilate(picture.coloured & (1 - thick), np.ones((3, 3), np.uint8)) & (1 - hidden)
    filled = picture.grey
    if flowing.any():
        filled = cv2.inpaint(filled.clip(0, 255).astype(np.uint8), drawn, 2, cv2.INPAINT_TELEA).astype(np.float32)
        filled[hidden > 0] = np.percentile(picture.grey, 3)
    smooth = cv2.GaussianBlur(filled, (0, 0), max(0.8, picture.pixels(0.06)))
    below = _below_skin(picture, skin, bool(flowing.any()))
    for tube in dark_tubes(Scene(smooth, hidden, flowing, picture.pixels(1.0), noise), below):
        inside = cv2.fillPoly(np.zeros_like(flowing), [np.rint(tube.outline).astype(np.int32)], 1)
        flows = int((inside & flowing).sum()) >= _least_flow(picture)
        candidates.append((0.8 * tube.firm, tube, "both" if flows else "b-mode"))
    for score, lumen, kind in _from_flow(picture, skin, flowing, hidden, smooth) if flowing.any() else []:
        if not any(_overlap(lumen, other) for _, other, _ in candidates):
            candidates.append((score, lumen, kind))
    for lumen in lumens(picture, skin):
        if any(_overlap(lumen, other) for _, other, _ in candidates):
            continue
        score = rate(signs(picture, lumen, noise))
        if score >= LEAST_SCORE:
            candidates.append((score, lumen, "b-mode"))
    candidates.sort(key=lambda c: -c[0])
    told = []
    for score, lumen, kind in candidates:
        edge = lumen.grown(grain)
        if kind != "b-mode":
            edge = edge_beside_colour(lumen, picture.grey, colour, float(np.percentile(picture.grey, 3)), grain)
        told.append(_told(picture, skin, grain, score, edge, kind))
    return tuple(told)


def lumens(picture: BMode, skin: SkinLine | None) -> list[Lumen]:
    """Outlines of the dark spots below the skin, whatever they are."""
    valid = _below_skin(picture, skin)
    smooth = cv2.GaussianBlur(picture.grey, (0, 0), max(0.8, picture.pixels(0.06)))
    found: list[Lumen] = []
    seeds = dark_spots(smooth, valid, picture.pixels(1.0), speckle(picture.grey), LEAST_CONTRAST, MOST_SEEDS)
    for lumen in outline_lumens(smooth, [(seed.centre, seed.half) for seed in seeds]):
        if lumen is None or not LEAST_MM <= lumen.height * picture.nominal_mm <= MOST_MM:
            continue
        if not any(_overlap(lumen, other) for other in found):
            found.append(lumen)
    return found


def _below_skin(picture: BMode, skin: SkinLine | None, colour_too: bool = False) -> npt.NDArray[np.uint8]:
    """1 where a lumen may be looked for: inside the picture, below the skin, under colour only with `colour_too`."""
    rows, columns = picture.grey.shape
    valid = picture.valid.copy()
    if skin is not None:
        depth = np.arange(rows)[:, None] - skin.at(np.arange(columns))[None]
        valid[depth < picture.pixels(0.7)] = 0
    if not colour_too:
        valid[picture.coloured > 0] = 0
    return valid


def speckle(grey: Floats) -> float:
    """Scatter of speckle where there is tissue, grey levels."""
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 3.0)
    tissue = grey > 8
    return max(3.0, 1.48 * float(np.median(np.abs(fine[tissue])))) if tissue.any() else 5.0


def signs(picture: BMode, lumen: Lumen, noise: float) -> Signs:
    """What speaks for and against this outline being a lumen."""
    grey = picture.grey
    rows, columns = grey.shape
    cx, cy = lumen.centre
    half_w, half_h = lumen.width / 2, lumen.height / 2
    gap, tall = picture.pixels(0.25), max(picture.pixels(0.8), half_h)

    def mean(x0: float, x1: float, y0: float, y1: float) -> float:
        block = grey[
            int(np.clip(y0, 0, rows - 1)) : int(np.clip(y1, 1, rows)) or 1,
            int(np.clip(x0, 0, columns - 1)) : int(np.clip(x1, 1, columns)) or 1,
        ]
        return float(block.mean()) if block.size else 0.0

    below = mean(cx - 0.5 * half_w, cx + 0.5 * half_w, cy + half_h + gap, cy + half_h + gap + tall)
    left = mean(cx - 3 * half_w - gap, cx - 1.3 * half_w - gap, cy + half_h + gap, cy + half_h + gap + tall)
    right = mean(cx + 1.3 * half_w + gap, cx + 3 * half_w + gap, cy + half_h + gap, cy + half_h + gap + tall)
    beside = 0.5 * (
        mean(cx - 2.5 * half_w - gap, cx - 1.3 * half_w - gap, cy - half_h, cy + half_h)
        + mean(cx + 1.3 * half_w + gap, cx + 2.5 * half_w + gap, cy - half_h, cy + half_h)
    )
    inner = grey[
        max(0, int(cy - 0.5 * half_h)) : int(cy + 0.5 * half_h) + 2,
        max(0, int(cx - 0.5 * half_w)) : int(cx + 0.5 * half_w) + 2,
    ]
    return Signs(
        contrast=(lumen.rim - lumen.inside) / noise,
        firm=lumen.firm,
        dark=lumen.inside / max(beside, 4.0),
        behind=below / max(4.0, 0.5 * (left + right)),
        top=lumen.top / noise,
        bottom=lumen.bottom / noise,
        grain=float(inner.std()) / noise if inner.size else 9.0,
        flatness=lumen.width / max(1.0, lumen.height),
        height_mm=lumen.height * picture.nominal_mm,
    )


def rate(s: Signs) -> float:
    """Score 0 to 1 of a B-mode candidate: a logistic model of the signs, fitted to simulated faces (styles 1 to 4, seeds
    below 10000; 1149 dark spots, 133 of them lumens). What counts most is an edge all around."""
    z = -28.4 + 25.7 * s.firm - 6.85 * min(s.dark, 1.0) + 6.67 * float(np.clip(s.behind, 0.5, 1.5))
    z += -0.7 * abs(float(np.log(max(s.flatness, 0.1)))) - 2.95 * float(np.log(max(s.height_mm, 0.1)))
    return float(1 / (1 + np.exp(-np.clip(z, -30, 30))))


def _from_flow(
    picture: BMode,
    skin: SkinLine | None,
    flowing: npt.NDArray[np.uint8],
    hidden: npt.NDArray[np.uint8],
    smooth: Floats,
) -> list[tuple[float, Lumen, Evidence]]:
    """A lumen for each patch of colour with flow in it, below the skin; `smooth` is the picture with colour as dark.

    Walls are sought around the patch, and around the dark spots that it is a part of: colour may fill a lumen in part.
    """
    count, labels, stats, middles = cv2.connectedComponentsWithStats(hidden, connectivity=8)
    flow = np.bincount(labels.ravel(), weights=flowing.ravel(), minlength=count)
    patches = [k for k in range(1, count) if flow[k] >= _least_flow(picture) and _is_below(middles[k], skin)]
    if not patches:
        return []
    seeds = [
        (
            (float(middles[k][0]), float(middles[k][1])),
            (stats[k, cv2.CC_STAT_WIDTH] / 2, stats[k, cv2.CC_STAT_HEIGHT] / 2),
        )
        for k in patches
    ]
    near = np.ones((round(picture.pixels(1.0)) | 1,) * 2, np.uint8)
    around = cv2.dilate(np.isin(labels, patches).astype(np.uint8), near)
    spots = dark_spots(smooth, around, picture.pixels(1.0), speckle(picture.grey), LEAST_CONTRAST, MOST_SEEDS)
    seeds += [(spot.centre, spot.half) for spot in spots]
    best: dict[int, tuple[float, Lumen]] = {}
    for lumen in outline_lumens(smooth, seeds):
        if lumen is None or not LEAST_FLOW_MM <= lumen.shorter * picture.nominal_mm <= MOST_MM:
            continue
        inside = cv2.fillPoly(np.zeros_like(hidden), [np.rint(lumen.outline).astype(np.int32)], 1)
        held = np.bincount(labels.ravel(), weights=(flowing & inside).ravel(), minlength=count)
        k = max(patches, key=lambda patch: held[patch])
        # An edge all around, and all of the flow within it.
        fit = lumen.firm + float(held[k] / flow[k])
        if held[k] > 0 and (k not in best or fit > best[k][0]):
            best[k] = (fit, lumen)
    return [(0.95, lumen, "both" if lumen.firm > 0.6 else "doppler") for _, lumen in best.values()]


def _small_patches(
    picture: BMode, flowing: npt.NDArray[np.uint8], thick: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    """Flow as thin as a screen's line and no longer than a small lumen is wide: a part of one that has little colour."""
    apart = cv2.subtract(flowing, cv2.dilate(thick, np.ones((3, 3), np.uint8)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(apart, connectivity=8)
    longest = picture.pixels(SMALL_MM)
    kept = [
        k
        for k in range(1, count)
        if stats[k, cv2.CC_STAT_AREA] >= _least_flow(picture)
        and max(stats[k, cv2.CC_STAT_WIDTH], stats[k, cv2.CC_STAT_HEIGHT]) <= longest
    ]
    return np.isin(labels, kept).astype(np.uint8)


def _is_below(point: npt.NDArray[np.float64], skin: SkinLine | None) -> bool:
    """Whether a point [column, row] lies below the skin line, or none is known: above it a screen draws its marks."""
    return skin is None or float(point[1]) > float(skin.at(float(point[0])))


def _least_flow(picture: BMode) -> float:
    """Fewest pixels of flow that are a vessel's."""
    return max(4.0, picture.pixels(0.25) ** 2)


def _overlap(a: Lumen, b: Lumen) -> bool:
    if a.is_tube or b.is_tube:
        tube, other = (a, b) if a.is_tube else (b, a)
        return cv2.pointPolygonTest(tube.outline.astype(np.float32), other.centre, True) > -0.5 * other.height
    dx, dy = a.centre[0] - b.centre[0], a.centre[1] - b.centre[1]
    rx, ry = max(a.width, b.width) / 2, max(a.height, b.height) / 2
    return (dx / max(rx, 1)) ** 2 + (dy / max(ry, 1)) ** 2 < 1.0


def _told(picture: BMode, skin: SkinLine | None, grain: Grain, score: float, lumen: Lumen, kind: Evidence) -> Vessel:
    unit = picture.unit_per_pixel
    blur = EDGE_UNSURE[kind] * float(np.hypot(grain.across, grain.down))
    unsure = 1.96 * float(np.hypot(blur, lumen.edge_unsure_px)) * unit
    depth = None
    if skin is not None:
        at = lumen.centre[0]
        off = float(np.hypot(SKIN_UNSURE * np.interp(at, skin.columns, skin.unsure_px), CENTRE_UNSURE * grain.down))
        depth = Interval.about((lumen.centre[1] - float(skin.at(at))) * unit, 1.96 * off * unit, picture.unit)
    centre = picture.to_screen([lumen.centre])[0]
    return Vessel(
        outline=picture.to_screen(lumen.outline),
        centre=(float(centre[0]), float(centre[1])),
        diameter=Interval.about(lumen.shorter * unit, unsure, picture.unit),
        height=Interval.about(lumen.height * unit, unsure, picture.unit),
        width=Interval.about(lumen.width * unit, 1.5 * unsure, picture.unit),
        depth=depth,
        evidence=kind,
        score=score,
    )
