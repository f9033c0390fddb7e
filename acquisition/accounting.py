"""Gaps and counts: what is missing in a run of frames, and where."""

from __future__ import annotations

from collections.abc import Sequence

from acquisition.cine import Gap, SpooledFrame


def gaps_of(frames: Sequence[SpooledFrame], nominal_fps: float) -> tuple[Gap, ...]:
    """The gaps of one run, in order."""
    gaps: list[Gap] = []
    whole = -1
    for number, frame in enumerate(frames):
        at_s = (frame.timestamp_ns - frames[0].timestamp_ns) / 1e9
        before = frames[number - 1].sequence if number else None
        if before is not None and frame.sequence is not None and frame.sequence > before + 1:
            gaps.append(Gap("sequence", whole, at_s, frame.sequence - before - 1))
        if frame.corrupt:
            gaps.append(Gap("corrupt", whole, at_s, 1))
        else:
            whole += 1
    return tuple(gaps)
