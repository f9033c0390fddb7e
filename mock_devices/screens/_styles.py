"""The list of styles, and the throw of one."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from mock_devices.screens._design import Design
from mock_devices.screens._plan import Extent
from mock_devices.screens._screen import Screen
from mock_devices.screens._styles_held_out import handheld, laptop, mixed, phone, video
from mock_devices.screens._styles_open import bare_app, cart, desktop, tablet

_DESIGNS: Final[dict[int, Callable[[random.Random], Design]]] = {
    1: bare_app, 2: tablet, 3: desktop, 4: cart, 5: phone, 6: laptop, 7: handheld, 8: video, 9: mixed,
}  # fmt: skip
STYLES: Final[tuple[int, ...]] = tuple(_DESIGNS)
OPEN_STYLES: Final[tuple[int, ...]] = (1, 2, 3, 4)


def screen_style(style: int, *, seed: int, size: tuple[int, int], extent: Extent | None = None) -> Screen:
    """One style's screen for one seed and size (width, height). ValueError for an unknown style or an impossible size."""
    if style not in _DESIGNS:
        raise ValueError(f"There is no screen style {style}; take one of {STYLES[0]} to {STYLES[-1]}.")
    key = f"{style}/{seed}"
    return Screen(_DESIGNS[style](random.Random(f"{key}/design")), key, size, extent)
