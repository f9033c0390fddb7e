"""Another size in a JPEG's headers: a device that has changed its picture's size, or one byte that is wrong.

One picture cannot tell which. A change is believed once two pictures in a row tell the same other size; the first of them is
handed on as damaged, so that a single wrong byte costs a single picture and never the stream.
"""

from __future__ import annotations

from devices.errors import FrameSizeChanged
from devices.jpeg.structure import BrokenJpeg, layout


class SizeWatch:
    """Looks at the JPEGs of one stream, in order. `who` sends them: the beginning of a sentence."""

    def __init__(self, who: str, width: int, height: int) -> None:
        self._who = who
        self._agreed = width, height
        self._doubted: tuple[int, int] | None = None

    def damage_in(self, data: bytes) -> str | None:
        """Why this picture is to be called damaged; None where it is whole and of the agreed size.

        Raises FrameSizeChanged where it confirms the size that the picture before it told.
        """
        try:
            found = layout(data)
        except BrokenJpeg as error:
            self._doubted = None
            return str(error)
        return self.damage_of(found.width, found.height)

    def damage_of(self, width: int, height: int) -> str | None:
        """The same for a picture whose headers tell this size."""
        size, before = (width, height), self._doubted
        if size == self._agreed:
            self._doubted = None
            return None
        self._doubted = size
        told = f"{width}x{height} instead of {self._agreed[0]}x{self._agreed[1]}"
        if size == before:
            raise FrameSizeChanged(
                f"{self._who} now sends pictures of {told}; start again to go on with the new size.", width, height
            )
        return f"its headers tell {told}, alone among its neighbours"
