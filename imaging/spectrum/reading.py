"""A spectrum measured: speeds, ratios and heart rate with their 95 % intervals, and what kind of vessel it speaks for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from imaging.errors import CannotTell
from imaging.pictures import Bgr
from imaging.spectrum._edge import CREST_DB, STEADY_DB, Shift
from imaging.spectrum.angle import angle_text
from imaging.spectrum.area import SpectrumArea, possible_areas
from imaging.spectrum.axis import VelocityAxis, find_axis_texts, read_axis
from imaging.spectrum.beats import Rhythm, find_rhythm, steady
from imaging.spectrum.envelope import Envelope, envelopes
from imaging.spectrum.kind import Kind, kind_of
from imaging.spectrum.timebase import Timebase, find_time_texts, read_timebase
from imaging.text import TextLine, TextReader

#: How far an outline may be off for all beats alike: a part of the speed (the grey map, the broadening) and some pixels.
_OUTLINE_PART: Final = 0.012
_OUTLINE_PX: Final = 0.5
_SHIFT_PART: Final = 0.3
#: Where the fading edge tells nothing, the outline may be some pixels too far out.
_UNKNOWN: Final = Shift(0.0, 1.8)
_CLOSER: Final = 2  #: areas beside which the text is read once more, enlarged
NO_SPECTRUM: Final = "There is no Doppler spectrum on the picture."
#: Student's t for 95 %, by degrees of freedom.
_T95: Final = (12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
#: Half of the 95 % interval of an end-diastolic velocity, as a part of it, beyond which none is told.
_WIDEST_END: Final = 0.2
#: Part of the columns in which an outline reaches the border before the peak counts as cut off.
_CUT_OFF: Final = 0.015
#: Nothing on a screen tells more of an angle than a degree; and at steep angles no more of a speed.
_ANGLE_ERROR_DEG: Final = 1.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A value with its 95 % interval, in the unit of the field that holds it."""

    value: float
    ci95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class SpectrumReading:
    """What a spectrum says. Speeds are magnitudes in cm/s *as the axis has them*: whether the maker corrected them for the
    angle is not on the screen (`angle_corrected` None) unless the user says it.

    `side` of the baseline on which the stronger trace lies; `axis_inverted` None: the numbers' signs do not tell. A field
    that is None could not be told; `remarks` say why, in sentences. `beats` counts whole beats.
    """

    area: SpectrumArea
    axis: VelocityAxis
    timebase: Timebase | None
    envelope: Envelope
    peak_systolic_velocity_cm_s: Measured | None
    end_diastolic_velocity_cm_s: Measured | None
    mean_velocity_cm_s: float
    resistance_index: Measured | None
    pulsatility_index: float | None
    heart_rate_per_min: Measured | None
    beats: int
    angle_deg: float | None
    angle_source: str | None
    kind: Kind
    both_directions: bool
    cut_off: bool
    remarks: tuple[str, ...]


def measure_spectrum(
    bgr: Bgr,
    reader: TextReader,
    *,
    angle_deg: float | None = None,
    timebase: Timebase | None = None,
    texts: Sequence[TextLine] | None = None,
) -> SpectrumReading:
    """Measure the spectrum on a screen. `angle_deg` as entered by the user goes before a printed one; `timebase` as told by
    a clip's movement is used where the screen tells none; `texts`: the screen's text where it has been read already.

    Takes 1 to 4 s, nearly all of it text. Raises CannotTell where there is no spectrum, no trace or no velocity scale.
    """
    areas = possible_areas(bgr)
    if not areas:
        raise CannotTell(NO_SPECTRUM)
    lines = list(texts) if texts is not None else reader.find(bgr)
    area, axis = _with_axis(bgr, areas, lines, reader)
    # The numbers say how far the area goes better than the picture does.
    x0, y0, x1, y1 = area.box
    area = replace(area, box=(x0, max(y0, int(axis.rows[0])), x1, min(y1, int(axis.rows[1]) + 1)))
    outlines = envelopes(bgr, area, axis.zero_row)
    if not outlines:
        raise CannotTell("The spectrum's area holds no trace: there is nothing to measure.")
    main = outlines[0]
    rhythm = find_rhythm(main.heights_px)
    beat_px = rhythm.period_px if rhythm is not None else None
    times = read_timebase(area, lines, beat_px)
    if times is None:
        times = read_timebase(area, [*_elsewhere(lines, area), *find_time_texts(bgr, area, reader)], beat_px)
    times = times or timebase
    return _reading(area, axis, times, outlines, rhythm, lines, angle_deg)


def _with_axis(
    bgr: Bgr, areas: Sequence[SpectrumArea], lines: Sequence[TextLine], reader: TextReader
) -> tuple[SpectrumArea, VelocityAxis]:
    """The likeliest area whose axis can be read. Raises CannotTell with what the likeliest area lacks."""
    refusal = None
    for area in areas:
        try:
            axis = read_axis(area, lines)
        except CannotTell as reason:
            if area.sure:
                refusal = refusal or reason
            continue
        if area.sure or axis.alone:
            return area, axis
    for area in areas[:_CLOSER]:
        closer = find_axis_texts(bgr, area, reader, 2.0)
        both = [*(line for line in lines if not _over(line, closer)), *closer]
        # One number alone has to be read alike twice.
        for number in range(2):
            again = lines if number == 0 else find_axis_texts(bgr, area, reader, 3.0)
            try:
                axis = read_axis(area, both, again)
            except CannotTell:
                continue
            if area.sure or axis.alone:
                return area, axis
    raise refusal or CannotTell(NO_SPECTRUM)


def _over(line: TextLine, others: Sequence[TextLine]) -> bool:
    """Whether a line stands where one of the others does."""
    a = line.box
    return any(min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1]) for b in (o.box for o in others))


def _elsewhere(lines: Sequence[TextLine], area: SpectrumArea) -> list[TextLine]:
    """The texts that do not stand along the time ticks."""
    if area.time_ticks is None:
        return list(lines)
    row = area.time_ticks.line
    return [line for line in lines if abs((line.box[1] + line.box[3]) / 2 - row) > 40]


def _reading(
    area: SpectrumArea,
    axis: VelocityAxis,
    times: Timebase | None,
    outlines: Sequence[Envelope],
    rhythm: Rhythm | None,
    lines: Sequence[TextLine],
    angle_deg: float | None,
) -> SpectrumReading:
    main = outlines[0]
    cut_off = main.at_edge > _CUT_OFF
    remarks = []
    if times is None:
        remarks.append("The time scale cannot be told: no heart rate.")
    if cut_off:
        remarks.append("The trace reaches the end of its axis (cut off or aliased): no peak can be told.")
    inside = _fastest(main, rhythm)
    if inside is not None:
        heights = inside.heights_px
        main = main.moved(heights)
    heights = steady(main.heights_px)
    peak = end = None
    ratio: Measured | None = None
    pulsatility = rate = None
    if rhythm is not None:
        peaks = np.array([beat.peak_px for beat in rhythm.beats])
        ends = np.array([beat.end_px for beat in rhythm.beats])
        at_peak, at_end = (inside.peak, inside.end) if inside is not None else (_UNKNOWN, _UNKNOWN)
        peaks, ends = np.maximum(peaks - at_peak.px, 0), np.maximum(ends - at_end.px, 0)
        peak = None if cut_off else _speed(peaks, axis, at_peak)
        end = _speed(ends, axis, at_end)
        if end.ci95[1] - end.ci95[0] > 2 * _WIDEST_END * end.value:
            end = None
            remarks.append(
                "The flow at the end of diastole is too low on this axis to be told: a lower velocity scale shows it higher."
            )
        ratio = None if cut_off else _ratio(peaks, ends)
        mean_px = float(np.mean([beat.mean_px for beat in rhythm.beats])) - at_end.px
        pulsatility = None if cut_off or mean_px <= 0 else float((peaks.mean() - ends.mean()) / mean_px)
        rate = _rate(rhythm, times)
    elif not cut_off:
        # No beats: the fastest flow seen is the peak, and there is no end of diastole.
        peak = _speed(np.array([float(np.percentile(heights, 98))]), axis, inside.peak if inside else _UNKNOWN)
        remarks.append("No beats are seen: the peak is the fastest flow of the whole trace.")
    printed = angle_text(lines)
    angle, source = (
        (angle_deg, "entered") if angle_deg is not None else (printed, "text" if printed is not None else None)
    )
    remarks.append("Speeds are as the axis has them: whether it is corrected for the angle is unknown.")
    both = len(outlines) > 1 and outlines[1].share >= 0.25
    known = ~np.isnan(main.heights_px)
    return SpectrumReading(
        area=area,
        axis=axis,
        timebase=times,
        envelope=main,
        peak_systolic_velocity_cm_s=peak,
        end_diastolic_velocity_cm_s=end,
        mean_velocity_cm_s=float(heights.mean() * axis.cm_s_per_pixel),
        resistance_index=ratio,
        pulsatility_index=pulsatility,
        heart_rate_per_min=rate,
        beats=len(rhythm.beats) if rhythm is not None else 0,
        angle_deg=angle,
        angle_source=source,
        kind=kind_of(heights, rhythm, times.s_per_pixel if times is not None else None, int(known.sum()), both),
        both_directions=both,
        cut_off=cut_off,
        remarks=tuple(remarks),
    )


def _half_width(values: np.ndarray, common: float) -> float:
    """Half of the 95 % interval of a mean: the beats' scatter (Student) and what all beats share (normal), in squares."""
    scatter = 0.0
    if values.size > 1:
        t = _T95[min(values.size - 1, len(_T95)) - 1]
        # Two beats that happen to agree do not make it surer than the outline is: the scatter has a floor.
        scatter = t * float(np.std(values, ddof=1)) / math.sqrt(values.size)
    return math.hypot(min(scatter, 0.5 * float(np.mean(values))), 1.96 * common)


@dataclass(frozen=True, slots=True)
class _Inside:
    """The outline moved in to the fastest flow, and by how much at the peaks and at the ends of diastole."""

    heights_px: np.ndarray
    peak: Shift
    end: Shift


def _fastest(outline: Envelope, rhythm: Rhythm | None) -> _Inside | None:
    """The outline at the fastest flow; None where the fading edge does not tell it (too few columns, too low a trace)."""
    heights = outline.heights_px
    if rhythm is None:
        shift = outline.shift(np.flatnonzero(~np.isnan(heights)).tolist(), CREST_DB)
        return _Inside(heights - shift.px, shift, shift) if shift is not None else None
    at_peak = [column for beat in rhythm.beats for column in range(*beat.peak_at)]
    at_end = [column for beat in rhythm.beats for column in range(*beat.end_at)]
    high = float(np.mean([beat.peak_px for beat in rhythm.beats]))
    low = float(np.median([beat.end_px for beat in rhythm.beats]))
    peak, end = outline.shift(at_peak, CREST_DB), outline.shift(at_end, STEADY_DB, height_px=low)
    if end is None:
        return None
    if peak is None:
        peak = Shift(end.px, max(end.px, end.error_px))
    part = np.clip((heights - low) / max(high - low, 1.0), 0, 1)
    return _Inside(heights - end.px - part * (peak.px - end.px), peak, end)


def _outline_error(height_px: float, shift: Shift) -> float:
    """One standard error of an outline: of the definition a part of the shift, of the pixels, of the speckle."""
    return math.hypot(_OUTLINE_PART * height_px, _OUTLINE_PX, _SHIFT_PART * shift.px, shift.error_px)


def _speed(heights_px: np.ndarray, axis: VelocityAxis, shift: Shift) -> Measured:
    mean = float(heights_px.mean())
    half = math.hypot(_half_width(heights_px, _outline_error(mean, shift)), 1.96 * axis.error * mean)
    k = axis.cm_s_per_pixel
    return Measured(mean * k, (max(0.0, (mean - half) * k), (mean + half) * k))


def _ratio(peaks: np.ndarray, ends: np.ndarray) -> Measured | None:
    """The resistance index (peak - end) / peak; the scale falls out of it."""
    peak, end = float(peaks.mean()), float(ends.mean())
    if peak <= 0:
        return None
    index = 1 - end / peak
    each = 1 - ends / peaks
    common = math.hypot(_OUTLINE_PX / peak, _OUTLINE_PX * end / peak**2, _OUTLINE_PART * end / peak)
    half = _half_width(each, common) if each.size > 1 else 1.96 * common
    return Measured(index, (max(0.0, index - half), min(1.0, index + half)))


def _rate(rhythm: Rhythm, times: Timebase | None) -> Measured | None:
    if times is None or len(rhythm.beats) < 2:
        return None  # the distance of two rises alone may be that of two beats
    rate = 60 / (rhythm.period_px * times.s_per_pixel)
    count = max(1, len(rhythm.beats))
    t = _T95[min(count, len(_T95)) - 1] if count > 1 else 1.96
    half = rate * math.hypot(t * rhythm.period_error_px / rhythm.period_px, 1.96 * times.error)
    return Measured(rate, (rate - half, rate + half))
