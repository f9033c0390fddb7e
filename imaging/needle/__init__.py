"""The needle or cannula: its shaft, its tip where one is seen, and how far the tip is from each vessel."""

from imaging.needle.find import Needle, NeedleFinder, TipDistance

__all__ = ["Needle", "NeedleFinder", "TipDistance"]
