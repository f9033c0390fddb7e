"""Throws that several styles share. Invented makers only."""

from __future__ import annotations

import random
from typing import Final

from mock_devices.screens._canvas import Colour
from mock_devices.screens._design import Flow, Grey, Spectral, Theme
from mock_devices.screens._flow_colours import POWER_MAPS, VELOCITY_MAPS
from mock_devices.screens._typeface import Typeface
from mock_devices.screens._words import Vocabulary

WHITE: Final[Colour] = (240, 240, 240)
YELLOW: Final[Colour] = (60, 220, 240)
GREEN: Final[Colour] = (90, 220, 90)
CYAN: Final[Colour] = (220, 200, 80)
ORANGE: Final[Colour] = (40, 150, 250)
GREY: Final[Colour] = (165, 165, 165)
MAKERS: Final = (
    "Veluna",
    "ORBISCAN",
    "Nimbra",
    "EchoFjord",
    "SONARIA",
    "Tessel US",
    "Kivano",
    "PULSARE",
    "Mirovox",
    "Aldra",
)
INKS: Final[tuple[Colour, ...]] = (WHITE, (210, 210, 210), YELLOW, GREEN, CYAN, ORANGE, (170, 170, 170))


def dark(dice: random.Random, accent: Colour | None = None) -> Theme:
    """A dark screen: black to slate, with one colour that accents."""
    base = dice.choice([(0, 0, 0), (12, 10, 9), (26, 22, 18), (34, 30, 28), (48, 34, 22), (20, 20, 20)])
    lift = dice.choice([0, 8, 16, 22])
    panel = tuple(min(255, c + lift) for c in base)
    button = tuple(min(255, c + 38) for c in panel)
    return Theme(
        glass=base,
        panel=panel,  # type: ignore[arg-type]
        ink=dice.choice([WHITE, (215, 215, 215), (200, 220, 225)]),
        dim=dice.choice([(170, 170, 170), (150, 160, 165), (190, 175, 150)]),
        accent=accent or dice.choice([CYAN, ORANGE, GREEN, YELLOW, (230, 140, 60), (200, 120, 230)]),
        button=button,  # type: ignore[arg-type]
        over=dice.choice([(230, 230, 230), (200, 230, 230), YELLOW]),
    )


def light(dice: random.Random) -> Theme:
    """A light screen."""
    base = dice.choice([(250, 250, 250), (238, 236, 232), (225, 225, 225), (245, 240, 232)])
    drop = dice.choice([0, 10, 20])
    panel = tuple(max(0, c - drop) for c in base)
    return Theme(
        glass=base,
        panel=panel,  # type: ignore[arg-type]
        ink=dice.choice([(20, 20, 20), (50, 40, 30), (70, 50, 30)]),
        dim=dice.choice([(95, 95, 95), (120, 100, 80)]),
        accent=dice.choice([(180, 100, 10), (40, 40, 200), (60, 130, 20), (160, 20, 120)]),
        button=(205, 200, 195),
        over=(235, 235, 235),
    )


def face(dice: random.Random, vocabulary: Vocabulary, *families: str) -> Typeface:
    """A typeface that has the vocabulary's letters."""
    family = dice.choice(families)
    if vocabulary.language != "en" and family in ("aileron", "dots"):
        family = "droid"
    weight = dice.choice([300, 400, 400, 500, 600]) if family in ("rubik", "slanted") else 400
    width = dice.choice([0.86, 0.93, 1.0, 1.0, 1.08]) if family != "dots" else 1.0
    return Typeface(family, weight, width, family == "dots" and dice.random() < 0.5)  # type: ignore[arg-type]


def grey(dice: random.Random, *, bar: float = 0.4) -> Grey:
    """A neutral picture mostly, sometimes tinted."""
    tint: Colour = (255, 255, 255)
    if dice.random() < 0.3:
        tint = dice.choice([(255, 244, 232), (226, 244, 255), (255, 250, 240), (236, 246, 255), (206, 236, 255)])
    return Grey(tint, dice.choice([1.0, 1.0, 1.0, 0.9, 1.12]), dice.random() < bar, dice.random() < 0.5)


def flow(dice: random.Random) -> Flow:
    """One maker's Doppler."""
    unit = dice.choice(["cm/s", "cm/s", "cm/s", "m/s", "none"])
    return Flow(
        velocity_map=dice.choice(VELOCITY_MAPS),
        power_map=dice.choice(POWER_MAPS),
        warm_towards=dice.random() < 0.7,
        bar_right=dice.random() < 0.6,
        bar_length=dice.choice([0.22, 0.3, 0.4, 0.55]),
        black=dice.choice([0.0, 0.0, 0.06, 0.12]),
        bar_frame=dice.random() < 0.4,
        limits=dice.choice(["ends", "ends", "beside", "ends", "top", "none"]),
        unit=unit,  # type: ignore[arg-type]
        unit_at=dice.choice(["end", "end", "each"]),
        plus=dice.random() < 0.5,
        decimals=dice.choice([0, 1, 1, 2]),
        outline=dice.choice(["solid", "solid", "solid", "dashed"]),
        outline_ink=dice.choice([WHITE, YELLOW, GREEN, CYAN, (210, 210, 210), ORANGE]),
        opacity=dice.choice([1.0, 1.0, 1.0, 0.9]),
        grey_beside=dice.random() < 0.15,
        variance=dice.random() < 0.12,
    )


def spectral(dice: random.Random) -> Spectral:
    """One maker's trace."""
    inverse = dice.random() < 0.08
    return Spectral(
        beside=dice.random() < 0.15,
        share=dice.choice([0.34, 0.4, 0.46]),
        axis_right=dice.random() < 0.6,
        unit=dice.choice(["cm/s", "cm/s", "cm/s", "m/s", "none"]),
        tint=dice.choice([(255, 255, 255), (255, 255, 255), (200, 240, 255), (255, 236, 214), (170, 225, 255)]),
        inverse=inverse,
        grid=dice.random() < 0.3,
        baseline_ink=dice.choice([YELLOW, GREEN, (200, 200, 200), CYAN, ORANGE]),
        ink=dice.choice([(215, 215, 215), WHITE, YELLOW, GREEN]),
        time_ticks=dice.random() < 0.85,
        time_labels=dice.random() < 0.5,
        gate_ink=dice.choice([WHITE, YELLOW, GREEN, CYAN, ORANGE]),
    )
