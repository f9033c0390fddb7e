"""Styles 5 to 9, held out: the authors of the vision neither see nor run them; what is measured is measured on these too."""

from __future__ import annotations

import random
from dataclasses import replace

from mock_devices.screens._design import Cut, Design, Ruler
from mock_devices.screens._styles_open import bare_app, cart, desktop, tablet
from mock_devices.screens._throw import (
    CYAN,
    GREEN,
    INKS,
    MAKERS,
    ORANGE,
    WHITE,
    YELLOW,
    dark,
    face,
    flow,
    grey,
    light,
    spectral,
)
from mock_devices.screens._typeface import Typeface
from mock_devices.screens._words import ENGLISH, LANGUAGES, vocabulary


def phone(dice: random.Random) -> Design:
    """5: a phone held upright and mirrored over HDMI: black at both sides, a status line, large buttons."""
    theme = light(dice) if dice.random() < 0.25 else dark(dice)
    words = vocabulary(dice, dice.choice(["plain", "short", "units", "terse", "zh"]))
    letters = face(dice, words, "rubik", "droid", "aileron")
    ink = dice.choice(INKS[:4])
    inside = dice.random() < 0.6 or max(theme.glass) > 128
    return Design(
        name="phone",
        theme=theme,
        vocabulary=words,
        face=letters,
        label_face=letters,
        em=dice.uniform(14, 17),
        phone=dice.choice([9 / 16, 9 / 16, 0.5, 9 / 19.5]),
        cuts=(
            Cut("phone", "top", 0.032, 1.5),
            Cut("head", "top", 0.06, 3.2),
            Cut("buttons", "bottom", 0.11, 3.4),
            Cut("values", "bottom", 0.055, 3.1),
        ),
        places={
            "head": ("mechanical_index", "thermal_index_soft_tissue", ">", "preset"),
            "values": (
                "depth_mm",
                "gain",
                "frequency_mhz",
                "prf_hz",
                ">",
                *(("frame_rate_hz",) if dice.random() < 0.4 else ()),
            ),
            **({"over-bottom": ("dynamic_range_db", "=misc")} if dice.random() < 0.4 else {}),
        },
        ruler=Ruler(
            kind=dice.choice(["ticks", "ticks", "dots", "none"]),
            right=dice.random() < 0.6,
            where=dice.choice(["inside", "edge"]) if inside else "outside",
            labels=dice.choice(["ends", "last", "major", "none"]),
            unit=dice.choice(["cm", "mm"]),
            unit_shown=dice.choice(["last", "each", "no"]),
            zero_label=dice.random() < 0.7,
            phase=dice.choice(["true", "whole"]),
            line=dice.uniform(0.07, 0.14),
            lengths=dice.choice([(0.35, 0.35, 0.7), (0.5, 0.8, 1.1), (0.3, 0.3, 0.3)]),
            ink=ink,
            label_ink=dice.choice([ink, WHITE]) if inside else theme.ink,
            halo=dice.choice([0.0, 0.0, 0.7]),
        ),
        grey=grey(dice, bar=0.0),
        flow=replace(flow(dice), bar_length=0.5),
        spectral=spectral(dice),
        mark=dice.choice(["dot", "ring", "bar", "arrow"]),
        crop=dice.uniform(0.3, 0.6),
        soft=dice.choice([0.3, 0.5, 0.7]),
        frozen=dice.choice(["flake", "word"]),
        maker=dice.choice(MAKERS),
        extra={"buttons": dice.choice(["discs", "plain", "boxes"])},
    )


def laptop(dice: random.Random) -> Design:
    """6: a laptop cart of the continent: its language, decimal commas, ruler over tissue with the numbers under its ticks."""
    theme = dark(dice, dice.choice([ORANGE, CYAN, (200, 160, 60), (120, 200, 255)]))
    words = vocabulary(dice, dice.choice(LANGUAGES))
    letters = face(dice, words, "droid", "rubik", "slanted")
    ink = dice.choice([WHITE, (190, 210, 120), ORANGE, (170, 220, 230), GREEN])
    left = dice.random() < 0.7
    return Design(
        name="laptop",
        theme=theme,
        vocabulary=words,
        face=letters,
        label_face=replace(letters, weight=max(400, letters.weight)),
        em=dice.uniform(14, 18),
        cuts=(
            Cut("head", "top", 0.05, 1.9),
            Cut("foot", "bottom", 0.05, 1.9),
            Cut("column", "left" if left else "right", 0.14, 7.6),
            *((Cut("thumbs", "right" if left else "left", 0.09, 4.4),) if dice.random() < 0.35 else ()),
        ),
        places={
            "head": ("=patient", "=exam", ">", "=date", "=time", "=maker"),
            "column": (
                "mechanical_index",
                "thermal_index_soft_tissue",
                "thermal_index_bone",
                " ",
                "#B",
                "depth_mm",
                "frequency_mhz",
                "gain",
                "dynamic_range_db",
                "frame_rate_hz",
                "=misc",
                " ",
                "#D",
                "prf_hz",
                "wall_filter_hz",
                "colour_gain",
                "angle_deg",
                "gate_mm",
            ),
            "foot": ("probe", "preset", ">", "=misc2", "=count"),
        },
        ruler=Ruler(
            right=dice.random() < 0.5,
            where=dice.choice(["edge", "inside", "edge", "outside"]),
            spine=dice.random() < 0.3,
            labels=dice.choice(["major", "all", "major"]),
            label_under=dice.random() < 0.7,
            unit=dice.choice(["cm", "mm"]),
            zero_label=dice.random() < 0.3,
            phase=dice.choice(["true", "whole"]),
            line=dice.uniform(0.06, 0.1),
            lengths=dice.choice([(0.3, 0.3, 0.9), (0.4, 0.7, 1.2), (0.25, 0.5, 0.75)]),
            ink=ink,
            label_ink=ink,
            halo=dice.choice([0.0, 0.0, 0.7]),
        ),
        grey=grey(dice, bar=0.6),
        flow=flow(dice),
        spectral=spectral(dice),
        column=dice.choice(["lines", "table"]),
        mark=dice.choice(["bar", "arrow", "dot"]),
        focus=dice.choice(["triangle", "bars", "none"]),
        crop=dice.uniform(0.7, 1.0),
        soft=dice.choice([0.0, 0.4]),
        frozen="word",
        maker=dice.choice(MAKERS),
    )


def handheld(dice: random.Random) -> Design:
    """7: a small viewer in light colours: cards of label over number, a scale bar or dots numbered in mm."""
    theme = light(dice) if dice.random() < 0.75 else dark(dice)
    words = vocabulary(dice, dice.choice(["full", "plain", "pt", "es", "capitals"]))
    letters = face(dice, words, "rubik", "droid", "aileron")
    kind = dice.choice(["scale-bar", "dots", "ticks", "ticks"])
    inside = kind == "scale-bar" or dice.random() < 0.3
    ink = dice.choice([WHITE, YELLOW, CYAN]) if inside else theme.ink
    return Design(
        name="handheld",
        theme=theme,
        vocabulary=words,
        face=letters,
        label_face=letters,
        em=dice.uniform(15, 19),
        cuts=(
            Cut("head", "top", 0.08, 2.4),
            Cut("column", "right" if dice.random() < 0.6 else "left", 0.15, 7.6),
            Cut("buttons", "bottom", 0.1, 3.3),
        ),
        places={
            "head": ("=maker", "=exam", ">", "mechanical_index", "thermal_index_soft_tissue"),
            "column": (
                "depth_mm",
                "gain",
                "frequency_mhz",
                "dynamic_range_db",
                "frame_rate_hz",
                "focus_mm",
                "prf_hz",
                "wall_filter_hz",
            ),
        },
        ruler=Ruler(
            kind=kind,  # type: ignore[arg-type]
            right=dice.random() < 0.5,
            where="inside" if inside else "outside",
            apart=not inside and dice.random() < 0.3,
            spine=dice.random() < 0.5,
            step=dice.choice([0, 1]),
            labels="major",
            unit=dice.choice(["mm", "mm", "cm"]),
            unit_shown=dice.choice(["no", "each", "last"]),
            zero_label=dice.random() < 0.7,
            phase=dice.choice(["true", "whole"]),
            line=dice.uniform(0.07, 0.12),
            ink=ink,
            label_ink=ink,
            halo=dice.choice([0.0, 0.0, 0.7]),
        ),
        grey=grey(dice, bar=0.15),
        flow=flow(dice),
        spectral=spectral(dice),
        column=dice.choice(["stack", "stack", "table"]),
        mark=dice.choice(["dot", "ring"]),
        crop=dice.uniform(0.6, 0.95),
        soft=dice.choice([0.0, 0.3, 0.5]),
        frozen=dice.choice(["word", "flake"]),
        maker=dice.choice(MAKERS),
        extra={"buttons": dice.choice(["discs", "boxes"])},
    )


def video(dice: random.Random) -> Design:
    """8: an old cart through a video grabber: letters of dots on black, squeezed pixels, rulers at the right and below."""
    theme = dark(dice, dice.choice([GREEN, YELLOW, CYAN]))
    theme = replace(theme, glass=(0, 0, 0), panel=(0, 0, 0), ink=dice.choice([WHITE, GREEN, YELLOW, (200, 255, 200)]))
    words = vocabulary(dice, dice.choice(["capitals", "short", "terse", "units"]))
    letters = (
        Typeface("dots", 400, 1.0, dice.random() < 0.5) if dice.random() < 0.7 else Typeface("aileron", 400, 1.0, True)
    )
    ink = dice.choice([WHITE, GREEN, YELLOW, (200, 200, 200)])
    return Design(
        name="video",
        theme=theme,
        vocabulary=words,
        face=letters,
        label_face=letters,
        em=dice.uniform(17, 22),
        cuts=(
            Cut("head", "top", 0.06, 3.0),
            Cut("foot", "bottom", 0.05, 1.8),
            Cut("column", "left" if dice.random() < 0.5 else "right", 0.14, 8.6),
        ),
        places={
            "head": ("=id", "=exam", ">", "=datetime", "mechanical_index", "thermal_index_soft_tissue"),
            "column": (
                "depth_mm",
                "frequency_mhz",
                "gain",
                "dynamic_range_db",
                "frame_rate_hz",
                " ",
                "prf_hz",
                "wall_filter_hz",
                "colour_gain",
                "angle_deg",
                "=misc",
            ),
            "foot": ("probe", ">", "=misc2"),
        },
        ruler=Ruler(
            kind=dice.choice(["ticks", "ticks", "dots"]),
            right=dice.random() < 0.7,
            where=dice.choice(["outside", "edge"]),
            below=dice.random() < 0.5,
            step=dice.choice([0, 1, 1, 2]),
            labels=dice.choice(["none", "major", "none", "ends"]),
            unit="cm",
            phase=dice.choice(["whole", "true"]),
            line=0.08,
            lengths=dice.choice([(0.3, 0.3, 0.7), (0.5, 0.5, 0.9)]),
            ink=ink,
            label_ink=ink,
            halo=dice.choice([0.0, 0.0, 0.7]),
        ),
        grey=grey(dice, bar=0.8),
        flow=replace(flow(dice), velocity_map=dice.choice(["plain", "steps", "orange", "green"])),
        spectral=spectral(dice),
        mark=dice.choice(["bar", "arrow"]),
        focus=dice.choice(["triangle", "none"]),
        crop=dice.uniform(0.8, 1.0),
        aspect=1.0 if dice.random() < 0.3 else dice.uniform(0.87, 1.14),
        soft=dice.uniform(0.4, 0.8),
        frozen=dice.choice(["word", "none"]),
        maker=dice.choice(MAKERS),
    )


def mixed(dice: random.Random) -> Design:
    """9: parts of all others put together anew, as the next maker will."""
    makers = [bare_app, tablet, desktop, cart, laptop, handheld]
    ground, other, third = (dice.choice(makers)(dice) for _ in range(3))
    words = vocabulary(dice, dice.choice([*ENGLISH, *LANGUAGES]))
    letters = face(dice, words, "rubik", "slanted", "droid", "aileron", "dots")
    ruler = other.ruler
    if ruler.where == "outside":
        ink = ground.theme.ink if dice.random() < 0.5 else ground.theme.accent
        ruler = replace(ruler, ink=ink, label_ink=ink)
    elif max(ruler.ink) < 120:
        ruler = replace(ruler, ink=YELLOW, label_ink=YELLOW)
    return replace(
        ground,
        name="mixed",
        vocabulary=words,
        face=letters,
        label_face=letters,
        ruler=replace(ruler, phase=dice.choice(["true", "whole"]), step=dice.choice([0, 1, 2])),
        flow=third.flow,
        spectral=other.spectral,
        grey=third.grey,
        column=dice.choice(["lines", "table", "stack"]),
        mark=dice.choice(["dot", "ring", "bar", "arrow", "none"]),
        focus=dice.choice(["none", "triangle", "bars"]),
        soft=dice.uniform(0.0, 0.7),
    )
