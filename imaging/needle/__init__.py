"""The needle or cannula: its shaft, its tip where one is seen, and how far the tip is from each vessel candidate."""

from imaging.needle.distance import TipDistance, tip_distances
from imaging.needle.find import TIP_IS_TOLD, Needle, NeedleFinder

__all__ = ["TIP_IS_TOLD", "Needle", "NeedleFinder", "TipDistance", "tip_distances"]
