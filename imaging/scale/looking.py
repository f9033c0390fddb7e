"""What a screen shows that can tell its scale: the picture, rulers, numbers, a stated depth. No judgement yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from imaging.errors import CannotTell
from imaging.pictures import Bgr
from imaging.region import UltrasoundRegion, find_regions
from imaging.scale.completing import completed
from imaging.scale.depth_text import DepthText, depth_texts
from imaging.scale.hypotheses import plausible, zero_of
from imaging.scale.labels import NO_LABELS, Labels, read_labels
from imaging.scale.marks import Contrast, contrasts, dash_contrast, tint_contrast
from imaging.scale.millimetres import Scale
from imaging.scale.rulers import Ruler, distinct, find_rulers, find_rulers_in_picture, on_contrast
from imaging.text import TextReader

_TINTS: Final = (12.0, 40.0)  #: contrast of 255 of ink: in colour
_DASHES: Final = (20.0, 45.0)  #: the same, of dashes in a grey picture
_CLEAR: Final = 5.0  #: worth of a numbered ruler that will do
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
    regions = find_regions(bgr)
    if not regions:
        raise CannotTell("No ultrasound picture is seen: show one, or give two points and their distance.")
    region = regions[0]
    tissue = np.maximum.reduce([one.mask for one in regions])
    pictures = contrasts(bgr, tissue)
    rulers = [r for k, contrast in enumerate(pictures) for r in find_rulers(contrast, region, k == 0)]
    read = _with_labels(_in_order(rulers, region), region, reader)
    if not any(_clear(one) for one in read):
        within = _in_picture(bgr, region, pictures[0])
        if within:
            known = {id(one.ruler): one for one in read}
            both = distinct([*within, *(one.ruler for one in read)])
            fresh = _in_order([ruler for ruler in both if id(ruler) not in known], region)
            read = [*(known[id(r)] for r in both if id(r) in known), *_with_labels(fresh, region, reader)]
    told = any(one.labels.strong for one in read)
    texts = [text for contrast in pictures for text in depth_texts(contrast, region, tissue, reader, thorough=not told)]
    if not told:
        texts += [
            one.labels.depth_at_end
            for one in read
            if one.labels.depth_at_end is not None and zero_of(one.ruler, region) is not None
        ]
    return Seen(region, tuple(read), tuple(texts), tuple(_of_this_picture(stated, region)), tuple(stated))


def _in_order(rulers: list[Ruler], region: UltrasoundRegion) -> list[Ruler]:
    """Each with the ticks that were not told apart at first; those down or along the picture before those across."""
    whole = [completed(ruler, region) for ruler in rulers]
    return sorted(whole, key=lambda ruler: (ruler.direction == "across", -ruler.worth))


def _clear(one: ReadRuler) -> bool:
    """Whether a ruler down or along the picture is numbered so well that none need be looked for over tissue."""
    return one.ruler.direction != "across" and one.labels.strong and one.ruler.worth >= _CLEAR


def _in_picture(bgr: Bgr, region: UltrasoundRegion, contrast: Contrast) -> list[Ruler]:
    """Rulers over tissue: in a colour, or of dashes that end where tissue runs on."""
    tint = tint_contrast(bgr, region.box)
    found = [] if tint is None else find_rulers_in_picture(tint, _TINTS, region)
    if region.kind == "linear":
        dashes = find_rulers_in_picture(dash_contrast(bgr), _DASHES, region)
        found += [on_contrast(ruler, contrast) for ruler in dashes]
    return found


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
