"""Eight more ways to draw a ruler, written down before imaging had been tried on any of them, and looked at once by a figure.

`docs/reference/measured.md` has that first figure. What is drawn is what several makers' screens have in common, from memory;
the drawing itself is that of `maker_screens`. "fine-with-its-depth-below" writes its depth without decimals: 45 mm become
"4 cm", which contradicts the ruler, and has to be refused.
"""

from __future__ import annotations

import numpy as np

from tests.imaging.drawn_screens import Drawn
from tests.imaging.maker_screens import Maker, draw_maker

HELD_BACK = (
    Maker("phone-upright", ("linear", "convex"), place="left", gap=(2, 8), text="sometimes"),
    Maker("tablet-white", ("linear",), ((60, 1, 5, 10), (400, 10, 50, 50)), unit="mm", shows_unit="last",
          theme=(245, 245, 245), ink=(60, 60, 60)),
    Maker("half-centimetres", ("linear", "convex"), ((60, 5, 5, 5), (400, 10, 50, 50)), anchor="outer", number_side="inner",
          decimals=1, zero=False),
    Maker("inside-at-the-right", ("linear",), ((70, 1, 5, 10),), place="right-in", text="sometimes"),
    Maker("dots-and-a-depth", ("linear", "convex", "sector"), ((60, 5, 10, 0), (400, 10, 50, 0)), look="dot", numbers="none",
          text="always"),
    Maker("crosses-and-a-depth", ("linear", "convex"), ((60, 5, 5, 0), (400, 10, 10, 0)), look="cross", place="left",
          numbers="none", text="always"),
    Maker("fine-with-its-depth-below", ("linear", "sector"), ((60, 1, 10, 0), (400, 10, 50, 0)), place="left",
          anchor="centre", numbers="end", shows_unit="last", length=(6, 14), text="sometimes"),
    Maker("blue-with-a-unit-above", ("linear",), ((70, 2, 10, 10),), place="left", unit="mm", shows_unit="head",
          across="above", theme=(70, 40, 20), ink=(255, 230, 200), thick=2),
)  # fmt: skip


def draw_held_back(number: int, of: int) -> Drawn:
    """Screen `number` of one of the eight ways, number `of`."""
    size = (720, 1280) if HELD_BACK[of].name == "phone-upright" else None
    return draw_maker(np.random.default_rng([88, of, number]), maker=HELD_BACK[of], size=size)
