"""Screens of imagined machines, drawn at random, with what a person reads off them.

No maker's screen is copied: the layouts are the kinds that probes have (a table beside the picture, a list with units,
a header line, tiles, a list without labels), in several languages, fonts, sizes and colours, saved as JPEG and rescaled.
Among the settings stand dates, times, counters, calipers, rulers and TGC numbers, which are no settings.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from devices.cv import cv2

FONTS = sorted(str(path) for path in Path("/usr/share/fonts/truetype/dejavu").glob("DejaVuSans*.ttf"))
FONTS = [name for name in FONTS if "Oblique" not in name and "ExtraLight" not in name]
Text = tuple[float, float, str]

#: Keys that a screen's truth has or has not: a value read for another one is invented.
KEYS = (
    "mechanical_index",
    "thermal_index_soft_tissue",
    "thermal_index_bone",
    "thermal_index_cranial",
    "depth_mm",
    "gain",
    "frequency_mhz",
    "frame_rate_hz",
    "dynamic_range_db",
    "focus_mm",
    "prf_hz",
    "acoustic_power_percent",
)


@dataclass
class DrawnScreen:
    """`picture` BGR; `truth` by key; `people` the patient's texts; `layout` names the kind."""

    picture: np.ndarray
    truth: dict[str, float]
    layout: str
    people: list[str] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


@dataclass
class Settings:
    mi: float
    ti: float
    ti_kind: str
    depth_cm: float
    gain: int
    colour_gain: int
    mhz: float
    fps: int
    dr: int
    power: int
    prf_khz: float
    wf: int
    doppler: bool


def settings(rng: random.Random) -> Settings:
    mhz = rng.choice([2.5, 3.5, 5.0, 7.5, 9.0, 10.0, 11.0, 12.0, 14.0, 18.0])
    deepest = min(24.0, 90 / mhz)
    return Settings(
        mi=round(rng.uniform(0.1, 1.6), rng.choice([1, 1, 2])),
        ti=round(rng.uniform(0.0, 2.5), rng.choice([1, 1, 2])),
        ti_kind=rng.choice(["s", "s", "b", "c"]),
        depth_cm=round(rng.uniform(max(1.5, 8 / mhz), deepest) * 2) / 2,
        gain=rng.randint(5, 99),
        colour_gain=rng.randint(5, 80),
        mhz=mhz,
        fps=rng.randint(7, 98),
        dr=rng.randint(40, 199),
        power=rng.randint(1, 100),
        prf_khz=round(rng.uniform(0.4, 8), 1),
        wf=rng.randint(30, 400),
        doppler=rng.random() < 0.4,
    )


Layout = Callable[["Canvas", Settings, random.Random, dict[str, float]], None]

TI = {"s": "thermal_index_soft_tissue", "b": "thermal_index_bone", "c": "thermal_index_cranial"}


def decimals(value: float) -> str:
    """As few figures as the value has, one at least."""
    text = f"{value:.2f}"
    return text[:-1] if text.endswith("0") else text


class Canvas:
    """A screen with a picture of speckle in the middle, and text drawn on it."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.width, self.height = rng.choice(
            [(1024, 768), (1280, 720), (1280, 960), (1920, 1080), (800, 600), (1440, 1080)]
        )
        dark = rng.random() < 0.85
        self.ground = rng.choice([(0, 0, 0), (12, 12, 16), (40, 40, 44), (20, 28, 40)]) if dark else (228, 230, 232)
        bright = [(255, 255, 255), (190, 190, 190), (240, 220, 90), (130, 220, 240), (140, 230, 150), (170, 190, 210)]
        self.ink = rng.choice(bright) if dark else rng.choice([(20, 20, 20), (10, 40, 110), (60, 60, 60)])
        self.size = max(11, round(self.height / 768 * rng.choice([12, 13, 15, 17, 20, 24])))
        name = rng.choice([*FONTS, None]) if FONTS else None
        self.font = ImageFont.truetype(name, self.size) if name else ImageFont.load_default(self.size)
        self.image = Image.new("RGB", (self.width, self.height), self.ground)
        self.draw = ImageDraw.Draw(self.image)
        self.texts: list[Text] = []
        self._speckle()

    def _speckle(self) -> None:
        rng = np.random.default_rng(self.rng.randrange(1 << 30))
        x0, y0 = round(self.width * 0.24), round(self.height * 0.14)
        x1, y1 = round(self.width * 0.78), round(self.height * 0.9)
        noise = rng.rayleigh(1.0, ((y1 - y0) // 2, (x1 - x0) // 3)).astype(np.float32)
        noise = cv2.GaussianBlur(cv2.resize(noise, (x1 - x0, y1 - y0), interpolation=cv2.INTER_CUBIC), (0, 0), 1.0)
        layers = 70 + 60 * np.sin(np.linspace(0, 17, y1 - y0))[:, None] ** 2
        tissue = np.clip(noise * layers, 0, 255).astype(np.uint8)
        self.image.paste(Image.fromarray(tissue).convert("RGB"), (x0, y0))
        self.box = (x0, y0, x1, y1)

    def text(self, x: float, y: float, words: str, **options: Any) -> float:
        """Draws the words; returns where they end."""
        self.draw.text((x, y), words, font=self.font, fill=options.get("fill", self.ink))
        self.texts.append((x, y, words))
        return x + self.draw.textlength(words, font=self.font)

    @property
    def step(self) -> float:
        return self.size * self.rng.choice([1.3, 1.35, 1.5])

    def finish(self) -> np.ndarray:
        bgr = cv2.cvtColor(np.asarray(self.image), cv2.COLOR_RGB2BGR)
        if self.rng.random() < 0.3:
            factor = self.rng.uniform(0.85, 1.3)
            bgr = cv2.resize(
                bgr, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR if factor > 1 else cv2.INTER_AREA
            )
        if self.rng.random() < 0.7:
            _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, self.rng.randint(75, 97)])
            bgr = cv2.imdecode(data, cv2.IMREAD_COLOR)
        return np.asarray(bgr, np.uint8)


def distractions(canvas: Canvas, rng: random.Random, layout: Layout) -> None:
    """What is no setting: a ruler, a date, a counter, a caliper's result, a heart rate."""
    x0, y0, x1, y1 = canvas.box
    for number in range(1, 5):
        canvas.text(x1 + 6, y0 + (y1 - y0) * number / 5, str(number))
    below = layout is not tiles
    if below and rng.random() < 0.7:
        canvas.text(
            x0,
            canvas.height - canvas.size * 1.6,
            rng.choice(["03/15/21 06:26:02 PM", "2023-11-02 14:05:33", "12.04.2022  09:17"]),
        )
    if below and rng.random() < 0.5:
        canvas.text(x1 - 160, canvas.height - canvas.size * 1.6, rng.choice(["107/1107", "48/48", "#59", "65bpm"]))
    if rng.random() < 0.4:
        for row, words in enumerate(
            rng.choice([["1 Dist 0.55 cm"], ["D1 3.31 cm", "D2 2.07 cm"], ["IMT 0.71 mm", "Area 1.24 cm2"]])
        ):
            canvas.text(8, y1 - canvas.size * 6 + row * canvas.size * 1.5, words)


def indices(
    s: Settings, rng: random.Random, truth: dict[str, float], comma: bool = False, language: str = "en"
) -> list[str]:
    mi, ti = decimals(s.mi), decimals(s.ti)
    truth["mechanical_index"], truth[TI[s.ti_kind]] = s.mi, s.ti
    separator = rng.choice([" ", ": ", ":", "", "  "])
    if language == "en":
        names = "MI", rng.choice(["TI{}", "TI{}", "Ti{}"]).format(rng.choice([s.ti_kind, s.ti_kind.upper()]))
    else:
        names = "IM", "IT" + {"s": "m", "b": "o", "c": "c"}[s.ti_kind]
    words = [f"{name}{separator}{value}" for name, value in zip(names, (mi, ti), strict=True)]
    if comma:
        words = [word.replace(".", ",") for word in words]
    if rng.random() < 0.5:
        words.reverse()
    return words


def header(canvas: Canvas, words: list[str], rng: random.Random) -> None:
    x = rng.choice([canvas.width * 0.55, canvas.width * 0.02])
    joint = rng.choice(["  ", "   ", " / ", ", "])
    canvas.text(x, canvas.size * 0.5, joint.join(words))


def table(canvas: Canvas, s: Settings, rng: random.Random, truth: dict[str, float]) -> None:
    """Labels in one column, values in another, beside the picture, groups under headings."""
    header(canvas, indices(s, rng, truth), rng)
    x, y, step = canvas.box[2] + canvas.size * 2.2, canvas.box[1], canvas.step
    value_x = x + canvas.size * 3.2
    unit = rng.random() < 0.5
    rows = [
        (rng.choice(["Frq", "Freq", "F"]), f"{s.mhz:.1f}" + (" MHz" if unit else ""), "frequency_mhz", s.mhz),
        (rng.choice(["Gn", "G", "Gain"]), f"{s.gain}", "gain", s.gain),
        ("E/A", "2/2", "", 0),
        (rng.choice(["D", "Dp", "Depth"]), f"{s.depth_cm:.1f}" + (" cm" if unit else ""), "depth_mm", s.depth_cm * 10),
        ("DR", f"{s.dr}", "dynamic_range_db", s.dr),
        ("FR", f"{s.fps}" + (" Hz" if unit else ""), "frame_rate_hz", s.fps),
        (rng.choice(["AO", "AP"]), f"{s.power} %", "acoustic_power_percent", s.power),
        ("Map", "C/0", "", 0),
    ]
    rng.shuffle(rows)
    canvas.text(x, y, rng.choice(["B", "2D", "[B]"]))
    for label, value, key, number in rows[: rng.randint(5, 8)]:
        y += step
        canvas.text(x, y, label)
        canvas.text(value_x, y, value)
        if key:
            truth[key] = number
    if s.doppler:
        y += step * 1.8
        canvas.text(x, y, rng.choice(["CF", "C", "Color"]))
        for label, value in (
            ("Frq", "5.0 MHz"),
            ("Gn", f"{s.colour_gain}"),
            ("PRF", f"{s.prf_khz} kHz"),
            ("WF", f"{s.wf} Hz"),
        ):
            y += step
            canvas.text(x, y, label)
            canvas.text(value_x, y, value)
        truth["prf_hz"] = s.prf_khz * 1000


def joined(canvas: Canvas, s: Settings, rng: random.Random, truth: dict[str, float]) -> None:
    """Label and value in one word or with a blank between, at the right."""
    power = [f"AP {s.power}%"] if rng.random() < 0.5 else []
    if power:
        truth["acoustic_power_percent"] = s.power
    header(canvas, power + indices(s, rng, truth), rng)
    x, y, step = canvas.box[2] + canvas.size * 2.2, canvas.box[1], canvas.step
    blank = rng.choice(["", " ", " "])
    rows = [
        (f"F{blank}{rng.choice(['', 'H'])}{s.mhz:.1f}", "frequency_mhz", s.mhz),
        (f"D{blank}{s.depth_cm:.1f}", "depth_mm", s.depth_cm * 10),
        (f"G{blank}{s.gain}", "gain", s.gain),
        (f"FR{blank}{s.fps}", "frame_rate_hz", s.fps),
        (f"DR{blank}{s.dr}", "dynamic_range_db", s.dr),
        ("iClear 4", "", 0),
        ("Map 3", "", 0),
    ]
    canvas.text(x, y, "B")
    for words, key, number in rows[: rng.randint(4, 7)]:
        y += step
        canvas.text(x, y, words)
        if key:
            truth[key] = number
    if s.doppler:
        y += step * 1.5
        if rng.random() < 0.7:
            canvas.text(x, y, "C")
        for words in ("F 5.0", f"G {s.colour_gain}", f"WF {s.wf}", f"PRF {s.prf_khz}k"):
            y += step
            canvas.text(x, y, words)
        truth["prf_hz"] = s.prf_khz * 1000


def bare(canvas: Canvas, s: Settings, rng: random.Random, truth: dict[str, float]) -> None:
    """A list without labels at the left; the gain is the percentage under '2D'; compression is no dynamic range."""
    words = indices(s, rng, truth)
    canvas.text(canvas.width * 0.7, canvas.size, "  ".join(words))
    y, step = canvas.size, canvas.step
    depth = f"{s.depth_cm:.1f}".removesuffix(".0")
    s.depth_cm = max(2.0, s.depth_cm)
    depth = f"{s.depth_cm:.1f}".removesuffix(".0")
    for line in ("Small Parts", rng.choice(["L12-4", "C5-1", "S5-1", "eL18-4"]), f"{s.fps}Hz", f"{depth}cm"):
        canvas.text(10, y, line)
        y += step
    y += step
    canvas.text(10, y, "2D")
    for line in (f"{s.gain}%", f"C {rng.randint(40, 70)}", "P Low", rng.choice(["HGen", "Res", "Gen"])):
        y += step
        canvas.text(10 + rng.choice([0, canvas.size * 0.5]), y, line)
    if s.doppler:
        y += step * 2
        for line in ("CF", f"{s.colour_gain}%", f"WF {s.wf}Hz", f"{s.prf_khz}kHz"):
            canvas.text(10, y, line)
            y += step
    truth.update(depth_mm=s.depth_cm * 10, gain=s.gain, frame_rate_hz=s.fps)


def colons(canvas: Canvas, s: Settings, rng: random.Random, truth: dict[str, float]) -> None:
    """'GN: 70dB' at the left, patient's lines at the right."""
    y, step = canvas.size, canvas.step
    rows = [
        (" ".join(indices(s, rng, truth)), "", 0),
        (f"GN: {s.gain}{rng.choice(['dB', '', '%'])}", "gain", s.gain),
        (f"{rng.choice(['D', 'Depth'])}: {round(s.depth_cm * 10)}mm", "depth_mm", round(s.depth_cm * 10)),
        ("Enh: 3", "", 0),
        (f"DR: {s.dr}", "dynamic_range_db", s.dr),
        (f"F: {rng.choice(['', 'H'])}{s.mhz:.1f}MHz", "frequency_mhz", s.mhz),
        (f"FPS: {s.fps}", "frame_rate_hz", s.fps),
    ]
    for words, key, number in rows:
        canvas.text(12, y, words)
        y += step
        if key:
            truth[key] = number
    if rng.random() < 0.5:
        canvas.text(12, y + step, "TGC: 50 55 60")


LANGUAGES: list[dict[str, str]] = [
    {"depth": "Profondeur", "gain": "Gain", "dr": "Plage dyn", "f": "Fréq", "fps": "Cadence"},
    {"depth": "Prof.", "gain": "Guadagno", "dr": "Dyn", "f": "Freq.", "fps": "FPS"},
    {"depth": "Tiefe", "gain": "Verstärkung", "dr": "Dyn", "f": "Frequenz", "fps": "Bildrate"},
    {"depth": "Profundidad", "gain": "Ganancia", "dr": "RD", "f": "Frec", "fps": "FPS"},
    {"depth": "Depth", "gain": "Gain", "dr": "Dynamic Range", "f": "Frequency", "fps": "Frame Rate"},
]


def foreign(canvas: Canvas, s: Settings, rng: random.Random, truth: dict[str, float]) -> None:
    """Another language with decimal commas, one setting a line."""
    words = rng.choice(LANGUAGES)
    english = words["depth"] == "Depth"
    header(canvas, indices(s, rng, truth, comma=not english, language="en" if english else "fr"), rng)
    joint = rng.choice([": ", " ", " : "])
    rows = [
        (f"{words['depth']}{joint}{s.depth_cm:.1f} cm", "depth_mm", s.depth_cm * 10),
        (f"{words['gain']}{joint}{s.gain} {rng.choice(['%', 'dB'])}", "gain", s.gain),
        (f"{words['dr']}{joint}{s.dr} dB", "dynamic_range_db", s.dr),
        (f"{words['f']}{joint}{s.mhz:.1f} MHz", "frequency_mhz", s.mhz),
        (f"{words['fps']}{joint}{s.fps}", "frame_rate_hz", s.fps),
    ]
    rng.shuffle(rows)
    y, step = canvas.size * 3.0, canvas.step
    for text, key, number in rows:
        canvas.text(8, y, text if english else text.replace(".", ",") if text[-1] != "." else text)
        truth[key] = number
        y += step


def tiles(canvas: Canvas, s: Settings, rng: random.Random, truth: dict[str, float]) -> None:
    """An app: a label over its value, tiles in a row along the bottom."""
    canvas.text(canvas.width * 0.4, canvas.size * 0.5, "  ".join(indices(s, rng, truth)))
    y = canvas.height - canvas.size * 3.4
    pitch = canvas.width / 5
    cells = [
        ("Depth", f"{s.depth_cm:.1f} cm", "depth_mm", s.depth_cm * 10),
        ("Gain", f"{s.gain}%", "gain", s.gain),
        ("Frequency", f"{s.mhz:.1f} MHz", "frequency_mhz", s.mhz),
        ("DR", f"{s.dr} dB", "dynamic_range_db", s.dr),
    ]
    rng.shuffle(cells)
    for column, (label, value, key, number) in enumerate(cells):
        x = pitch * (column + 0.3)
        canvas.draw.rectangle((x - 8, y - 6, x + pitch * 0.75, canvas.height - 4), fill=canvas.ground)
        canvas.text(x, y, label)
        canvas.text(x, y + canvas.size * 1.4, value)
        truth[key] = number


def slashes(canvas: Canvas, s: Settings, rng: random.Random, truth: dict[str, float]) -> None:
    """'LA3-16 / MSK', '4.0cm / 31Hz', then '[2D] Gn 50 / DR 60'."""
    s.depth_cm = max(2.0, s.depth_cm)
    canvas.text(canvas.width * 0.62, canvas.size, " ".join(indices(s, rng, truth)))
    y, step = canvas.size, canvas.step
    lines = [
        f"LA3-16A / {rng.choice(['MSK', 'Thyroid', 'Breast'])}",
        f"{s.depth_cm:.1f}cm / {s.fps}Hz",
        rng.choice(["[2D] Gen", "[2D]"]),
        f"Gn {s.gain}",
        f"DR {s.dr}",
        "FA 3",
    ]
    if rng.random() < 0.5:
        lines[3:5] = [f"Gn {s.gain} / DR {s.dr}"]
    for words in lines:
        canvas.text(10, y, words)
        y += step
    if s.doppler:
        for words in ("[C] Gen", f"Gn {s.colour_gain}", f"PRF {s.prf_khz}kHz", f"WF {s.wf}Hz"):
            canvas.text(10, y, words)
            y += step
        truth["prf_hz"] = s.prf_khz * 1000
    truth.update(depth_mm=s.depth_cm * 10, gain=s.gain, frame_rate_hz=s.fps, dynamic_range_db=s.dr)


def line(canvas: Canvas, s: Settings, rng: random.Random, truth: dict[str, float]) -> None:
    """All in a line or two at the top, with commas."""
    parts = indices(s, rng, truth)
    parts += rng.sample(
        [
            rng.choice([f"Frq {s.mhz:.1f} MHz", f"{s.mhz:.1f}MHz"]),
            f"Gn {s.gain}",
            f"D {s.depth_cm:.1f} cm",
            f"DR {s.dr}",
            f"FR {s.fps}",
        ],
        5,
    )
    parts.append("MSK")
    half = len(parts) // 2
    joint = rng.choice([", ", "  "])
    canvas.text(10, canvas.size * 0.5, joint.join(parts[:half]))
    canvas.text(10, canvas.size * 2.0, joint.join(parts[half:]))
    truth.update(frequency_mhz=s.mhz, gain=s.gain, depth_mm=s.depth_cm * 10, dynamic_range_db=s.dr, frame_rate_hz=s.fps)


def empty(canvas: Canvas, s: Settings, rng: random.Random, truth: dict[str, float]) -> None:
    """Nothing but the rest: no setting may be read."""
    canvas.text(10, canvas.size, rng.choice(["MI N/A   TIS N/A", "TI 0.4", "Freeze", "Exam 12   Image 3"]))
    canvas.text(
        10, canvas.size * 3, rng.choice(["D1 2.31 cm", "Lt Ut-PS 70.64cm/s", "Gain", "HR 65bpm", "Vol 12.3 ml"])
    )


LAYOUTS: list[Layout] = [
    table, joined, bare, colons, foreign, tiles, slashes, line, empty,
]  # fmt: skip


def drawn_screen(seed: int) -> DrawnScreen:
    """The screen of that seed: the same each time."""
    rng = random.Random(seed)
    layout = LAYOUTS[seed % len(LAYOUTS)]
    canvas = Canvas(rng)
    values = settings(rng)
    truth: dict[str, float] = {}
    people = []
    layout(canvas, values, rng, truth)
    distractions(canvas, rng, layout)
    if rng.random() < 0.5 and layout in (table, joined, tiles):
        people = ["Name: Muster, Erika", "ID: 4711-0815"]
        for row, words in enumerate(people):
            canvas.text(canvas.width * 0.02, canvas.size * (2.5 + 1.5 * row), words)
    return DrawnScreen(
        canvas.finish(), {k: round(v, 4) for k, v in truth.items()}, layout.__name__, people, canvas.texts
    )
