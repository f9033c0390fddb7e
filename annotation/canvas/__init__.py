"""The canvas: where a person draws on the picture. The only part of the room that needs Qt.

`viewport`, `hit`, `captions`, `board` and `tools` are plain and run without it; so `Canvas` is imported when it is asked
for, and not before.
"""

from typing import TYPE_CHECKING

from annotation.canvas.board import Board
from annotation.canvas.tools import TOOLS

if TYPE_CHECKING:
    from annotation.canvas.picture import pixels_of, qimage_of
    from annotation.canvas.view import Canvas

__all__ = ["TOOLS", "Board", "Canvas", "pixels_of", "qimage_of"]


def __getattr__(name: str) -> object:
    if name == "Canvas":
        from annotation.canvas.view import Canvas

        return Canvas
    if name in ("pixels_of", "qimage_of"):
        from annotation.canvas import picture

        return getattr(picture, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
