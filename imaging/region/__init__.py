"""Where on a screen the ultrasound picture stands, on any probe's screen, and what shape it has.

    region = find_region(bgr)            # None: no ultrasound picture is seen
    region.box, region.kind, region.mask

A screen is mostly flat: its theme, its text and its icons are drawn in even colours. Ultrasound is speckle: nowhere flat
where echoes are. So the picture is the largest area that is textured throughout, grey or evenly tinted, and has a
speckle's grain. `find_regions` gives each one on a split screen.
"""

from imaging.region.finding import find_region, find_regions
from imaging.region.ultrasound import UltrasoundRegion

__all__ = ["UltrasoundRegion", "find_region", "find_regions"]
