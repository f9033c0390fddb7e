"""How good the picture is: hints on gain, contact, depth, motion, a frozen or repeated picture, and no ultrasound at all.

`QualityWatch` looks at one frame after another (a few milliseconds each at 1920x1080); `quality_of` sums a clip up. Every
hint has a measure, a confidence and a plain sentence. A picture without hints is not thereby a good one.
"""

from imaging.quality.clip import ClipQuality, Stretch, quality_of
from imaging.quality.hints import Hint, still_hints
from imaging.quality.watch import FrameQuality, QualityWatch

__all__ = ["ClipQuality", "FrameQuality", "Hint", "QualityWatch", "Stretch", "quality_of", "still_hints"]
