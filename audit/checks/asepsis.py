"""Aseptic technique as it was recorded: before the first puncture, after the last injection, with lots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from audit.material import Material
from audit.verdict import Part, lacking, met, not_asked
from procedure.asepsis import AFTERWARDS, BEFORE_PUNCTURE, AsepticStep, Doing

_WITH_LOT: Final = (AsepticStep.PROBE_COVER, AsepticStep.GEL)


def asepsis_before(material: Material) -> Iterator[Part]:
    """Each step of before the puncture was done before it."""
    puncture = material.first_puncture
    if puncture is None:
        yield not_asked("Nothing was injected.")
        return
    yield from _steps(material, BEFORE_PUNCTURE, latest=puncture)


def asepsis_after(material: Material) -> Iterator[Part]:
    """Cover off, probe cleaned, sharps and aftercare, after the last injection."""
    last = material.last_injection
    if last is None:
        yield not_asked("Nothing was injected.")
        return
    yield from _steps(material, AFTERWARDS, earliest=last)


def asepsis_lots(material: Material) -> Iterator[Part]:
    """The lots of probe cover and gel are recorded."""
    if material.first_puncture is None:
        yield not_asked("Nothing was injected.")
        return
    for step in _WITH_LOT:
        entries = [e for e in material.encounter.aseptic_steps if e.step is step and e.doing is Doing.DONE and e.lot]
        if entries:
            yield met(
                f"{_name(step)}: lot {entries[0].lot}.",
                material.told(f"{_name(step)}, lot {entries[0].lot}", entries[0].at),
            )
        else:
            yield lacking(f"{_name(step)}: no lot is recorded.")


def _steps(
    material: Material,
    steps: Sequence[AsepticStep],
    *,
    earliest: datetime | None = None,
    latest: datetime | None = None,
) -> Iterator[Part]:
    for step in steps:
        entries = [entry for entry in material.encounter.aseptic_steps if entry.step is step]
        done = [entry for entry in entries if entry.doing is Doing.DONE]
        in_time = [e for e in done if (earliest is None or e.at >= earliest) and (latest is None or e.at < latest)]
        if in_time:
            yield met(f"{_name(step)}: done.", material.told(f"{_name(step)}, by {in_time[0].by}", in_time[0].at))
        elif done:
            yield lacking(f"{_name(step)}: recorded {'after' if latest else 'before'} the injection.")
        elif any(entry.doing is Doing.NOT_APPLICABLE and entry.reason for entry in entries):
            yield not_asked(f"{_name(step)}: recorded as not applicable: {entries[0].reason}.")
        elif entries:
            yield lacking(f"{_name(step)}: recorded as not done.")
        else:
            yield lacking(f"{_name(step)}: not recorded.")


def _name(step: AsepticStep) -> str:
    return step.replace("-", " ")
