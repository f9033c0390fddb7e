"""Colour boxes with a dashed outline over speckle: upright, steered, part of them hidden; and rhythms that are no box."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from devices.cv import cv2
from imaging.flow import find_box
from imaging.flow._colour import Tint
from imaging.flow._rim import without_tinted_rim
from imaging.flow._table import make_table
from imaging.flow.bar import common_map
from imaging.flow.regions import clean

Picture = npt.NDArray[np.uint8]
SHAPE = (420, 560)


def speckle(seed: int) -> Picture:
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.rayleigh(1.0, SHAPE).astype(np.float32), (0, 0), 1.8, sigmaY=0.9)
    grey = np.clip(75 * (1 + 0.3 * (noise - noise.mean()) / noise.std()), 2, 250)
    return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)


def dash(picture: Picture, ring: list[tuple[int, int]], colour: tuple[int, int, int], on: int, period: int) -> None:
    """Each side with a rhythm of its own, as screens draw them."""
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        length = float(np.hypot(bx - ax, by - ay))
        for start in np.arange(0, length, period):
            a, b = start / length, min(start + on, length) / length
            points = [(round(ax + t * (bx - ax)), round(ay + t * (by - ay))) for t in (a, b)]
            cv2.line(picture, points[0], points[1], colour, 1)


def vessel(picture: Picture, at: tuple[int, int]) -> Picture:
    flow = np.zeros(SHAPE, np.uint8)
    cv2.ellipse(flow, at, (22, 12), 0, 0, 360, 1, -1)
    picture[flow > 0] = (10, 20, 220)
    return flow


def off_px(found: npt.NDArray[np.float64], ring: list[tuple[int, int]]) -> float:
    """How far the farthest corner lies from one that was drawn."""
    return max(min(float(np.hypot(*(np.array(corner) - point))) for point in found) for corner in ring)


UPRIGHT = [(150, 90), (390, 90), (390, 250), (150, 250)]
STEERED = [(190, 110), (400, 110), (330, 270), (120, 270)]


@pytest.mark.parametrize("ring", [UPRIGHT, STEERED])
@pytest.mark.parametrize(("colour", "on", "period"), [((210, 210, 210), 9, 15), ((80, 230, 90), 12, 19)])
def test_a_dashed_outline_is_the_box(
    ring: list[tuple[int, int]], colour: tuple[int, int, int], on: int, period: int
) -> None:
    picture = speckle(period)
    flow = vessel(picture, (270, 180))
    dash(picture, ring, colour, on, period)
    # A bright layer runs over a part of it.
    cv2.line(picture, (0, 130), (SHAPE[1], 118), (235, 235, 235), 5)
    box = find_box(picture, flow, [])
    assert box is not None
    assert off_px(box.polygon, ring) < 8, box.polygon


def test_a_dashed_outline_in_a_codecs_blocks_is_the_box() -> None:
    picture = speckle(3)
    flow = vessel(picture, (270, 180))
    dash(picture, UPRIGHT, (0, 190, 240), 10, 16)
    seen = cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], cv2.IMREAD_COLOR)
    box = find_box(np.asarray(seen, np.uint8), flow, [])
    assert box is not None
    assert off_px(box.polygon, UPRIGHT) < 8, box.polygon


def test_two_dashed_lines_without_sides_are_no_box() -> None:
    picture = speckle(4)
    flow = vessel(picture, (270, 180))
    for row in (90, 250):
        for column in range(150, 390, 16):
            cv2.line(picture, (column, row), (column + 8, row), (220, 220, 220), 1)
    assert find_box(picture, flow, []) is None


def test_the_box_ends_where_its_sides_end_not_at_a_layer_beyond() -> None:
    picture = speckle(5)
    flow = vessel(picture, (270, 180))
    cv2.polylines(picture, [np.array(UPRIGHT, np.int32)], True, (40, 160, 240), 2)
    cv2.line(picture, (120, 66), (420, 66), (200, 200, 200), 2)
    box = find_box(picture, flow, [])
    assert box is not None
    assert off_px(box.polygon, UPRIGHT) < 5, box.polygon


def test_flow_that_ends_at_an_outline_of_its_own_colour_lies_in_that_box() -> None:
    """The stroke beside the flow is flow's colour too: the patch reaches over it, and the box holds it all the same."""
    picture = speckle(5)
    flow = vessel(picture, (386, 150))  # cut off by the right side
    for mask in (picture, flow):
        mask[:, UPRIGHT[1][0] :] = speckle(5)[:, UPRIGHT[1][0] :] if mask.ndim == 3 else 0
    cv2.polylines(picture, [np.array(UPRIGHT)], True, (20, 120, 235), 2)
    cv2.polylines(flow, [np.array(UPRIGHT)], True, 1, 2)
    box = find_box(picture, flow, [], rows=720)
    assert box is not None
    assert off_px(box.polygon, UPRIGHT) < 3


def test_a_rim_that_a_codec_tints_is_no_flow_and_a_thin_line_of_flow_stays() -> None:
    """Colour at half the resolution of light, as in JPEG: small vessels keep their size within a few hundredths."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    for radius in (4, 7, 12):
        before, after = [], []
        for seed in range(4):
            picture = speckle(seed)
            truth = (np.hypot(rows - 201 - seed, columns - 270.5) < radius).astype(np.uint8)
            picture[truth > 0] = (10, 60, 225)
            coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 88])[1]
            seen = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
            table = make_table(common_map(), Tint())
            flow = clean(table.look_up(seen), np.full(SHAPE, 255, np.uint8))
            trimmed = without_tinted_rim(seen, flow)
            for found, dices in ((flow, before), (trimmed, after)):
                dices.append(2 * float((found & truth).sum()) / float(found.sum() + truth.sum()))
        assert np.mean(after) > np.mean(before), (radius, before, after)
        assert min(after) > 0.94, (radius, after)
    thin = np.zeros(SHAPE, np.uint8)
    thin[100:102, 50:200] = 1
    assert np.array_equal(without_tinted_rim(speckle(1), thin), thin)
    assert not without_tinted_rim(speckle(1), np.zeros(SHAPE, np.uint8)).any()
