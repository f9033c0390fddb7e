"""Which view of the simulated person belongs to a picture that the story names."""

from __future__ import annotations

from typing import Final

from mock_devices import View
from mock_devices.contract import Mode as ProbeMode
from procedure import Encounter, Phase
from procedure.answers import Sight
from procedure.images import ImageKind, KeptImage, Mode

#: The stations of the story's protocol as places of the simulated region.
_PLACES: Final = {"nlf-1": 0, "nlf-2": 1, "nlf-3": 2}
_MODES: Final[dict[Mode, ProbeMode]] = {
    Mode.B_MODE: "b",
    Mode.COLOUR: "colour",
    Mode.POWER: "power",
    Mode.SPECTRAL: "spectral",
}
#: The hand does not find the same place to the tenth of a millimetre.
_ASIDE_MM: Final = {Phase.PRE: 0.0, Phase.DURING: 0.2, Phase.POST: -0.25, Phase.COMPLICATION: 0.3}
#: Blood is not as fast at one time as at another: part of the usual velocity.
_FLOW: Final = {Phase.PRE: 1.0, Phase.DURING: 0.95, Phase.POST: 0.97, Phase.COMPLICATION: 1.0}
_BLOCKED: Final = (0.0, 1.0)
_BACK: Final = (0.85, 0.1)


def view_of(image: KeptImage, story: Encounter) -> View:
    """The view of `image` at its time in the story: what was injected by then, and whether the blood flows."""
    mode = image.mode or Mode.B_MODE
    flow, gel = _blood(image, story)
    injecting = image.phase is Phase.DURING and image.kind is ImageKind.CLIP
    gain = image.settings.gain if image.settings is not None else None
    return View(
        place=_PLACES[image.station_id],
        mode=_MODES[mode],
        lengthwise=mode is Mode.SPECTRAL,
        flow=flow,
        gel=gel,
        deposits=sum(injection.at < image.at for injection in story.injections) if image.station_id == "nlf-2" else 0,
        injecting=injecting,
        gain=None if gain is None else round(gain),
        aside_mm=_ASIDE_MM.get(image.phase, 0.0),
    )


def _blood(image: KeptImage, story: Encounter) -> tuple[float, float]:
    """Part of the usual flow, part of the lumen that is filler: blocked from the first sign to the last dose, then back."""
    for event in story.complications:
        if image.at >= event.noticed_at and event.doses:
            seen_again = any(look.flow is Sight.SEEN for look in event.rechecks)
            return _BACK if seen_again and image.at > max(dose.at for dose in event.doses) else _BLOCKED
    return _FLOW[image.phase], 0.0
