"""A label drawn on one frame follows the tissue through the clip, and says when it lost it.

`Tracker(picture, points)` is told the label's points on its first picture; each `advance(picture)` gives `Tracked`.
"""

from imaging.tracking.tracker import Tracked, Tracker

__all__ = ["Tracked", "Tracker"]
