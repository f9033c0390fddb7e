"""Layouts of imagined screens: how a setting may be labelled, written and placed, and what stands around it.

Nothing is copied from a machine: labels, separators, units, columns and headings are drawn at random from what the field
uses, so that a rule of the grammar is tried in combinations that no one thought of. `placed` gives the texts with their
places (an OCR that makes no mistake), `tests.imaging.readout_pictures` draws them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from imaging.text import TextLine

INDICES: Final = {"s": "thermal_index_soft_tissue", "b": "thermal_index_bone", "c": "thermal_index_cranial"}
LETTER: Final = 0.55  #: of the size: a letter's mean width


@dataclass
class Put:
    """One text at (x, y), its upper left corner, `size` pixels high."""

    text: str
    x: float
    y: float
    size: float

    @property
    def right(self) -> float:
        return self.x + len(self.text) * self.size * LETTER


@dataclass
class Placed:
    """A screen's texts, what a person reads in them, and how it was laid out."""

    size: tuple[int, int]
    picture: tuple[int, int, int, int]
    puts: list[Put] = field(default_factory=list)
    truth: dict[str, float] = field(default_factory=dict)
    kind: str = ""


@dataclass
class Values:
    mhz: float
    depth_cm: float
    gain: float
    fps: int
    dr: int
    mi: str
    ti: str
    ti_kind: str


#: label → its joints; a label with a blank or a long word takes any.
LABELS: Final[dict[str, Sequence[str]]] = {
    "depth_mm": ("D", "Depth", "DEPTH", "depth", "Dp", "Dep", "DEP", "Prof", "Prof.", "Profondeur", "Tiefe", "Profundidad",
                 "Profondità", "深度", "De", "B Depth", "Depth(cm)"),
    "gain": ("G", "Gn", "GN", "Gain", "GAIN", "2D Gain", "B Gain", "B-Gain", "BGain", "BG", "2DG", "Ganancia", "Guadagno",
             "Verstärkung", "增益", "Verst.", "B Gn", "Gain(%)"),
    "frequency_mhz": ("F", "Frq", "FRQ", "Freq", "FREQ", "Freq.", "Frequency", "Frequenz", "Fréquence", "Frequenza",
                      "Frecuencia", "频率", "B Freq", "Frq."),
    "frame_rate_hz": ("FR", "FPS", "Frame Rate", "Fps", "FrameRate", "Bildrate", "帧率", "Frame rate", "F.Rate", "Frm Rate"),
    "dynamic_range_db": ("DR", "Dyn", "Dynamic Range", "Dyn Range", "DYN", "Dyn. Range", "DynR", "RD", "动态范围", "Dynamic",
                         "Dyn R", "D.R."),
}  # fmt: skip
#: Numbers that a picture shows and that are none of its settings.
_OTHER_ROWS: Final = (
    ("Map", "4"), ("E/A", "2/2"), ("Persist", "3"), ("Per", "3"), ("ENH", "2"), ("Enh", "3"), ("iClear", "4"),
    ("Power", "100%"), ("AO%", "100"), ("AP", "93%"), ("SRI", "3"), ("FA", "5"), ("Zoom", "1.2x"), ("Density", "H"),
    ("Smooth", "2"), ("Edge", "1"), ("TVI", "Off"), ("Line Density", "3"), ("IP", "4"), ("Chroma", "2"), ("XV", "4"),
    ("Comp", "2"), ("Gray Map", "7"), ("PRC", "9/3/2"), ("Focus", "2"), ("TGC", "50"), ("Foc. Num", "2"), ("S/A", "3/1"),
    ("iBeam", "2"), ("Rej", "6"), ("AVG", "3"), ("Frame avg", "3"), ("Sharpness", "5"), ("Acous. Pow", "80"),
)  # fmt: skip
_CORNERS: Final = (
    "2024-03-11 09:41:22", "11.03.2024", "09:41", "03/11/24 9:41:22 AM", "85%", "100 %", "V 1.4.2", "Ver. 2.1", "SW 3.0",
    "v1.6", "Frame 12/60", "12/60", "#59", "ID 00417", "36.5 °C", "WiFi 5 GHz", "64 GB", "Img 3", "Cine 48", "1/4", "0.0s",
    "120x", "Exam 12", "BMI 22.5", "Age 45", "45Y F", "Loop 3.2 s", "T 21:07", "D: 11/03/2024", "100%  09:41", "Serial 40123",
    "Battery 76%", "76% 4G", "Probe 31 C", "Temp 38.2", "Page 1", "1.2.840.113619", "2D", "Zoom 150%", "3:25 left",
)  # fmt: skip
_MEASURED: Final = (
    ("1 L 0.85 cm", "2 L 1.12 cm"), ("D1 12.3 mm", "D2 8.4 mm"), ("Dist 4.0 cm",), ("+ Dist: 3.5cm",), ("A 1.24 cm2",),
    ("PSV 45.6 cm/s", "EDV 12.1 cm/s", "RI 0.73"), ("HR 72 bpm",), ("Depth of vessel 8.2 mm",), ("IMT 0.7 mm",),
    ("Vol 2.5 ml",), ("Angle 60°", "SV 2.0 mm"), ("Skin 1.2 mm",), ("D=12.3mm",), ("Needle 25G 3.5 cm",), ("Vel -23.4 cm/s",),
    ("1: 12.3mm", "2: 9.8mm"), ("L1 1.25cm",), ("TAMV 12.3 cm/s",), ("Distance 21.5 mm",), ("Ø 2.3 mm",),
)  # fmt: skip


def values(rng: random.Random) -> Values:
    """Settings that can stand together."""
    mhz = rng.choice([3.5, 5.0, 6.6, 7.5, 8.0, 9.0, 10.0, 11.0, 12.0, 13.3, 14.0, 15.0, 18.0])
    deepest = min(20.0, 80 / mhz)
    gain = float(rng.randint(5, 99))
    if rng.random() < 0.06:
        gain = rng.choice([-3.0, -8.0, 0.0, 22.5, 105.0])
    return Values(
        mhz,
        round(rng.uniform(max(1.5, 8 / mhz), deepest) * 2) / 2,
        gain,
        rng.randint(6, 99),
        rng.randint(36, 190),
        f"{rng.uniform(0.1, 1.7):.{rng.choice([1, 1, 2])}f}",
        f"{rng.uniform(0.0, 2.5):.{rng.choice([1, 1, 2])}f}",
        rng.choice("sssbc"),
    )


def written(key: str, v: Values, label: str, rng: random.Random, comma: bool) -> tuple[str, float]:
    """A setting's value as a screen writes it, and the value a person takes."""
    blank = rng.choice(["", " "])
    if key == "depth_mm":
        words, value = _depth(v, label, blank, rng)
    elif key == "gain":
        number = f"{v.gain:g}"
        words, value = number + ("" if "%" in label else rng.choice(["", "", f"{blank}%", f"{blank}dB"])), v.gain
    elif key == "frequency_mhz":
        number = rng.choice([f"{v.mhz:.1f}", f"{v.mhz:.2f}" if rng.random() < 0.2 else f"{v.mhz:.1f}"])
        unit = rng.choice(["", f"{blank}MHz", f"{blank}MHz"])
        if v.mhz == round(v.mhz) and unit and rng.random() < 0.4:
            number = f"{v.mhz:.0f}"
        words, value = rng.choice(["", "", "", "H"]) + number + unit, v.mhz
    elif key == "frame_rate_hz":
        units = [""] if "ps" in label.lower() else ["", f"{blank}Hz", f"{blank}fps", f"{blank}Hz"]
        words, value = f"{v.fps}{rng.choice(units)}", float(v.fps)
    else:
        words, value = f"{v.dr}{rng.choice(['', '', f'{blank}dB'])}", float(v.dr)
    return (words.replace(".", ",") if comma else words), value


def _depth(v: Values, label: str, blank: str, rng: random.Random) -> tuple[str, float]:
    millimetres = round(v.depth_cm * 10)
    if "(cm)" in label:
        return f"{v.depth_cm:.1f}", float(millimetres)
    forms = [f"{v.depth_cm:.1f}{blank}cm", f"{millimetres}{blank}mm", f"{v.depth_cm:.1f}"]
    if v.depth_cm == round(v.depth_cm):
        forms += [f"{v.depth_cm:.0f}{blank}cm"]
    return rng.choice(forms), float(millimetres)


Arrange = Callable[[random.Random, "list[tuple[str, str]]", float, float, float], "list[Put]"]


def columns(rng: random.Random, rows: list[tuple[str, str]], x: float, y: float, size: float) -> list[Put]:
    """Labels in one column, values in another, to the left or to the right."""
    longest = max(len(label) for label, _ in rows) * size * LETTER
    gap = rng.uniform(0.8, 3.0) * size
    step = rng.uniform(1.25, 2.2) * size
    wide = max(len(value) for _, value in rows) * size * LETTER
    to_right = rng.random() < 0.35
    puts = []
    for number, (label, value) in enumerate(rows):
        left = x + longest + gap + (wide - len(value) * size * LETTER if to_right else 0)
        puts += [Put(label, x, y + number * step, size), Put(value, left, y + number * step, size)]
    return puts


def joined(rng: random.Random, rows: list[tuple[str, str]], x: float, y: float, size: float) -> list[Put]:
    """Label and value in one word or line."""
    joint = rng.choice([" ", " ", ": ", ":", "", " : ", "=", " = "])
    step = rng.uniform(1.25, 2.0) * size
    bracket = rng.random() < 0.08
    puts = []
    for number, (label, value) in enumerate(rows):
        own = " " if joint == "" and (len(label) > 4 or not label.isascii() or value[:1] in "-HO") else joint
        words = f"[{label}{own}{value}]" if bracket else f"{label}{own}{value}"
        puts.append(Put(words, x, y + number * step, size))
    return puts


def stacked(rng: random.Random, rows: list[tuple[str, str]], x: float, y: float, size: float) -> list[Put]:
    """Label over value, in tiles under each other."""
    step = rng.uniform(1.15, 1.4) * size
    pitch = step * rng.uniform(2.3, 2.9)
    larger = rng.choice([1.0, 1.0, 1.25])
    puts = []
    for number, (label, value) in enumerate(rows):
        top = y + number * pitch
        puts += [Put(label, x, top, size), Put(value, x, top + step, size * larger)]
    return puts


def tiled(rng: random.Random, rows: list[tuple[str, str]], x: float, y: float, size: float) -> list[Put]:
    """Label over value (or under it), in tiles beside each other."""
    pitch = (max(max(len(a), len(b)) for a, b in rows) * LETTER + rng.uniform(1.5, 3.0)) * size
    step = rng.uniform(1.15, 1.4) * size
    values_first = rng.random() < 0.25
    puts = []
    for number, pair in enumerate(rows):
        upper, lower = reversed(pair) if values_first else pair
        puts += [Put(upper, x + number * pitch, y, size), Put(lower, x + number * pitch, y + step, size)]
    return puts


def in_line(rng: random.Random, rows: list[tuple[str, str]], x: float, y: float, size: float) -> list[Put]:
    """All in one or two lines."""
    joint = rng.choice([" ", ": ", ":", " "])
    between = rng.choice(["  ", "   ", ", ", " / ", " | ", "; "])
    words = [f"{label}{joint}{value}" for label, value in rows]
    half = len(words) if len(words) < 4 or rng.random() < 0.3 else (len(words) + 1) // 2
    parts = [words[:half], words[half:]]
    return [Put(between.join(part), x, y + n * size * 1.5, size) for n, part in enumerate(parts) if part]


ARRANGEMENTS: Final[tuple[Arrange, ...]] = (columns, columns, joined, joined, stacked, tiled, in_line)


def layout(seed: int) -> Placed:
    """The layout of that seed: the same each time."""
    rng = random.Random(f"layout {seed}")
    width, height = rng.choice([(1280, 720), (1920, 1080), (1280, 960), (1024, 768), (800, 600)])
    size = max(12.0, round(height * rng.uniform(0.016, 0.03)))
    at = rng.choice(["left", "right", "right"])
    x0, x1 = (0.27, 0.93) if at == "left" else (0.07, 0.70)
    picture = (round(width * x0), round(height * 0.16), round(width * x1), round(height * 0.82))
    placed = Placed((width, height), picture)
    v = values(rng)
    comma = rng.random() < 0.12
    x = width * 0.012 if at == "left" else picture[2] + size * 2.5
    _indices(placed, v, rng, comma, size, at)
    arrange = rng.choice(ARRANGEMENTS)
    below = _settings(placed, v, rng, comma, size, x, arrange)
    if rng.random() < 0.35 and arrange not in (tiled, in_line):
        _doppler(placed, rng, size, x, below + size * rng.uniform(0.8, 2.0))
    _around(placed, rng, size, at)
    placed.kind = f"{arrange.__name__} {at}"
    return placed


def _indices(placed: Placed, v: Values, rng: random.Random, comma: bool, size: float, at: str) -> None:
    foreign = comma and rng.random() < 0.6
    ti = (
        {"s": "ITm", "b": "ITo", "c": "ITc"}[v.ti_kind]
        if foreign
        else rng.choice(["TI{}", "TI{}", "Ti{}"]).format(rng.choice([v.ti_kind, v.ti_kind.upper()]))
    )
    mi = "IM" if foreign else "MI"
    joint = rng.choice([" ", ": ", ":", "", "  ", "=", " : "])
    said = [(mi, v.mi, "mechanical_index"), (ti, v.ti, INDICES[v.ti_kind])]
    if rng.random() < 0.3:
        said.reverse()
    texts = [f"{name}{joint}{number.replace('.', ',') if comma else number}" for name, number, _ in said]
    for _, number, key in said:
        placed.truth[key] = float(number)
    x = placed.size[0] * rng.choice([0.45, 0.6, 0.8]) if at == "right" else placed.size[0] * rng.choice([0.5, 0.75])
    y = size * rng.uniform(0.3, 1.0)
    where = rng.random()
    if where < 0.45:
        placed.puts.append(Put(rng.choice(["  ", " ", "   ", ", ", " / "]).join(texts), x, y, size))
    elif where < 0.75:
        placed.puts += [Put(text, x, y + n * size * 1.4, size) for n, text in enumerate(texts)]
    else:
        placed.puts += [Put(text, x + n * size * 7.5, y, size) for n, text in enumerate(texts)]


def _settings(
    placed: Placed, v: Values, rng: random.Random, comma: bool, size: float, x: float, arrange: Arrange
) -> float:
    keys = rng.sample(list(LABELS), rng.randint(3, 5))
    rows = []
    for key in keys:
        label = rng.choice(LABELS[key])
        words, value = written(key, v, label, rng, comma)
        rows.append((label, words))
        placed.truth[key] = value
    rows += rng.sample(_OTHER_ROWS, rng.randint(0, 3 if arrange not in (tiled, in_line) else 1))
    rng.shuffle(rows)
    y = placed.picture[1] + size * rng.uniform(0, 2)
    if arrange in (tiled, in_line):
        x, y = placed.size[0] * 0.02, placed.size[1] - size * 3.6
        # What does not fit stands on no screen.
        room = placed.size[0] * 0.96
        while max(put.right for put in arrange(random.Random(1), rows, x, y, size)) > room and len(rows) > 1:
            label, _ = rows.pop()
            for key in keys:
                if label in LABELS[key]:
                    placed.truth.pop(key, None)
    elif rng.random() < 0.6:
        placed.puts.append(Put(rng.choice(["B", "2D", "[2D]", "B-Mode", "B Mode", "[B]", "B:"]), x, y, size))
        y += size * 1.5
    made = arrange(rng, rows, x, y, size)
    placed.puts += made
    return max(put.y + put.size for put in made)


def _doppler(placed: Placed, rng: random.Random, size: float, x: float, y: float) -> None:
    """A block of Doppler's settings under its heading: its gain and its frequency are not the picture's."""
    heading = rng.choice(["CF", "C", "Color", "CFM", "[C]", "PW", "CDI", "Colour", "PDI", "Color Doppler"])
    rows = [
        ("Frq", "5.0 MHz"),
        ("Gn", f"{rng.randint(5, 80)}"),
        ("PRF", "1.2 kHz"),
        ("WF", "64 Hz"),
        ("Wall Filter", "2"),
    ]
    if rng.random() < 0.4:
        rows = [("F", "5.0"), ("G", f"{rng.randint(5, 80)}"), ("PRF", "1.2k"), ("WF", "64")]
    rows = rows[: rng.randint(3, 5)]
    if y + size * 10 > placed.size[1]:
        return
    placed.puts.append(Put(heading, x, y, size))
    placed.puts += joined(rng, rows, x, y + size * 1.45, size)


def _around(placed: Placed, rng: random.Random, size: float, at: str) -> None:
    """A ruler's numbers, dates, a battery, calipers' results: no settings."""
    x0, y0, x1, y1 = placed.picture
    unit = rng.choice([1, 10, 5])
    if rng.random() < 0.7:
        side = x1 + size * 0.4 if at == "right" else x0 - size * 1.6
        placed.puts += [Put(f"{n * unit}", side, y0 + (y1 - y0) * n / 5 - size / 2, size * 0.8) for n in range(1, 5)]
    taken = [put for put in placed.puts if put.y < size * 3]
    corners = rng.sample(_CORNERS, 3)
    for n, text in enumerate(corners):
        put = Put(text, placed.size[0] * 0.02 + n * size * 11, size * 3.6, size)
        if put.right < placed.size[0] * 0.98 and not any(abs(one.y - put.y) < size * 1.3 for one in taken):
            placed.puts.append(put)
    if rng.random() < 0.5:
        for n, text in enumerate(rng.choice(_MEASURED)):
            placed.puts.append(Put(text, x0 + size, y1 - size * (4 - 1.5 * n), size))


def as_lines(placed: Placed, seed: int) -> list[TextLine]:
    """The texts as an OCR without mistakes hands them over: neighbours near each other may come as one line."""
    rng = random.Random(f"lines {seed}")
    near = rng.uniform(0.6, 1.3)
    left = sorted(placed.puts, key=lambda put: (round(put.y), put.x))
    lines: list[TextLine] = []
    while left:
        group = [left.pop(0)]
        for put in list(left):
            last = group[-1]
            if (
                abs(put.y - last.y) < last.size * 0.3
                and 0 <= put.x - last.right < near * last.size
                and put.size == last.size
            ):
                group.append(put)
                left.remove(put)
        text, places = "", []
        for put in group:
            if text:
                text += " "
                places.append((places[-1] + put.x) / 2)
            places += [put.x + (n + 0.5) * put.size * LETTER for n in range(len(put.text))]
            text += put.text
        first, last = group[0], group[-1]
        spare = first.size * rng.uniform(0.1, 0.3)
        box = (
            int(first.x - spare),
            int(first.y - spare),
            int(last.right + spare),
            int(first.y + first.size + spare),
        )
        lines.append(TextLine(text, box, 0.99, tuple(places)))
    return sorted(lines, key=lambda line: (line.box[1], line.box[0]))
