"""Twelve harder ways in which screens print their settings, written down before the reader had been tried on any of them.

`docs/reference/measured.md` has the first figure. What is hard: letters of 7 to 9 rows, bitmap, condensed and serif faces,
grey on grey, colours by field, text over tissue, values left of, above and below labels, units glued on, six languages, a
phone's rescaling after the drawing, JPEG of quality 60 to 80. Beside each stand numbers that are nobody's setting.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from devices.cv import cv2
from tests.imaging.readout_layouts import Values, values

Truth = dict[str, float]
Colour = tuple[int, int, int]
_URW: Final = "/usr/share/fonts/opentype/urw-base35/"
_DEJAVU: Final = "/usr/share/fonts/truetype/dejavu/"
_NOTO: Final = "/usr/share/fonts/truetype/noto/"
_CJK: Final = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
TISSUE: Final = "tissue"  #: where a text stands over the picture
_DECOYS: Final = (
    "2025-11-03 14:07:55", "03.11.2025", "14:07", "2:07:55 PM", "34Y M", "Age 61", "041Y F", "12/96", "#0031", "F 118/240",
    "SW 4.2.1", "V2.7", "Build 3.08", "ID: 20250417", "SN 0417-22", "S/N 90412", "PID 7730", "88%", "5 GHz", "31.5 °C", "1/3",
    "+ 3.31 cm", "L1 8.4 mm", "D1 12.6mm", "P1 R1", "Cine 96", "0:04", "Exam 2.1", "72 bpm", "Rev 1.12",
)  # fmt: skip


@dataclass
class Look:
    """How the text is drawn: `letter` is the rows of a capital in the final picture, `bitmap` without grey at its edges."""

    faces: Sequence[str]
    letter: tuple[int, int] = (8, 12)
    ground: Colour = (0, 0, 0)
    ink: Colour = (225, 225, 225)
    value_ink: Colour | None = None
    bitmap: bool = False
    hershey: int | None = None
    rescaled: tuple[float, float] = (1.0, 1.0)
    quality: tuple[int, int] = (60, 80)
    over_tissue: bool = False


@dataclass
class Field:
    """A label and its value as they are printed, or a whole line (`value` empty), and what a person reads in them."""

    label: str
    value: str = ""
    truth: Truth = field(default_factory=dict)


Fields = list[Field]
Way = tuple[str, Look, str, Callable[[Values, random.Random], Fields]]


def _ti(v: Values) -> str:
    return {"s": "thermal_index_soft_tissue", "b": "thermal_index_bone", "c": "thermal_index_cranial"}[v.ti_kind]


def _mi(v: Values) -> Truth:
    return {"mechanical_index": float(v.mi)}


def _depth(v: Values) -> Truth:
    return {"depth_mm": v.depth_cm * 10}


def _gain(v: Values) -> Truth:
    return {"gain": v.gain}


def _rate(v: Values) -> Truth:
    return {"frame_rate_hz": float(v.fps)}


def _range(v: Values) -> Truth:
    return {"dynamic_range_db": float(v.dr)}


def _mhz(v: Values) -> Truth:
    return {"frequency_mhz": v.mhz}


def _mm(v: Values) -> str:
    return f"{v.depth_cm * 10:.0f}"


def _one_line(v: Values, rng: random.Random) -> Fields:
    """'MI 0.7  TIS 0.2  12.0MHz-H  D: 3,5cm' in two lines along the top."""
    comma = f"{v.depth_cm:.1f}".replace(".", ",")
    return [
        Field(
            f"MI {v.mi}  TI{v.ti_kind.upper()} {v.ti}  {v.mhz:.1f}MHz-H", "", {**_mi(v), _ti(v): float(v.ti), **_mhz(v)}
        ),
        Field(
            f"D: {comma}cm  G {v.gain:g}  FR {v.fps}Hz  DR {v.dr}",
            "",
            {**_depth(v), **_gain(v), **_rate(v), **_range(v)},
        ),
    ]


def _pixels(v: Values, rng: random.Random) -> Fields:
    return [
        Field("FR", f"{v.fps}Hz", _rate(v)), Field("R", f"{_mm(v)}mm", _depth(v)), Field("G", f"{v.gain:g}", _gain(v)),
        Field("DR", f"{v.dr}", _range(v)), Field("Frq", "Gen"), Field("P", "100%"), Field("MI", f"{v.mi}", _mi(v)),
        Field("TIS", f"{v.ti}", {"thermal_index_soft_tissue": float(v.ti)}),
    ]  # fmt: skip


def _serif(v: Values, rng: random.Random) -> Fields:
    return [
        Field("Depth", f"{v.depth_cm:.1f} cm", _depth(v)), Field("Gain", f"{v.gain:g} dB", _gain(v)),
        Field("Frequency", f"{v.mhz:.1f} MHz", _mhz(v)), Field("Frame rate", f"{v.fps} fps", _rate(v)),
        Field("Dynamic range", f"{v.dr} dB", _range(v)),
    ]  # fmt: skip


def _left_values(v: Values, rng: random.Random) -> Fields:
    return [
        Field(f"{v.mi}MI", "", _mi(v)), Field(f"{v.ti}TI{v.ti_kind.upper()}", "", {_ti(v): float(v.ti)}),
        Field(f"{v.mhz:.1f} MHz", "", _mhz(v)), Field(f"{v.fps} fps", "", _rate(v)),
        Field(f"{v.depth_cm:.1f} cm", "", _depth(v)),
    ]  # fmt: skip


def _tiles(v: Values, rng: random.Random) -> Fields:
    return [
        Field("DEPTH", f"{v.depth_cm:.1f} cm", _depth(v)), Field("GAIN", f"{v.gain:g}%", _gain(v)),
        Field("FREQ", f"{v.mhz:.1f} MHz", _mhz(v)), Field("FPS", f"{v.fps}", _rate(v)), Field("DYN", f"{v.dr}", _range(v)),
    ]  # fmt: skip


def _slashed(v: Values, rng: random.Random) -> Fields:
    other = f"{float(v.ti) + 0.1:.1f}"
    return [
        Field(f"TIS {v.ti}/TIB {other}", "",
              {"thermal_index_soft_tissue": float(v.ti), "thermal_index_bone": float(other)}),
        Field(f"MI:{v.mi}", "", _mi(v)), Field(f"{v.fps} fps", "", _rate(v)), Field(f"Gain {v.gain:g}", "", _gain(v)),
        Field(f"Depth {_mm(v)} mm", "", _depth(v)), Field(f"Freq {v.mhz:.1f} MHz", "", _mhz(v)),
    ]  # fmt: skip


def _two_gains(v: Values, rng: random.Random) -> Fields:
    return [
        Field("B", "", {}), Field("Frq", f"{v.mhz:.1f}", _mhz(v)), Field("Gn", f"{v.gain:g}", _gain(v)),
        Field("DR", f"{v.dr}", _range(v)), Field("D", f"{v.depth_cm:.1f}", _depth(v)),
        Field("CF", "", {}), Field("Frq", f"{rng.choice([4.0, 5.0, 6.3])}", {}), Field("Gn", f"{rng.randint(8, 40)}.5", {}),
        Field("PRF", f"{rng.choice([0.8, 1.2, 1.6])}", {}), Field("WF", "2", {}),
    ]  # fmt: skip


def _chinese(v: Values, rng: random.Random) -> Fields:
    return [
        Field("深度", f"{v.depth_cm:.1f}cm", _depth(v)), Field("增益", f"{v.gain:g}", _gain(v)),
        Field("频率", f"{v.mhz:.1f}MHz", _mhz(v)), Field("帧率", f"{v.fps}Hz", _rate(v)),
        Field("动态范围", f"{v.dr}dB", _range(v)), Field("MI", f"{v.mi}", _mi(v)),
    ]  # fmt: skip


def _russian(v: Values, rng: random.Random) -> Fields:
    def comma(text: str) -> str:
        return text.replace(".", ",")

    return [
        Field("Глубина", f"{_mm(v)} мм", _depth(v)), Field("Усиление", f"{v.gain:g} дБ", _gain(v)),
        Field("Частота", comma(f"{v.mhz:.1f} МГц"), _mhz(v)), Field("ДД", f"{v.dr} дБ", _range(v)),
        Field("МИ", comma(v.mi), _mi(v)), Field("Кадры", f"{v.fps} к/с", _rate(v)),
    ]  # fmt: skip


def _romance(v: Values, rng: random.Random) -> Fields:
    words = rng.choice([
        ("Profondeur", "Gain", "Fréquence", "Cadence", "Dynamique", "IM", "ITM"),
        ("Profondità", "Guadagno", "Frequenza", "Frame rate", "Dinamica", "IM", "ITM"),
        ("Profundidad", "Ganancia", "Frecuencia", "Cuadros/s", "Rango din.", "IM", "ITB"),
        ("Eindringtiefe", "Verstärkung", "Frequenz", "Bildrate", "Dynamik", "MI", "TIS"),
    ])  # fmt: skip
    index = {"ITM": "thermal_index_soft_tissue", "TIS": "thermal_index_soft_tissue"}.get(words[6])
    comma = [one.replace(".", ",") for one in (f"{v.depth_cm:.1f} cm", f"{v.mhz:.1f} MHz", v.mi, v.ti)]
    fields = [
        Field(words[0], comma[0], _depth(v)), Field(words[1], f"{v.gain:g} %", _gain(v)), Field(words[2], comma[1], _mhz(v)),
        Field(words[3], f"{v.fps}", _rate(v)), Field(words[4], f"{v.dr} dB", _range(v)), Field(words[5], comma[2], _mi(v)),
    ]  # fmt: skip
    return [*fields, Field(words[6], comma[3], {index: float(v.ti)})] if index else fields


def _japanese(v: Values, rng: random.Random) -> Fields:
    return [
        Field("深さ", f"{v.depth_cm:.1f}cm", _depth(v)), Field("ゲイン", f"{v.gain:g}", _gain(v)),
        Field("周波数", f"{v.mhz:.1f}MHz", _mhz(v)), Field("フレームレート", f"{v.fps}Hz", _rate(v)),
        Field("MI", f"{v.mi}", _mi(v)), Field("TIS", f"{v.ti}", {"thermal_index_soft_tissue": float(v.ti)}),
    ]  # fmt: skip


def _glued(v: Values, rng: random.Random) -> Fields:
    return [
        Field(f"Gn{v.gain:g}", "", _gain(v)), Field(f"DR{v.dr}dB", "", _range(v)), Field(f"FR{v.fps}", "", _rate(v)),
        Field(f"D{v.depth_cm:.1f}cm", "", _depth(v)), Field(f"F{v.mhz:.1f}MHz", "", _mhz(v)),
        Field(f"MI{v.mi} TI{v.ti_kind}{v.ti}", "", {**_mi(v), _ti(v): float(v.ti)}),
    ]  # fmt: skip


_SERIF: Final = (f"{_URW}C059-Roman.otf", f"{_URW}P052-Roman.otf", f"{_URW}URWBookman-Light.otf", f"{_DEJAVU}DejaVuSerif.ttf",
                 f"{_NOTO}NotoSerif-Regular.ttf")  # fmt: skip
_CONDENSED: Final = (f"{_DEJAVU}DejaVuSansCondensed.ttf", f"{_URW}NimbusSansNarrow-Regular.otf")
_PLAIN: Final = (f"{_URW}NimbusSans-Regular.otf", f"{_DEJAVU}DejaVuSans.ttf", f"{_NOTO}NotoSans-Regular.ttf")
_PHONE: Final = (0.6, 1.7)
WAYS: Final[tuple[Way, ...]] = (
    ("one-line-grey-on-grey", Look(_CONDENSED, (8, 11), (52, 54, 58), (150, 155, 160)), "lines", _one_line),
    ("bitmap-list", Look((f"{_DEJAVU}DejaVuSans.ttf", f"{_DEJAVU}DejaVuSansMono.ttf"), (7, 9), bitmap=True,
                         ink=(190, 220, 190)), "table", _pixels),
    ("serif-on-a-tint", Look(_SERIF, (9, 13), (226, 232, 240), (50, 60, 90)), "below", _serif),
    ("over-tissue", Look(_PLAIN, (9, 13), ink=(250, 250, 250), over_tissue=True), "lines", _left_values),
    ("tiles-value-above", Look(_PLAIN, (8, 11), (24, 26, 30), (120, 128, 140), (240, 240, 245)), "above", _tiles),
    ("drawn-by-a-program", Look((), (8, 13), ink=(0, 220, 220), hershey=cv2.FONT_HERSHEY_SIMPLEX, rescaled=_PHONE), "lines",
     _slashed),
    ("two-gains", Look(_PLAIN, (8, 11), ink=(230, 200, 90), value_ink=(240, 240, 240)), "table", _two_gains),
    ("chinese", Look((_CJK,), (9, 13), (0, 0, 0), (120, 200, 220), (255, 255, 255)), "table", _chinese),
    ("russian", Look((f"{_DEJAVU}DejaVuSerifCondensed.ttf", *_PLAIN[1:]), (9, 12), (16, 22, 34), (200, 205, 215)), "table",
     _russian),
    ("romance-and-german", Look((*_CONDENSED, *_SERIF[:2]), (8, 12), (0, 0, 0), (255, 190, 90), (240, 240, 240),
                                rescaled=_PHONE), "table", _romance),
    ("japanese", Look((_CJK,), (9, 13), (238, 240, 242), (70, 76, 84)), "table", _japanese),
    ("glued", Look((f"{_DEJAVU}DejaVuSansMono.ttf", f"{_URW}NimbusMonoPS-Bold.otf"), (8, 11), ink=(140, 230, 140),
                   rescaled=_PHONE), "lines", _glued),
)  # fmt: skip


def hard_screen(way: int, number: int) -> tuple[np.ndarray, Truth]:
    """Screen `number` of one of the twelve ways: its picture (BGR) and what a person reads on it."""
    _, look, place, written = WAYS[way]
    rng = random.Random(f"hard {way} {number}")
    noise = np.random.default_rng([17, way, number])
    fields = written(values(rng), rng)
    factor = rng.uniform(*look.rescaled)
    letter = rng.randint(*look.letter) / factor
    size = round(rng.choice([960, 1024, 1280]) / factor), round(rng.choice([720, 768]) / factor)
    canvas = _Canvas(size, look, letter, rng)
    box = (round(0.3 * size[0]), round(0.16 * size[1]), round(0.8 * size[0]), round(0.92 * size[1]))
    canvas.tissue(box, noise)
    pitch = letter * rng.uniform(2.1, 2.8)
    if look.over_tissue:
        x, y = box[0] + pitch, box[1] + pitch
    elif place == "lines" and len(fields) == 2:
        x, y = rng.uniform(0.02, 0.1) * size[0], 0.3 * pitch
    else:
        x, y = 0.015 * size[0], rng.uniform(0.17, 0.3) * size[1]
    wide = max(canvas.width(one.label) for one in fields) + 1.5 * letter
    for one in fields:
        if place in ("above", "below"):
            label_y, value_y = (y + 1.9 * letter, y) if place == "above" else (y, y + 1.9 * letter)
            canvas.write(x, label_y, one.label, look.ink)
            canvas.write(x, value_y, one.value, look.value_ink or look.ink)
            y += 5.2 * letter
            continue
        canvas.write(x, y, one.label, look.ink)
        if one.value:
            canvas.write(x + wide, y, one.value, look.value_ink or look.ink)
        y += pitch
    _decoys(canvas, size, box, letter, rng)
    picture = canvas.bgr()
    if factor != 1:
        kind = cv2.INTER_LINEAR if factor > 1 else cv2.INTER_AREA
        picture = np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=kind), np.uint8)
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(*look.quality)])
    truth: Truth = {}
    for one in fields:
        truth.update(one.truth)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8), truth


def _decoys(
    canvas: _Canvas, size: tuple[int, int], box: tuple[int, int, int, int], letter: float, rng: random.Random
) -> None:
    texts = rng.sample(_DECOYS, rng.randint(3, 6))
    places = [
        (0.83 * size[0], 0.05 * size[1]), (0.83 * size[0], 0.3 * size[1]), (0.83 * size[0], 0.5 * size[1]),
        (0.35 * size[0], 0.945 * size[1]), (0.6 * size[0], 0.945 * size[1]), (0.02 * size[0], 0.945 * size[1]),
    ]  # fmt: skip
    for text, (x, y) in zip(texts, places, strict=False):
        canvas.write(x, y, text, canvas.look.ink, plain=True)


class _Canvas:
    """A screen to be drawn on, in the look's own letters."""

    def __init__(self, size: tuple[int, int], look: Look, letter: float, rng: random.Random) -> None:
        self.look = look
        self._letter = letter
        self._image = Image.new("RGB", size, look.ground)
        self._font = self._face(rng.choice(look.faces)) if look.faces else None
        self._thick = max(1, round(letter / 9))

    def _face(self, path: str) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        """The face in the size in which a capital has the wanted rows."""
        if not Path(path).exists():
            return ImageFont.load_default(round(self._letter / 0.72))
        for size in range(6, 80):
            font = ImageFont.truetype(path, size)
            top, bottom = font.getbbox("H")[1], font.getbbox("H")[3]
            if bottom - top >= round(self._letter):
                break
        return font

    def width(self, text: str) -> float:
        if self._font is None or self.look.hershey is not None:
            return len(text) * self._letter * 0.9
        return float(self._font.getlength(text))

    def write(self, x: float, y: float, text: str, ink: Colour, plain: bool = False) -> None:
        """`text` with its upper left corner at (x, y)."""
        if not text:
            return
        if self._font is None and self.look.hershey is not None:
            made = np.array(self._image)
            scale = self._letter / 21.0
            at = round(x), round(y + self._letter)
            cv2.putText(made, text.replace("°", ""), at, self.look.hershey, scale, ink, self._thick, cv2.LINE_AA)
            self._image = Image.fromarray(made)
            return
        draw = ImageDraw.Draw(self._image)
        draw.fontmode = "1" if self.look.bitmap else "L"
        draw.text((round(x), round(y)), text, font=self._font, fill=ink)

    def tissue(self, box: tuple[int, int, int, int], noise: np.random.Generator) -> None:
        """Speckle in layers, in the box."""
        x0, y0, x1, y1 = box
        speckle = noise.rayleigh(1.0, ((y1 - y0) // 2, (x1 - x0) // 3)).astype(np.float32)
        speckle = np.asarray(cv2.resize(speckle, (x1 - x0, y1 - y0), interpolation=cv2.INTER_CUBIC), np.float32)
        layers = 20 + 50 * np.sin(np.linspace(0, noise.uniform(8, 20), y1 - y0))[:, None] ** 2
        self._image.paste(Image.fromarray(np.clip(speckle * layers, 0, 255).astype(np.uint8)).convert("RGB"), (x0, y0))

    def bgr(self) -> np.ndarray:
        return np.asarray(cv2.cvtColor(np.asarray(self._image), cv2.COLOR_RGB2BGR), np.uint8)
