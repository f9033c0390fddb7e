"""Styles 1 to 4: those that the authors of the vision may look at."""

from __future__ import annotations

import random

from mock_devices.screens._design import Cut, Design, Ruler
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
from mock_devices.screens._words import ENGLISH, LANGUAGES, vocabulary


def bare_app(dice: random.Random) -> Design:
    """1: a tablet app whose picture fills the glass: a line of words on top, dots or ticks at the picture's edge."""
    theme = dark(dice)
    words = vocabulary(dice, dice.choice(["plain", "short", "terse"]))
    letters = face(dice, words, "rubik", "aileron", "droid")
    dots = dice.random() < 0.5
    ink = dice.choice(INKS[:3])
    right = dice.random() < 0.7
    cuts = [Cut("head", "top", 0.055, 2.0), Cut("foot-clock", "bottom", 0.05, 1.9)]
    if dice.random() < 0.6:
        cuts.insert(1, Cut("buttons", "right" if not right or dice.random() < 0.5 else "left", 0.075, 4.2))
    head = ["=exam", "thermal_index_soft_tissue", "mechanical_index", ">", "preset"]
    if dice.random() < 0.3:
        head = ["probe", ">", "mechanical_index", "thermal_index_soft_tissue"]
    foot = ["depth_mm", "gain", "frequency_mhz", ">", "=misc"]
    if dice.random() < 0.3:
        foot = ["depth_mm", ">", "=datetime"]
    return Design(
        name="bare app",
        theme=theme,
        vocabulary=words,
        face=letters,
        label_face=letters,
        em=dice.uniform(16, 21),
        cuts=tuple(cuts),
        places={
            "head": tuple(head),
            "foot-clock": tuple(foot),
            "over-top": ("prf_hz", "wall_filter_hz", "colour_gain"),
        },
        ruler=Ruler(
            kind="dots" if dots else "ticks",
            right=right,
            where=dice.choice(["edge", "inside", "outside"]),
            spine=not dots and dice.random() < 0.4,
            step=dice.choice([0, 0, 1]),
            labels=dice.choice(["major", "major", "none", "ends"] if dots else ["major", "major", "all", "last"]),
            unit="cm",
            unit_shown=dice.choice(["no", "no", "last"]),
            zero_label=dice.random() < 0.4,
            phase=dice.choice(["true", "whole"]),
            line=dice.uniform(0.06, 0.12),
            lengths=dice.choice([(0.3, 0.5, 0.8), (0.4, 0.4, 0.8), (0.5, 0.5, 0.5)]),
            ink=ink,
            label_ink=ink,
            halo=dice.choice([0.0, 0.0, 0.7]),
        ),
        grey=grey(dice, bar=0.1),
        flow=flow(dice),
        spectral=spectral(dice),
        mark=dice.choice(["dot", "ring", "bar"]),
        crop=dice.uniform(0.6, 0.9),
        soft=dice.choice([0.0, 0.35, 0.5]),
        frozen=dice.choice(["flake", "word", "none"]),
        maker=dice.choice(MAKERS),
        extra={"buttons": dice.choice(["discs", "plain"])},
    )


def tablet(dice: random.Random) -> Design:
    """2: a tablet with a table of settings at one side and line rulers beside the picture."""
    theme = dark(dice)
    words = vocabulary(dice, dice.choice(ENGLISH[:5]))
    letters = face(dice, words, "rubik", "aileron", "droid")
    ink = dice.choice(INKS)
    left = dice.random() < 0.6
    column = [
        "#" + dice.choice(["B", "2D", "B-Mode"]),
        "frequency_mhz",
        "gain",
        "depth_mm",
        "dynamic_range_db",
        "frame_rate_hz",
    ]
    middle = column[1:]
    dice.shuffle(middle)
    column[1:] = middle
    if dice.random() < 0.4:
        column.append("focus_mm")
    column += [
        "=misc",
        " ",
        "#C",
        "colour_frequency_mhz",
        "colour_gain",
        "prf_hz",
        "wall_filter_hz",
        "angle_deg",
        "gate_mm",
    ]
    return Design(
        name="tablet",
        theme=theme,
        vocabulary=words,
        face=letters,
        label_face=letters,
        em=dice.uniform(14.5, 18),
        cuts=(
            Cut("head", "top", 0.07, 2.2),
            Cut("buttons", "bottom", 0.09, 3.2),
            Cut("column", "left" if left else "right", 0.15, 8.4),
            *((Cut("buttons-2", "right" if left else "left", 0.06, 4.0),) if dice.random() < 0.4 else ()),
        ),
        places={
            "head": ("=maker", "probe", "preset", ">", "mechanical_index", "thermal_index_soft_tissue"),
            "column": tuple(column),
        },
        ruler=Ruler(
            right=dice.random() < 0.6,
            where=dice.choice(["outside", "outside", "edge"]),
            both=dice.random() < 0.15,
            below=dice.random() < 0.15,
            spine=dice.random() < 0.5,
            inward=dice.random() < 0.3,
            labels=dice.choice(["major", "major", "all", "ends"]),
            unit=dice.choice(["cm", "mm"]),
            unit_shown=dice.choice(["no", "last"]),
            zero_label=dice.random() < 0.6,
            phase=dice.choice(["true", "whole"]),
            line=dice.uniform(0.06, 0.1),
            lengths=dice.choice([(0.3, 0.55, 0.85), (0.35, 0.35, 0.9), (0.25, 0.5, 0.7)]),
            ink=ink,
            label_ink=dice.choice([ink, WHITE]),
            halo=dice.choice([0.0, 0.0, 0.7]),
        ),
        grey=grey(dice, bar=0.35),
        flow=flow(dice),
        spectral=spectral(dice),
        column=dice.choice(["table", "table", "lines", "stack"]),
        mark=dice.choice(["dot", "ring", "arrow"]),
        focus=dice.choice(["none", "triangle", "bars"]),
        crop=dice.uniform(0.7, 1.0),
        soft=dice.choice([0.0, 0.0, 0.4]),
        frozen=dice.choice(["word", "flake"]),
        maker=dice.choice(MAKERS),
        extra={"buttons": dice.choice(["discs", "boxes", "plain"])},
    )


def desktop(dice: random.Random) -> Design:
    """3: a program in a window: title, menu, tool bar, sliders, thumbnails; rulers in mm at two sides; dark or light."""
    theme = light(dice) if dice.random() < 0.5 else dark(dice)
    words = vocabulary(dice, dice.choice(["plain", "full", "short", "capitals"]))
    letters = face(dice, words, "droid", "rubik", "aileron")
    ink = theme.ink if dice.random() < 0.6 else theme.accent
    labels = theme.ink
    unit = dice.choice(["mm", "mm", "cm"])
    return Design(
        name="desktop",
        theme=theme,
        vocabulary=words,
        face=letters,
        label_face=letters,
        em=dice.uniform(13.5, 16),
        cuts=(
            Cut("title", "top", 0.03, 1.6),
            *((Cut("menu", "top", 0.03, 1.5),) if dice.random() < 0.7 else ()),
            Cut("toolbar", "top", 0.05, 2.2),
            Cut("foot-clock", "bottom", 0.035, 1.6),
            Cut("column", "left", 0.16, 9.0),
            Cut("thumbs", "right", 0.1, 5.5),
        ),
        places={
            "column": (
                "#B",
                "frequency_mhz",
                "depth_mm",
                "gain",
                "dynamic_range_db",
                "focus_mm",
                "frame_rate_hz",
                " ",
                "mechanical_index",
                "thermal_index_soft_tissue",
                *(("thermal_index_bone",) if dice.random() < 0.5 else ()),
                " ",
                "#C",
                "colour_frequency_mhz",
                "prf_hz",
                "colour_gain",
                "wall_filter_hz",
                "angle_deg",
            ),
            "foot-clock": ("=datetime", "probe", "preset", "=id"),
        },
        ruler=Ruler(
            right=dice.random() < 0.3,
            where="outside",
            below=dice.random() < 0.75,
            both=dice.random() < 0.2,
            spine=dice.random() < 0.6,
            inward=dice.random() < 0.3,
            labels=dice.choice(["major", "major", "all"]),
            unit=unit,  # type: ignore[arg-type]
            unit_shown=dice.choice(["no", "last", "each"]),
            phase=dice.choice(["true", "whole", "whole"]),
            line=0.07,
            ink=ink,
            label_ink=labels,
            halo=dice.choice([0.0, 0.0, 0.7]),
        ),
        grey=grey(dice, bar=0.5),
        flow=flow(dice),
        spectral=spectral(dice),
        column=dice.choice(["table", "lines"]),
        mark=dice.choice(["dot", "bar", "none"]),
        focus=dice.choice(["none", "bars"]),
        crop=dice.uniform(0.8, 1.0),
        fill=dice.choice([1.0, 0.94]),
        soft=0.0,
        frozen="word",
        clock=dice.choice(["none", "count"]),
        maker=dice.choice(MAKERS),
    )


def cart(dice: random.Random) -> Design:
    """4: a cart: header with the exam, settings at the right, a bar of greys, a TGC curve, focus marks, thumbnails."""
    theme = dark(dice, dice.choice([YELLOW, GREEN, CYAN, ORANGE]))
    words = vocabulary(dice, dice.choice([*ENGLISH, *LANGUAGES[:2]]))
    letters = face(dice, words, "droid", "aileron", "rubik", "slanted")
    ink = dice.choice(INKS)
    column = ["#2D", "frequency_mhz", "gain", "dynamic_range_db", "frame_rate_hz", "depth_mm", "=misc", " "]
    column += [
        "#CF",
        "colour_frequency_mhz",
        "colour_gain",
        "prf_hz",
        "wall_filter_hz",
        "angle_deg",
        "gate_mm",
        " ",
        "=misc2",
    ]
    return Design(
        name="cart",
        theme=theme,
        vocabulary=words,
        face=letters,
        label_face=letters,
        em=dice.uniform(14, 17.5),
        cuts=(
            Cut("head", "top", 0.075, 3.1),
            *((Cut("thumbs", "bottom", 0.1, 4.0),) if dice.random() < 0.5 else ()),
            *((Cut("tgc", "left", 0.045, 2.0),) if dice.random() < 0.5 else ()),
            Cut("column", "right", 0.16, 8.5),
        ),
        places={
            "head": (
                "=maker",
                "=patient",
                "=exam",
                "probe",
                ">",
                "=datetime",
                "thermal_index_soft_tissue",
                "mechanical_index",
            ),
            "column": tuple(column),
        },
        ruler=Ruler(
            right=dice.random() < 0.6,
            where=dice.choice(["outside", "outside", "inside", "edge"]),
            apart=dice.random() < 0.3,
            spine=dice.random() < 0.3,
            inward=dice.random() < 0.4,
            step=dice.choice([0, 0, 1]),
            labels=dice.choice(["major", "all", "none", "ends"]),
            unit="cm",
            unit_shown=dice.choice(["no", "no", "last"]),
            zero_label=dice.random() < 0.6,
            phase=dice.choice(["true", "whole"]),
            line=dice.uniform(0.06, 0.09),
            lengths=dice.choice([(0.25, 0.4, 0.7), (0.3, 0.6, 0.6), (0.2, 0.2, 0.5)]),
            ink=ink,
            label_ink=ink,
            halo=dice.choice([0.0, 0.0, 0.7]),
        ),
        grey=grey(dice, bar=0.9),
        flow=flow(dice),
        spectral=spectral(dice),
        column=dice.choice(["lines", "lines", "table"]),
        mark=dice.choice(["dot", "bar", "ring", "arrow"]),
        focus=dice.choice(["triangle", "triangle", "none"]),
        crop=dice.uniform(0.8, 1.0),
        mirrored=dice.random() < 0.1,
        aspect=dice.choice([1.0, 1.0, 1.0, 1.0, 1.0, dice.uniform(0.9, 1.1)]),
        soft=dice.choice([0.0, 0.4, 0.6]),
        frozen=dice.choice(["word", "flake", "none"]),
        maker=dice.choice(MAKERS),
        extra={"body": "face"} if dice.random() < 0.25 else {},
    )
