"""Colour and power Doppler: the box, the flow in it, what the bar says."""

from __future__ import annotations

from typing import Any

import numpy as np

from imaging import Picture
from imaging.flow import NO_SIGNAL, FlowFrame, FlowWatch
from imaging.text import TextReader
from workstation.watching.said import Fact, Outline, Said


class FlowAnalysis:
    """Outlines flow; it names no vessel and excludes none."""

    name = "flow"

    def __init__(self) -> None:
        self._watch = FlowWatch(TextReader())

    def look(self, picture: Picture) -> Said:
        """A few ms while the layout stays; up to a few s where Doppler is switched on or moved."""
        seen = self._watch.look(picture.bgr)
        if seen.layout is None:
            return Said()
        return Said((_fact(seen),), _outlines(seen))

    def slow(self) -> None:
        """Nothing: the watch finds a new layout in its look."""
        return


def _fact(seen: FlowFrame) -> Fact:
    layout = seen.layout
    assert layout is not None
    limits = layout.limits_cm_s
    bar = f", {limits[0]:g} to {limits[1]:g} cm/s" if limits is not None else ", bar not read"
    if not any(not region.flash for region in seen.regions):
        return Fact("Doppler", f"{layout.kind}{bar}: no signal seen at these settings", "warning", NO_SIGNAL)
    return Fact(
        "Doppler", f"{layout.kind}{bar}", "plain", "Outlined: flow as the colours show it. Confirm on the image."
    )


def _outlines(seen: FlowFrame) -> tuple[Outline, ...]:
    layout = seen.layout
    assert layout is not None
    flow = tuple(Outline("flow", _points(region.polygon)) for region in seen.regions if not region.flash)
    if layout.box is None:
        return flow
    return (Outline("colour-box", _points(layout.box.polygon)), *flow)


def _points(polygon: Any) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in np.asarray(polygon, float).reshape(-1, 2))
