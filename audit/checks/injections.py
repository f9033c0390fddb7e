"""The needle's tip in the picture at each deposit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from audit.material import Material
from audit.verdict import Part, lacking, met, not_asked
from procedure import Phase
from procedure.injections import TipSight

#: How far from the recorded moment of a deposit its picture may lie: it is written down when the hands are free (our choice).
NEAR: Final = timedelta(minutes=5)


def tip_shown(material: Material) -> Iterator[Part]:
    """Each deposit has a picture on which the tip was seen, taken at about its time."""
    if not material.encounter.injections:
        yield not_asked("Nothing was injected.")
    for number, injection in enumerate(material.encounter.injections, start=1):
        where = f"Deposit {number}, {injection.site or injection.region}"
        if injection.tip is None:
            yield lacking(f"{where}: it is not answered whether the tip was seen.")
        elif injection.tip is TipSight.NOT_SEEN:
            yield lacking(f"{where}: recorded that the tip was not seen.")
        elif injection.tip_image is None:
            yield lacking(f"{where}: no picture shows the tip.")
        else:
            shown = material.seen_in(injection.tip_image, f"tip, {where}")
            image = material.encounter.image(injection.tip_image.image_uid)
            if shown is None:
                yield lacking(f"{where}: the picture of the tip is not among the files.")
            elif image is None or image.phase in (Phase.PRE, Phase.FOLLOWUP):
                yield lacking(f"{where}: the picture of the tip was not taken during the injection.")
            elif abs(image.at - injection.at) > NEAR + timedelta(seconds=image.seconds or 0.0):
                yield lacking(f"{where}: the picture of the tip is of another time.")
            else:
                yield met(f"{where}: the tip was {injection.tip.replace('-', ' ')}.", shown)
