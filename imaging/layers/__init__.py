"""Layers of the skin and below: suggestions along the strongest boundaries, with their thickness; and tracing by hand.

`find_layers(picture, region)` suggests; `skin_line(picture)` is the line that depths are measured from;
`trace(picture, a, b)` draws the boundary between two clicks.
"""

from imaging.layers.find import Layer, Layers, find_layers
from imaging.layers.skin import SkinLine, skin_line
from imaging.layers.trace import trace

__all__ = ["Layer", "Layers", "SkinLine", "find_layers", "skin_line", "trace"]
