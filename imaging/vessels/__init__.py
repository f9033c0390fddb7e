"""Vessel candidates with outline, centre, diameter and depth: from the B-mode picture, from colour Doppler, or both.

Candidates only: none found never means that no vessel is there.
"""

from imaging.vessels.find import Vessel, find_vessels

__all__ = ["Vessel", "find_vessels"]
