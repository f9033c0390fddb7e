"""A simulated camera: a drawn face, which is nobody's and says so, as the JPEG that a camera would give.

The same view has the same face; what was done to it may be drawn on it: a raised fold, a pale patch.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

FaceView = Literal["front", "oblique-left", "oblique-right"]
_SIZE: Final = (720, 960)  # columns, rows
_SKIN, _SHADE, _LINE, _HAIR = (226, 188, 162), (206, 162, 138), (120, 84, 70), (70, 52, 46)
_PALE: Final = (240, 228, 222)
_BACKGROUND: Final = (198, 208, 214)
_WORDS: Final = "SIMULATED - a drawing, no person"
_TURNED_PX: Final = {"front": 0, "oblique-left": -70, "oblique-right": 70}  # where the middle of the face goes
_MAKE, _MODEL, _EXIF, _TAKEN, _OFFSET = 0x010F, 0x0110, 0x8769, 0x9003, 0x9011
_BLUR_PX: Final = 2.0
_FOLD: Final = (
    (52, 556),
    (74, 578),
    (92, 606),
    (104, 640),
    (108, 668),
)  # from the ala to beside the mouth, off the middle


@dataclass(frozen=True, slots=True)
class DrawnFace:
    """What the drawing shows: how deep the patient's left nasolabial fold is (0 to 1), and whether the skin there is pale."""

    view: FaceView = "front"
    fold: float = 1.0
    pale: bool = False


def photograph_of(face: DrawnFace, taken_at: datetime) -> bytes:
    """The JPEG of a camera that held it upright, with the moment in its EXIF. `taken_at` has a time zone."""
    from PIL import Image, ImageDraw, ImageFilter

    image = Image.new("RGB", _SIZE, _BACKGROUND)
    draw = ImageDraw.Draw(image)
    middle = _SIZE[0] // 2
    turn = _TURNED_PX[face.view]
    draw.ellipse((middle - 250, 90, middle + 250, 640), fill=_HAIR)
    draw.rectangle((middle - 85, 720, middle + 85, 960), fill=_SHADE)
    draw.ellipse((middle - 215, 150, middle + 215, 830), fill=_SKIN)
    centre = middle + turn
    if face.pale:  # the patient's left is on the right of the picture
        draw.ellipse((centre + 58, 545, centre + 150, 680), fill=_PALE)
    for side in (-1, 1):
        eye = centre + side * 90
        draw.ellipse((eye - 42, 390, eye + 42, 432), fill=(246, 246, 244), outline=_LINE, width=3)
        draw.ellipse((eye - 17, 393, eye + 17, 429), fill=(86, 104, 96))
        draw.arc((eye - 58, 330, eye + 58, 410), 205, 335, fill=_HAIR, width=9)
        depth = face.fold if side > 0 else 1.0
        tone = tuple(round(skin + (line - skin) * 0.75 * depth) for skin, line in zip(_SKIN, _LINE, strict=True))
        draw.line([(centre + side * x, y) for x, y in _FOLD], fill=tone, width=6, joint="curve")
    draw.line([(centre + turn // 4, 400), (centre - 38 + turn // 2, 560)], fill=_SHADE, width=6)
    draw.arc((centre - 45, 520, centre + 45, 590), 10, 170, fill=_LINE, width=5)
    draw.ellipse((centre - 75, 640, centre + 75, 690), fill=(176, 98, 94))
    draw.line([(centre - 75, 665), (centre + 75, 665)], fill=_LINE, width=4)
    image = image.filter(ImageFilter.GaussianBlur(_BLUR_PX))
    _say(image)
    notes = image.getexif()
    notes[_MAKE], notes[_MODEL] = "sonofill", "Simulated camera"
    more = notes.get_ifd(_EXIF)
    more[_TAKEN] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    offset = taken_at.strftime("%z")
    more[_OFFSET] = f"{offset[:3]}:{offset[3:5]}"
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, exif=notes)
    return out.getvalue()


def _say(image: object) -> None:
    """That it is simulated, in letters that nobody overlooks."""
    from PIL import Image, ImageDraw, ImageFont

    assert isinstance(image, Image.Image)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, _SIZE[0], 56), fill=(24, 28, 32))
    draw.text((_SIZE[0] // 2, 28), _WORDS, fill=(255, 214, 90), font=ImageFont.load_default(32), anchor="mm")
