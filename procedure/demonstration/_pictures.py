"""What the story takes from its pictures. Without pictures the teaching numbers of the story stand as they are."""

from __future__ import annotations

from collections.abc import Sequence

from procedure.answers import Estimate, Sight
from procedure.encounter import Encounter
from procedure.images import KeptImage
from procedure.injections import Injection
from procedure.plan import Plan
from procedure.stations import Compression
from procedure.vessels import Observation

#: What a simulated picture of the fold never shows, whatever is looked for: the answer is then 'not seen'.
_NOT_DRAWN = ("lna",)


class Pictures:
    """Each method gets what the story would say, and answers what it says: here the same.

    Whoever records pictures for the story makes a class of its own, so that the record says what its pictures show.
    """

    def kept(self, image: KeptImage) -> KeptImage:
        """The image as it was kept: its settings, its length."""
        return image

    def seen(self, seen: Observation, spectral: KeptImage | None) -> Observation:
        """The story's artery as it was labelled on `seen.image`; its velocities as measured on `spectral`."""
        del spectral
        return seen

    def sight(self, structure: str, images: Sequence[KeptImage]) -> Sight:
        """Whether a structure that had to be looked for was seen on the images of a station."""
        del images
        return Sight.NOT_SEEN if structure in _NOT_DRAWN else Sight.SEEN

    def thickness(self, structure: str, images: Sequence[KeptImage]) -> Estimate | None:
        """How thick a layer is on a station's images; None where it is not drawn there whole."""
        del structure, images
        return None

    def compressions(self, clip: KeptImage) -> tuple[Compression, ...]:
        """How far the labelled lumens shrank in a clip."""
        del clip
        return ()

    def mapped(self, encounter: Encounter, images: Sequence[KeptImage]) -> Encounter:
        """The encounter with whatever else was labelled on the images of a station: vessels that the story does not tell."""
        del images
        return encounter

    def planned(self, plan: Plan) -> Plan:
        """The plan with its path on the mapped picture, and the depth of its target."""
        return plan

    def injected(self, injection: Injection, clip: KeptImage) -> Injection:
        """The injection with the tip as it was seen in its clip, and the depth that it came to."""
        del clip
        return injection
