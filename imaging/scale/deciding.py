"""Read the scale off a screen that was never seen before.

The picture is found (`imaging.region`), then equally spaced marks beside it (`rulers`), then the numbers beside those
(`labels`) and a depth in words (`depth_text`); `hypotheses` weighs what a tick can mean. About 0.5 to 1 s for a new screen
on one core, most of it OCR of a few strips. `imaging.scale.watch` confirms a known one in milliseconds.

Limits. A ruler without numbers needs a stated depth or a DICOM region that agrees; long and short ticks alone say too
little. A depth in words alone is refused: it is rounded, and where the picture ends is not known to 2 %. Different scales
across and down are noticed only where there is a ruler in both directions. M-mode alone is taken for what its depth ruler
says, and its time axis is not noticed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from imaging.errors import CannotTell
from imaging.pictures import Bgr
from imaging.region import UltrasoundRegion
from imaging.scale.checking import (
    clearly_across,
    counts_out,
    looks_drawn,
    numbered_to,
    stretch_fits,
    vouched_across,
    vouched_down,
    zero_fits,
)
from imaging.scale.depth_text import DepthText
from imaging.scale.extent import with_extent
from imaging.scale.hypotheses import Meaning, begins_at_top, contradicted, meanings, roughly_fits
from imaging.scale.looking import ReadRuler, Seen, look
from imaging.scale.millimetres import Scale
from imaging.scale.reading import Evidence, Reading
from imaging.scale.rulers import Ruler
from imaging.text import TextReader

_LEAST_LEAD: Final = 2.5  #: the same, where no numbers stand beside the ruler and other things have to speak for it
_LEAST_ODDS: Final = 5.0  #: log likelihood by which the best meaning must lead the next that differs
#: Ticks across without numbers from which they may say that pixels are not square: fewer are gaps between words.
_TICKS_ACROSS: Final = 12
_RUNS: Final = 0.5  #: of the picture's length, for a ruler without numbers
_MAJORS: Final = (5.0, 10.0, 20.0, 50.0)  #: mm between the long or numbered ticks of rulers on screens
_WHOLE_PIXELS: Final = 0.5
_BY_RULER: Final = 0.6  #: of the spacing of long ticks or numbers, from the ruler that they belong to
_IN_PHASE: Final = 0.15  #: of a tick's spacing, that a long tick or a number may stand off one
_ROUND: Final = (0.2, 0.25, 0.5, 1.0, 2.0, 4.0, 5.0)  #: ticks of one ruler over those of another
_AGREE: Final = 0.012  #: relative, two rulers of one picture
_HEADER_SPREAD: Final = (
    0.01  #: half the 95 % interval of a DICOM region's value, as `dicom_io.picture.calibration` takes it
)


def read_scale(bgr: Bgr, stated: Sequence[Scale] = (), reader: TextReader | None = None) -> Reading:
    """The scale of the ultrasound picture on a screen (rows, columns, 3).

    `stated` are the regions of a DICOM header, checked against the picture. Raises CannotTell, with the reason, where the
    picture does not tell or contradicts itself.
    """
    return decide(look(bgr, stated, reader))


def decide(seen: Seen) -> Reading:
    """Weigh everything that was seen. Raises CannotTell."""
    region, texts, headers, stated = seen.region, seen.texts, seen.headers, seen.stated
    rulers = [one.ruler for one in seen.rulers]
    known: list[tuple[ReadRuler, Meaning]] = []
    for one in seen.rulers:
        meaning = _settled(one, region, texts, headers, rulers)
        if meaning is not None:
            known.append((one, meaning))
    known.sort(key=lambda pair: -_trust(pair[0], pair[1]))
    downward = [pair for pair in known if pair[0].ruler.direction != "across"]
    if not downward:
        known = [pair for pair in known if vouched_across(pair[0].ruler, pair[1], pair[0].labels, rulers)]
    if not known:
        return _without_ruler(region, rulers, texts, headers, stated)
    first, meaning = (downward or known)[0]
    _agreeing(first, meaning, downward)
    text = contradicted(first.ruler, region, meaning.mm_per_pixel, texts)
    depths = [mm for one in texts if one.named for mm in one.candidates_mm]
    if text is not None and not any(numbered_to(first.ruler, first.labels, meaning.mm_per_tick, mm) for mm in depths):
        raise CannotTell(
            f"The ruler says {meaning.mm_per_pixel:.4f} mm per pixel, but the stated depth ({text.text!r}) does not fit it: "
            "give two points and their distance."
        )
    return _reading(region, first, meaning, known, rulers, stated)


def _runs_along(ruler: Ruler, region: UltrasoundRegion, rulers: Sequence[Ruler]) -> bool:
    """Whether a ruler without numbers is one of the whole picture, so that a stated depth may say what its ticks mean.

    It runs along half of it at least, or one in the other direction has ticks at a round multiple of its spacing. A few
    strokes in line (letters, the edge of a box) fit a stated depth by chance.
    """
    along = region.width if ruler.direction == "across" else region.height
    if len(ruler.places) >= 5 and (len(ruler.places) - 1) * ruler.spacing >= _RUNS * along:
        return True
    return any(
        other.direction != ruler.direction
        and len(other.places) >= 8
        and min(abs(other.spacing * k / ruler.spacing - 1) for k in _ROUND) <= _AGREE / 2
        for other in rulers
    )


def _trust(one: ReadRuler, meaning: Meaning) -> float:
    return 100.0 * one.labels.strong + 10 * len(one.labels.values) + one.ruler.worth + 20 * (meaning.text is not None)


def _settled(
    one: ReadRuler,
    region: UltrasoundRegion,
    texts: Sequence[DepthText],
    headers: Sequence[Scale],
    rulers: Sequence[Ruler],
) -> Meaning | None:
    """What the ruler's tick means, where enough says so; else None."""
    if len(one.ruler.places) < (3 if one.labels.strong else 4):
        return None
    found = meanings(one.ruler, one.labels, region, texts, headers)
    if not found or found[0].log_likelihood < -12:
        return None
    best = found[0]
    lead = best.log_likelihood - found[1].log_likelihood if len(found) > 1 else math.inf
    if one.labels.strong:
        if not zero_fits(one.ruler, one.labels, region):
            return None
        if lead >= _LEAST_ODDS or (best.labelled and not found[1].labelled):
            return best
        # cm or mm: the stated depth tells, where the ticks count it out.
        told = lead > 0 and found[1].text is None and counts_out(one.ruler, region, best)
        return best if told else None
    if lead < _LEAST_LEAD:
        return None
    if best.header is not None:
        return best
    if not looks_drawn(one.ruler) or not (best.labelled or _majors_round(one.ruler, best.mm_per_tick, rulers)):
        return None
    if one.ruler.direction == "down" and best.text is not None and not vouched_down(one.ruler, region, best):
        return None
    if best.text is not None and (_runs_along(one.ruler, region, rulers) or _ends_with(one.ruler, region, best)):
        return best
    return best if best.labelled and one.labels.kind == "single" and _whole(one.ruler, region) else None


def _majors_round(ruler: Ruler, mm_per_tick: float, rulers: Sequence[Ruler]) -> bool:
    """Whether what stands at every so manyth of its ticks, long ticks or numbers, stands at round distances."""
    for other in rulers:
        every = round(other.spacing / ruler.spacing)
        if other is ruler or other.direction != ruler.direction or len(other.places) < 3 or not 2 <= every <= 10:
            continue
        if other.coverage < 0.9 or abs(other.spacing / ruler.spacing / every - 1) > _AGREE:
            continue
        if not _belongs_to(other, ruler):
            continue  # letters and icons elsewhere on the screen stand evenly too
        if all(abs(every * mm_per_tick / major - 1) > 1e-6 for major in _MAJORS):
            return False
    return True


def _belongs_to(other: Ruler, ruler: Ruler) -> bool:
    """Whether marks stand by a ruler, each at one of its ticks, as its long ticks and its numbers do."""
    apart = max(other.across[0] - ruler.across[1], ruler.across[0] - other.across[1])
    phase = (other.first - ruler.origin) / ruler.spacing
    return apart <= _BY_RULER * other.spacing + 8 and abs(phase - round(phase)) <= _IN_PHASE


def _ends_with(ruler: Ruler, region: UltrasoundRegion, meaning: Meaning) -> bool:
    """Whether the ruler counts the stated depth out: zero at the picture's top, its last tick the last that has room."""
    if meaning.text is None or not _whole(ruler, region):
        return False
    ticks = [mm / meaning.mm_per_tick for mm in meaning.text.candidates_mm]
    count = ruler.places[-1] - ruler.places[0]
    return any(-0.05 <= value - count < 1.0 for value in ticks)


def _whole(ruler: Ruler, region: UltrasoundRegion) -> bool:
    """Whether hardly a tick of it is missing, from the picture's top on."""
    return (
        ruler.direction == "down" and begins_at_top(ruler, region) and ruler.coverage >= 0.85 and len(ruler.places) >= 4
    )


def _agreeing(first: ReadRuler, meaning: Meaning, downward: Sequence[tuple[ReadRuler, Meaning]]) -> None:
    """Raises CannotTell where another ruler in the same direction, as well founded, says something else."""
    for other, its in downward:
        if other is first or not other.labels.strong:
            continue
        if other.ruler.worth < max(4.0, 0.35 * first.ruler.worth):
            continue  # strokes of the first ruler's own numbers stand in line too
        if meaning.text is not None and its.text is None:
            continue  # the first alone fits the depth that the screen states
        loose = _AGREE + (first.ruler.half_width / first.ruler.spacing + other.ruler.half_width / other.ruler.spacing)
        if abs(math.log(its.mm_per_pixel / meaning.mm_per_pixel)) > loose:
            raise CannotTell(
                f"Two rulers on the screen disagree ({meaning.mm_per_pixel:.4f} and {its.mm_per_pixel:.4f} mm per pixel): "
                "give two points and their distance."
            )


def _reading(
    region: UltrasoundRegion,
    first: ReadRuler,
    meaning: Meaning,
    known: Sequence[tuple[ReadRuler, Meaning]],
    rulers: Sequence[Ruler],
    stated: Sequence[Scale],
) -> Reading:
    ruler = first.ruler
    value = meaning.mm_per_pixel
    half = value * _relative_half(ruler)
    evidence = [
        Evidence(
            "ruler",
            f"{len(ruler.places)} ticks {_whither(ruler)}, every {ruler.spacing:.2f} pixels, "
            f"{meaning.mm_per_tick:g} mm each",
            value,
        )
    ]
    if first.labels.values:
        numbers = ", ".join(f"{v:g}" for v in first.labels.values)
        evidence.append(Evidence("labels", f"numbers {numbers} beside the ticks", value))
    if meaning.text is not None:
        evidence.append(Evidence("depth-text", f"{meaning.text.text!r} fits the picture's length"))
    for scale in stated:
        agrees = abs(scale.mm_per_pixel_y / value - 1) < 0.015
        says = "the DICOM region agrees" if agrees else "the DICOM region says otherwise and is not used"
        evidence.append(Evidence("dicom-region", says, scale.mm_per_pixel_y, agrees))
    x, half_x, seen = _across(first, meaning, known, rulers, region)
    evidence += seen
    if ruler.direction == "across":
        evidence.append(Evidence("assumption", "the scale downwards is taken to be that across"))
    relative = max(half / value, half_x / x)
    region = with_extent(region, ruler, meaning)
    scale = Scale(x, value, region.box, "screen-ruler", relative)
    return Reading(scale, half_x, half, region, ruler, meaning.mm_per_tick, tuple(evidence), first.labels.mirrored)


def _relative_half(ruler: Ruler) -> float:
    """Half the 95 % interval, as a part of the value: how well the ticks are seen, and that a screen draws a picture and a
    ruler to whole pixels each, so that they differ by up to half a pixel over the ruler's length."""
    length = (ruler.places[-1] - ruler.places[0]) * ruler.spacing
    return math.hypot(ruler.half_width / ruler.spacing, _WHOLE_PIXELS / length)


def _whither(ruler: Ruler) -> str:
    return {"down": "down the screen", "across": "across the screen", "slanted": "along the fan's side"}[
        ruler.direction
    ]


def _across(
    first: ReadRuler,
    meaning: Meaning,
    known: Sequence[tuple[ReadRuler, Meaning]],
    rulers: Sequence[Ruler],
    region: UltrasoundRegion,
) -> tuple[float, float, list[Evidence]]:
    """(mm per pixel across, half its 95 % interval, what was seen): from a ruler across where there is one."""
    value = meaning.mm_per_pixel
    half = value * _relative_half(first.ruler)
    if first.ruler.direction != "down":
        return value, half, []
    for other, its in known:
        if other.ruler.direction == "across" and other.labels.strong and stretch_fits(its.mm_per_pixel, value):
            return _both(value, half, first.ruler.spacing, its.mm_per_pixel, other.ruler, region, labelled=True)
    for ruler in rulers:
        if ruler.direction != "across" or not _same_look(first.ruler, ruler, region):
            continue
        own = min((mm / ruler.spacing for mm in (1, 2, 2.5, 5, 10, 20)), key=lambda v: abs(math.log(v / value)))
        return _both(value, half, first.ruler.spacing, own, ruler, region, labelled=False)
    return value, half, [Evidence("assumption", "no ruler across: pixels are taken to be square")]


def _both(
    value: float, half: float, spacing: float, own: float, ruler: Ruler, region: UltrasoundRegion, labelled: bool
) -> tuple[float, float, list[Evidence]]:
    """The same for one ruler across that makes `own` mm of a pixel; `spacing` is that of the one down.

    Raises CannotTell where it clearly says that pixels are not square, and has too few ticks to be believed.
    """
    half_own = own * _relative_half(ruler)
    off = abs(math.log(own / value))
    says = f"{len(ruler.places)} ticks across, every {ruler.spacing:.2f} pixels"
    if off <= 0.006 + (half_own + half) / value:
        return value, half, [Evidence("ruler-across", f"{says}: the same scale", own)]
    clear = clearly_across(ruler, region) and stretch_fits(own, value)
    if labelled or (clear and len(ruler.places) >= _TICKS_ACROSS):
        return own, half_own, [Evidence("ruler-across", f"{says}: the picture is scaled differently across", own)]
    if clear and stretch_fits(ruler.spacing, spacing):  # of the same ticks as the one down
        raise CannotTell(
            f"{says}, do not fit the ruler down the picture ({value:.4f} mm per pixel): its pixels may not be square. "
            "Give two points and their distance."
        )
    return value, half, [Evidence("ruler-across", f"{says}: not of this picture", own, agrees=False)]


def _same_look(down: Ruler, across: Ruler, region: UltrasoundRegion) -> bool:
    """Whether the ruler across is of the same making as the one down, and stands by the picture."""
    if len(across.places) < 4 or across.coverage < 0.75 or across.purity < 0.75:
        return False
    mine, its = sorted(down.lengths), sorted(across.lengths)
    middle, other = mine[len(mine) // 2], its[len(its) // 2]
    if not 0.5 <= (middle + 1) / (other + 1) <= 2.0:
        return False
    x0, y0, x1, y1 = region.box
    row = across.ticks[0][1]
    shared = min(across.last, x1) - max(across.first, x0)
    high = y1 - y0
    return shared > 0.5 * min(x1 - x0, across.last - across.first) and (
        y0 - 0.12 * high <= row <= y0 + 0.1 * high or y1 - 0.1 * high <= row or abs(row - down.last) < 0.1 * high
    )


def _without_ruler(
    region: UltrasoundRegion,
    rulers: Sequence[Ruler],
    texts: Sequence[DepthText],
    headers: Sequence[Scale],
    stated: Sequence[Scale],
) -> Reading:
    """A DICOM region that no ruler checks, or the refusal that says what was seen."""
    if headers and all(abs(h.mm_per_pixel_y / headers[0].mm_per_pixel_y - 1) < 0.01 for h in headers):
        return _by_header(region, headers[0], rulers, texts)
    seen = [f"a ruler of {len(r.places)} ticks without numbers" for r in rulers[:1] if len(r.places) >= 4]
    seen += [f"a stated depth of {text.text!r}" for text in texts[:1]]
    if stated and not headers:
        seen.append("a DICOM region that does not stand where the picture stands")
    if not seen:
        raise CannotTell("No ruler and no stated depth are seen on the screen: give two points and their distance.")
    raise CannotTell(
        f"Only {' and '.join(seen)}: that is not enough to know what a tick means. Give two points and their distance."
    )


def _by_header(region: UltrasoundRegion, header: Scale, rulers: Sequence[Ruler], texts: Sequence[DepthText]) -> Reading:
    evidence = [Evidence("dicom-region", "the DICOM region stands where the picture stands", header.mm_per_pixel_y)]
    for ruler in rulers:
        if ruler.direction != "across" and len(ruler.places) >= 5 and ruler.worth > 4.5:
            ticks = ruler.spacing * header.mm_per_pixel_y
            nearest = min((0.5, 1, 2, 2.5, 5, 10, 20, 50), key=lambda mm: abs(math.log(ticks / mm)))
            if abs(ticks / nearest - 1) > 0.02:
                raise CannotTell(
                    f"The DICOM region makes the ruler's ticks {ticks:.2f} mm, which no ruler has: "
                    "give two points and their distance."
                )
    text = None
    for stated in texts:
        if roughly_fits(None, region, header.mm_per_pixel_y, stated, (0.88, 0.94, 1.0, 1.06, 1.12)):
            text = stated
    if text is not None:
        evidence.append(Evidence("depth-text", f"{text.text!r} fits the picture's length"))
    elif any(t.named for t in texts):
        raise CannotTell(
            f"The DICOM region does not fit the stated depth ({texts[0].text!r}): give two points and their distance."
        )
    x, y = header.mm_per_pixel_x, header.mm_per_pixel_y
    relative = max(header.relative_uncertainty, _HEADER_SPREAD)
    scale = Scale(x, y, region.box, "dicom-region", relative)
    return Reading(scale, x * relative, y * relative, region, None, None, tuple(evidence))
