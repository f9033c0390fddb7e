"""Settings and exposure: stated on every picture, adjusted with a reason, inside the limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from audit.material import Material, place_of
from audit.verdict import Part, lacking, met
from procedure.alara import exposure_notes

ASKED: Final = ("frequency_mhz", "depth_mm", "gain", "focus_mm", "preset")
FREQUENCY_MHZ: Final = (10.0, 18.0)  #: what the course names; below 15 a reviewer is told (clinical reference 1.8)
_LOW_MHZ: Final = 15.0


def settings_stated(material: Material) -> Iterator[Part]:
    """Each picture states frequency, depth, gain, focus and preset, the frequency being one of the course's."""
    pictures = material.scans()
    if not pictures:
        yield lacking("There is no picture from the probe.")
    for image in pictures:
        said = image.settings
        where = place_of(image)
        blank = [name.split("_")[0] for name in ASKED if said is None or getattr(said, name) in (None, "")]
        frequency = said.frequency_mhz if said is not None else None
        if blank:
            yield lacking(f"{where}: the settings do not state: {', '.join(blank)}.")
        elif frequency is not None and not FREQUENCY_MHZ[0] <= frequency <= FREQUENCY_MHZ[1]:
            yield lacking(f"{where}: {frequency:g} MHz lies outside {FREQUENCY_MHZ[0]:g} to {FREQUENCY_MHZ[1]:g} MHz.")
        else:
            low = f" (below {_LOW_MHZ:g} MHz)" if frequency is not None and frequency < _LOW_MHZ else ""
            one = material.shown(image.image_uid, f"{where}: settings, {frequency:g} MHz{low}")
            yield met(f"{where}: the settings are stated{low}.", *([one] if one else []))


def settings_adjusted(material: Material) -> Iterator[Part]:
    """At least one setting was changed, with what it was before and after, and why."""
    changes = material.encounter.setting_changes
    whole = [change for change in changes if change.before and change.after and change.why]
    if whole:
        told = [material.told(f"{c.setting}: {c.before} to {c.after}, {c.why}", c.at) for c in whole[:3]]
        yield met("Settings were adjusted, with the reason.", *told)
    elif changes:
        yield lacking("Settings were changed, and before, after or the reason is not recorded.")
    else:
        yield lacking("No adjustment of a setting is recorded.")


def exposure_logged(material: Material) -> Iterator[Part]:
    """Each scanned station has its time, MI and TI in the log."""
    scanned = {visit.station_id for visit in material.encounter.visits if not visit.skipped_because}
    if not scanned:
        yield lacking("No station was scanned.")
    for station_id in sorted(scanned):
        entries = [entry for entry in material.encounter.exposures if entry.station_id == station_id]
        whole = [e for e in entries if e.mechanical_index is not None and e.thermal_index is not None]
        if not entries:
            yield lacking(f"{station_id}: the exposure is not logged.")
        elif len(whole) < len(entries):
            yield lacking(f"{station_id}: MI or TI is not recorded.")
        else:
            seconds = sum(entry.seconds for entry in entries)
            yield met(f"{station_id}: exposure logged.", material.told(f"{station_id}: {seconds:g} s", entries[0].at))


def exposure_limits(material: Material) -> Iterator[Part]:
    """The log stays inside the device's limits, the eye's where they hold, and BMUS's time."""
    if not material.encounter.exposures:
        yield lacking("No exposure is logged.")
        return
    eye = [s.id for protocol in material.protocols.values() for s in protocol.stations if s.eye_limits]
    over = [note for note in exposure_notes(material.encounter.exposures, eye) if note.over]
    for note in over:
        yield lacking(note.text)
    if not over:
        yield met("The exposure that is logged stays inside the limits.", material.told("exposure log"))
