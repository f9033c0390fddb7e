"""What a screen shows that can tell its scale: the picture, rulers, numbers, a stated depth. No judgement yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from imaging.errors import CannotTell
from imaging.pictures import Bgr
from imaging.region import UltrasoundRegion, find_region
from imaging.scale.checking import looks_drawn
from imaging.scale.completing import completed
from imaging.scale.depth_text import DepthText, depth_texts
from imaging.scale.hypotheses import plausible, roughly_fits
from imaging.scale.labels import NO_LABELS, Labels, read_labels
from imaging.scale.marks import contrasts
from imaging.scale.millimetres import Scale
from imaging.scale.rulers import Ruler, find_rulers
from imaging.text import TextReader

_MOST_RULERS: Final = 4  #: rulers beside which numbers are read


@dataclass(frozen=True, slots=True)
class ReadRuler:
    """A ruler with the numbers beside it."""

    ruler: Ruler
    labels: Labels


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything on one screen that can tell its scale. `headers` are those of the `stated` regions that fit the picture."""

    region: UltrasoundRegion = field(repr=False)
    rulers: tuple[ReadRuler, ...]
    texts: tuple[DepthText, ...]
    headers: tuple[Scale, ...]
    stated: tuple[Scale, ...]


def look(bgr: Bgr, stated: Sequence[Scale] = (), reader: TextReader | None = None) -> Seen:
    """Look at a screen (rows, columns, 3). Raises CannotTell where no ultrasound picture is seen."""
    reader = reader or TextReader()
    region = find_region(bgr)
    if region is None:
        raise CannotTell("No ultrasound picture is seen: show one, or give two points and their distance.")
    pictures = contrasts(bgr)
    rulers = [
        completed(r, region) for k, contrast in enumerate(pictures) for r in find_rulers(contrast, region, k == 0)
    ]
    rulers.sort(key=lambda ruler: (ruler.direction == "across", -ruler.worth))
    read = _with_labels(rulers, region, reader)
    told = any(one.labels.strong for one in read)
    texts: list[DepthText] = []
    for contrast in pictures:
        texts += depth_texts(
            contrast, region, reader, thorough=not told, enough=lambda text: _agrees(text, read, region)
        )
    if not told:  # a number at the end of a ruler that has no others
        texts += [one.labels.at_end for one in read if one.labels.at_end is not None and looks_drawn(one.ruler)]
    return Seen(region, tuple(read), tuple(texts), tuple(_of_this_picture(stated, region)), tuple(stated))


def _with_labels(rulers: list[Ruler], region: UltrasoundRegion, reader: TextReader) -> list[ReadRuler]:
    """Numbers are read beside the most promising rulers, until one down or along the picture has them; rulers of
    something that is no length are dropped."""
    read: list[ReadRuler] = []
    tried = 0
    worth = 0.0  # of the best ruler that has numbers
    for ruler in rulers:
        lost = ruler.worth < max(2.9, 0.3 * worth) or (ruler.over_tissue and ruler.worth < 4)
        if tried >= _MOST_RULERS or lost or (ruler.direction == "across" and worth > 0):
            read.append(ReadRuler(ruler, NO_LABELS))
            continue
        labels = read_labels(ruler, region, reader, try_mirrored=tried == 0)
        tried += labels.read > 0
        if labels.strong:
            worth = max(worth, ruler.worth)
        if labels.kind != "other":
            read.append(ReadRuler(ruler, labels))
    return read


def _agrees(text: DepthText, read: list[ReadRuler], region: UltrasoundRegion) -> bool:
    """Whether a depth that says what it is fits the best numbered ruler, and so no other depth can contradict it."""
    best = next((one for one in read if one.labels.strong), None)
    if not text.named or best is None or best.ruler.direction == "across":
        return False
    units = {"mm": (1.0,), "cm": (10.0,), None: (1.0, 10.0)}[best.labels.unit]
    pixels = [best.labels.step * mm / best.ruler.spacing for mm in units]
    return any(roughly_fits(best.ruler, region, value, text, (1.0,)) for value in pixels)


def _of_this_picture(stated: Sequence[Scale], region: UltrasoundRegion) -> list[Scale]:
    """The header's regions that stand where the picture stands, and that a probe can show."""
    good = []
    x0, y0, x1, y1 = region.box
    for scale in stated:
        a, b, c, d = scale.box
        shared = max(0, min(x1, c) - max(x0, a)) * max(0, min(y1, d) - max(y0, b))
        if shared >= 0.6 * (x1 - x0) * (y1 - y0) and plausible(region, scale.mm_per_pixel_y) > -10:
            good.append(scale)
    return good
