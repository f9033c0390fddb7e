"""How the picture lies in the widget: zoom and place. Plain numbers, no Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

Place = tuple[float, float]
Size = tuple[int, int]  #: width, height in pixels

ZOOM_LEAST, ZOOM_MOST = 0.05, 40.0


@dataclass(frozen=True, slots=True)
class Viewport:
    """`zoom` screen pixels for one picture pixel; `left`, `top` is where the picture's 0, 0 lies on the screen."""

    zoom: float = 1.0
    left: float = 0.0
    top: float = 0.0

    @classmethod
    def fitted(cls, picture: Size, widget: Size) -> Viewport:
        """The whole picture, as large as it can be, in the middle."""
        zoom = min(widget[0] / max(picture[0], 1), widget[1] / max(picture[1], 1))
        return cls.centred(min(max(zoom, ZOOM_LEAST), ZOOM_MOST), picture, widget)

    @classmethod
    def centred(cls, zoom: float, picture: Size, widget: Size) -> Viewport:
        """The picture's middle in the widget's middle."""
        return cls(zoom, (widget[0] - picture[0] * zoom) / 2, (widget[1] - picture[1] * zoom) / 2)

    def to_screen(self, place: Place) -> Place:
        """A place in the picture (column, row) as a place in the widget (x, y)."""
        return place[0] * self.zoom + self.left, place[1] * self.zoom + self.top

    def to_picture(self, at: Place) -> Place:
        """A place in the widget (x, y) as a place in the picture (column, row), which may lie outside of it."""
        return (at[0] - self.left) / self.zoom, (at[1] - self.top) / self.zoom

    def zoomed(self, factor: float, at: Place) -> Viewport:
        """Nearer or farther by `factor`; what is under `at` (widget) stays there."""
        zoom = min(max(self.zoom * factor, ZOOM_LEAST), ZOOM_MOST)
        column, row = self.to_picture(at)
        return Viewport(zoom, at[0] - column * zoom, at[1] - row * zoom)

    def panned(self, x: float, y: float) -> Viewport:
        """Shifted by so many screen pixels."""
        return replace(self, left=self.left + x, top=self.top + y)

    def kept_in_sight(self, picture: Size, widget: Size, margin: int = 40) -> Viewport:
        """The same, with at least `margin` screen pixels of the picture in the widget: it cannot be lost."""
        width, height = picture[0] * self.zoom, picture[1] * self.zoom
        return replace(
            self,
            left=min(max(self.left, margin - width), widget[0] - margin),
            top=min(max(self.top, margin - height), widget[1] - margin),
        )
