"""The needle or cannula: its shaft, its tip where one is seen, and how far the tip is from each vessel candidate."""

from imaging.needle.distance import TipDistance, tip_distances
from imaging.needle.film import NeedleFilm, skin_of
from imaging.needle.find import Needle, NeedleFinder
from imaging.needle.follow import follow_needle

__all__ = ["Needle", "NeedleFilm", "NeedleFinder", "TipDistance", "follow_needle", "skin_of", "tip_distances"]
