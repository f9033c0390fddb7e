"""The layouts of `readout_layouts` as pictures: fonts, themes, sizes, tissue beside the text, JPEG, a phone's rescaling."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from devices.cv import cv2
from tests.imaging.readout_layouts import Placed, layout

_FOLDERS: Final = (
    (
        "/usr/share/fonts/truetype",
        (
            "DejaVuSans",
            "Liberation",
            "NotoSans-",
            "NotoSansDisplay-",
            "NotoSansMono-",
            "Lato",
            "OpenSans",
            "Roboto",
            "Carlito",
        ),
    ),
    ("/usr/share/fonts/opentype/urw-base35", ("NimbusSans-", "NimbusSansNarrow-", "NimbusMonoPS-", "URWGothic-")),
)
#: (ground, ink) of text on a screen, RGB.
_THEMES: Final = (
    ((0, 0, 0), (255, 255, 255)), ((0, 0, 0), (190, 190, 190)), ((0, 0, 0), (130, 135, 140)),
    ((10, 12, 18), (110, 190, 255)), ((0, 0, 0), (255, 200, 60)), ((0, 0, 0), (120, 230, 130)),
    ((34, 38, 44), (230, 230, 235)), ((48, 50, 56), (170, 180, 190)), ((236, 238, 240), (30, 34, 40)),
    ((250, 250, 250), (20, 70, 140)), ((206, 210, 214), (60, 60, 66)), ((20, 34, 54), (235, 220, 150)),
)  # fmt: skip


def fonts() -> list[str]:
    """Upright fonts of this machine that screens could have; none are needed (PIL brings one)."""
    return [
        str(path)
        for folder, names in _FOLDERS
        for path in sorted(Path(folder).rglob("*.[ot]tf"))
        if path.name.startswith(names) and not any(word in path.name for word in ("Obl", "Ita", "Extra", "Math"))
    ]


def picture(seed: int) -> tuple[np.ndarray, Placed]:
    """The screen of that seed (BGR) and its layout: the same each time on one machine."""
    rng = random.Random(f"picture {seed}")
    placed = layout(seed)
    names = fonts()
    while any(letter > "\u3000" for put in placed.puts for letter in put.text):  # no font here has these
        seed += 100_000
        placed = layout(seed)
    font_name = rng.choice(names) if names else None
    ground, ink = rng.choice(_THEMES)
    image = Image.new("RGB", placed.size, ground)
    _tissue(image, placed, rng)
    draw = ImageDraw.Draw(image)
    for put in placed.puts:
        draw.text((put.x, put.y), put.text, font=_font(font_name, round(put.size)), fill=ink)
    bgr = np.asarray(cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR), np.uint8)
    if rng.random() < 0.25:
        factor = rng.uniform(0.85, 1.2)
        kind = cv2.INTER_LINEAR if factor > 1 else cv2.INTER_AREA
        bgr = np.asarray(cv2.resize(bgr, None, fx=factor, fy=factor, interpolation=kind), np.uint8)
    if rng.random() < 0.8:
        _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(75, 97)])
        bgr = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return bgr, placed


def _font(name: str | None, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)


def _tissue(image: Image.Image, placed: Placed, rng: random.Random) -> None:
    noise = np.random.default_rng(rng.randrange(1 << 30))
    x0, y0, x1, y1 = placed.picture
    speckle = noise.rayleigh(1.0, ((y1 - y0) // 2, (x1 - x0) // 3)).astype(np.float32)
    speckle = np.asarray(cv2.resize(speckle, (x1 - x0, y1 - y0), interpolation=cv2.INTER_CUBIC), np.float32)
    layers = 25 + 60 * np.sin(np.linspace(0, rng.uniform(8, 20), y1 - y0))[:, None] ** 2
    image.paste(Image.fromarray(np.clip(speckle * layers, 0, 255).astype(np.uint8)).convert("RGB"), (x0, y0))
