"""How bright a labelled thing is on the screen: the grey of its pixels, and of what lies around it (S2).

Display grey, 0 (black) to 255 (white), as the probe's screen showed it: gain, dynamic range and the maker's own curve are in
it, so it says nothing physical, and pictures with other settings are not to be compared by it. It stands beside a person's
word (anechoic to hyperechoic) and never makes one.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Grey = Annotated[float, Field(ge=0, le=255, allow_inf_nan=False)]
#: Around it: the rest of the layer that it lies in, as drawn; or where none is drawn, a ring about as wide as the thing.
Around = Literal["layer", "ring"]

_WORDS: dict[Around, str] = {"layer": "the layer around it", "ring": "what lies around it"}


class GreyLevel(BaseModel):
    """Mean and spread (standard deviation) of the display grey of a label's pixels, and of the pixels around it.

    `around` says which those are; None, like their numbers, where there is nothing to compare with. Pixels in colour (a
    Doppler signal, words) are left out of both.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mean: Grey
    spread: Grey
    around: Around | None = None
    around_mean: Grey | None = None
    around_spread: Grey | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if len({self.around is None, self.around_mean is None, self.around_spread is None}) != 1:
            raise ValueError("what lies around a thing is told whole or not at all")
        return self

    def __str__(self) -> str:
        told = f"display grey {self.mean:.0f} of 255 (spread {self.spread:.0f})"
        if self.around is None:
            return told
        return f"{told}, {_WORDS[self.around]} {self.around_mean:.0f} (spread {self.around_spread:.0f})"
