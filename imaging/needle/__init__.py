"""The needle or cannula: its shaft, its tip where one is seen, and how far the tip is from each vessel candidate."""

from imaging.needle.distance import TipDistance, tip_distances
from imaging.needle.find import Needle, NeedleFinder

__all__ = ["Needle", "NeedleFinder", "TipDistance", "tip_distances"]
