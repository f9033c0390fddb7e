"""Forty ways to draw colour Doppler: ten to look at while imaging is written, thirty held back.

All were written down, from memory of several makers' screens, before imaging had been tried on any. Of `HELD_BACK` the first
figure stands in `docs/reference/measured.md`, as it came out; look at its screens one by one only if you then write
other ones to hold back.
"""

from __future__ import annotations

from tests.imaging.doppler_makers import (
    BLUE_GREEN,
    BLUE_ONLY,
    BLUE_SKY,
    BLUE_WHITE,
    GOLD_POWER,
    ORANGE_POWER,
    PURPLE_POWER,
    RED_ONLY,
    RED_ORANGE,
    RED_WHITE,
    VIOLET_RED,
    Way,
)

SEPIA, BLUISH, CANDLE = (0.72, 0.9, 1.0), (1.15, 1.0, 0.9), (0.55, 0.82, 1.0)
PHONE = ((720, 1280), (800, 1280))

OPEN = (
    Way("white-box-numbers-at-ends", ("linear", "steered"), decor=("yellow-ruler", "text", "logo", "header")),
    Way("green-box-left-bar", ("steered", "linear"), outline=(60, 230, 60), bar="left", labels="beside", unit="",
        warm=RED_ORANGE, cool=BLUE_SKY, sign="  ", decor=("ruler", "text", "caliper")),
    Way("yellow-dashes-kilohertz", ("linear", "convex"), outline=(0, 225, 255), dash=(7, 12), bar="left", unit="kHz",
        warm=RED_WHITE, cool=BLUE_WHITE, jpeg=None),
    Way("sepia-tissue-metres", ("convex", "sector"), outline=(230, 230, 230), tints=(SEPIA, CANDLE), unit="m/s",
        frame=(160, 160, 160), blend=(0.75, 0.95)),
    Way("inverted-shifted-baseline", ("linear", "steered"), outline=(200, 255, 255), warm_up=0.1, shift=(0.3, 0.72),
        unit_at="above", labels="beside"),
    Way("handheld-without-numbers", ("linear",), ((1280, 960), (1280, 720), (960, 540)), labels="none", bar="left",
        bar_wide=(0.012, 0.016), bar_high=(0.12, 0.2), thick=2, decor=("logo", "battery"), grey_bar=False, jpeg=(60, 85),
        aliased=0.1),
    Way("portrait-phone", ("linear", "trapezoid"), PHONE, outline=(255, 255, 255), thick=2, margin=(0.04, 0.12),
        labels="none", bar_wide=(0.006, 0.009), bar_high=(0.08, 0.14), decor=("battery", "buttons"), jpeg=(60, 85),
        rescale=(0.6, 1.0), grey_bar=False),
    Way("orange-power", ("linear", "steered"), kind="power", outline=(230, 230, 120), labels="none", power=ORANGE_POWER,
        tints=((1, 1, 1), BLUISH)),
    Way("small-slow-vessels", ("linear",), outline=(255, 255, 255), radius_px=(3.0, 6.0), fast=(0.2, 0.5), aliased=0.0,
        count=(1, 2), coarse=2, jpeg=(70, 90)),
    Way("no-outline", ("linear",), outline=None, warm=RED_ONLY, cool=BLUE_ONLY, steps=8, radius_px=(5, 14)),
)  # fmt: skip

HELD_BACK = (
    Way("tablet-letterbox-cyan-box", ("linear", "convex"), ((1280, 800), (1024, 768)), outline=(230, 200, 60), thick=2,
        letterbox=True, rescale=(0.7, 1.3), labels="ends", unit_at="below", decor=("ruler", "battery", "buttons"),
        jpeg=(65, 90), grey_bar=False),
    Way("light-window-bar-right", ("linear", "steered"), ((1280, 1024), (1024, 768), (1600, 900)), theme=(236, 233, 228),
        ink=(40, 40, 40), outline=(0, 255, 255), unit="kHz", labels="beside", frame=(90, 90, 90), jpeg=(80, 95)),
    Way("wireless-thick-green-jpeg60", ("linear",), ((640, 480), (800, 600), (1280, 720)), outline=(0, 255, 0), thick=2,
        bar="left", bar_wide=(0.014, 0.02), bar_high=(0.14, 0.22), jpeg=(55, 70), labels="ends", unit="", warm=RED_ONLY,
        cool=BLUE_ONLY, coarse=4, bloom=0.3, decor=("ruler", "text", "battery"), grey_bar=False),
    Way("dotted-white-variance", ("sector", "convex"), outline=(240, 240, 240), dash=(2, 6), variance=True,
        bar_wide=(0.02, 0.03), unit="m/s", unit_at="above", cool=BLUE_GREEN, jpeg=(80, 95)),
    Way("purple-power-no-outline", ("linear", "convex"), kind="power", power=PURPLE_POWER, outline=None, labels="none",
        bar_wide=(0.008, 0.012), radius_px=(4.0, 12.0), jpeg=(75, 92)),
    Way("thin-bar-corner-marks", ("linear", "steered"), outline=(255, 255, 255), corners=True, bar_wide=(0.006, 0.009),
        bar_high=(0.3, 0.45), labels="ends", sign="+-", warm=VIOLET_RED, radius_px=(5, 14)),
    Way("soft-box-blue-tissue", ("steered",), outline=(220, 220, 220), soft=True, tints=(BLUISH, (1.3, 1.0, 0.75)),
        bar="left", labels="beside", unit="cm/s", unit_at="below", blend=(0.65, 0.85), warm=RED_WHITE, cool=BLUE_WHITE),
    Way("lying-bar-above", ("linear", "trapezoid"), bar="top", bar_high=(0.2, 0.3), outline=(0, 200, 255), labels="ends",
        unit="", decor=("text", "logo"), grey_bar=False),
    Way("grabber-without-bar", ("linear", "steered"), ((640, 480), (720, 576)), bar="none", outline=(255, 255, 255),
        jpeg=(80, 95), radius_px=(8, 18), decor=("ruler", "text", "header", "caliper")),
    Way("gold-power-small-arteries", ("linear",), kind="power", power=GOLD_POWER, outline=(255, 255, 255), dash=(4, 8),
        labels="none", bar="left", radius_px=(3.0, 6.0), coarse=2, count=(1, 2), decor=("yellow-ruler", "text", "gate")),
)  # fmt: skip

#: Written after the first figure of `HELD_BACK`, for what none of the twenty shows; ten more held back in the same way.
HELD_BACK_TOO = (
    Way("baseline-line-and-ticks", ("linear", "steered"), bar_marks=("baseline", "ticks"), outline=(255, 255, 255),
        labels="ends", unit_at="above"),
    Way("bar-over-the-tissue", ("linear", "convex"), bar_marks=("over",), outline=(120, 255, 120), labels="none",
        bar_high=(0.14, 0.25), decor=("text", "logo")),
    Way("clear-bar-over-the-tissue", ("linear",), bar_marks=("over", "clear"), outline=(255, 255, 255), labels="beside",
        unit="", bar="left", decor=("text", "logo", "battery")),
    Way("bright-at-rest", ("linear", "steered"), bright_rest=True, band=0.0, outline=(255, 255, 255), labels="ends", unit=""),
    Way("bright-at-rest-black-band", ("linear", "convex"), bright_rest=True, band=0.1, outline=(0, 215, 255),
        labels="beside", bar="left", warm=RED_ORANGE, cool=BLUE_SKY),
    Way("tiny-bar-on-a-large-screen", sizes=((1920, 1080), (1600, 900)), bar_wide=(0.005, 0.007), bar_high=(0.06, 0.09),
        labels="none", outline=(200, 200, 200), radius_px=(4, 10), decor=("battery", "logo", "buttons")),
    Way("diastole-without-outline", ("linear",), outline=None, pulse=(0.2, 0.45), radius_px=(4, 8), count=(1, 1)),
    Way("faint-outline-on-bright-tissue", ("linear", "convex"), outline=(150, 150, 150), gain=(1.2, 1.6), radius_px=(4, 12),
        bar_marks=("pointer",), labels="ends", jpeg=(70, 90)),
    Way("wide-bar-close-to-the-picture", ("linear", "trapezoid"), bar_wide=(0.035, 0.05), bar_high=(0.5, 0.7),
        margin=(0.1, 0.1), outline=(80, 200, 255), dash=(5, 9), labels="none", warm=RED_WHITE, cool=BLUE_GREEN),
    Way("power-both-ways", ("linear", "steered"), warm=GOLD_POWER, cool=PURPLE_POWER, outline=(230, 230, 230), labels="none",
        frame=(120, 120, 120), radius_px=(4, 12)),
)  # fmt: skip

#: Written after the code had been mended on what the twenty showed, and tried once.
HELD_BACK_LAST = (
    Way("sector-green-white-map", ("sector",), outline=(80, 255, 80), warm=RED_WHITE, cool=BLUE_GREEN, unit="m/s",
        labels="beside", bar="left", tints=(SEPIA,), decor=("ruler", "text", "header")),
    Way("portrait-phone-power", ("linear",), PHONE, kind="power", power=PURPLE_POWER, outline=(255, 255, 255),
        margin=(0.05, 0.14), labels="none", bar_wide=(0.006, 0.01), bar_high=(0.1, 0.16), rescale=(0.55, 0.9), jpeg=(60, 80),
        decor=("battery", "buttons"), grey_bar=False),
    Way("lying-bar-no-outline", ("linear",), bar="top", outline=None, labels="ends", unit="", radius_px=(8, 18),
        decor=("text",), grey_bar=False),
    Way("candle-tissue-red-only", ("convex",), tints=(CANDLE,), warm=RED_ONLY, cool=BLUE_ONLY, outline=(0, 220, 255),
        labels="ends", unit_at="below"),
    Way("light-theme-dashed", ("linear", "steered"), theme=(214, 208, 200), ink=(20, 20, 20), outline=(255, 255, 255),
        dash=(6, 10), labels="beside", unit="", frame=(60, 60, 60)),
    Way("far-shifted-baseline", ("linear",), shift=(0.2, 0.3), band=0.06, outline=(220, 220, 100), labels="ends",
        aliased=0.5),
    Way("small-arteries-no-outline", outline=None, radius_px=(3.5, 6.0), count=(1, 3), coarse=2, jpeg=(75, 90),
        labels="beside", unit=""),
    Way("low-quality-clip", ("linear", "convex"), ((640, 480), (720, 576)), jpeg=(50, 62), outline=(200, 200, 200), coarse=3,
        bloom=0.25, labels="ends", bar="left"),
    Way("trapezoid-dotted-yellow", ("trapezoid",), outline=(0, 255, 255), dash=(2, 5), warm=VIOLET_RED, cool=BLUE_SKY,
        labels="none", frame=(200, 200, 200), bar_wide=(0.01, 0.014)),
    Way("directional-power-steps", ("linear", "steered"), warm=ORANGE_POWER, cool=BLUE_WHITE, steps=16,
        outline=(255, 180, 80), labels="none", blend=(0.7, 0.9), radius_px=(4, 14),
        decor=("yellow-ruler", "caliper", "logo")),
)  # fmt: skip
