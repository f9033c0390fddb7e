"""Spectral Doppler read off a screen: where the trace stands, its two scales, its speeds, its beats.

`find_spectrum_area` says whether and where a spectrum is on the picture (also to those who look for something else and
must not take it for a B picture); `measure_spectrum` reads one picture, `measure_clip` a clip. Speeds are those of the
maker's axis: whether it is corrected for the angle is not on the screen.
"""

from imaging.spectrum.area import SpectrumArea, find_spectrum_area
from imaging.spectrum.clip import measure_clip
from imaging.spectrum.reading import Measured, SpectrumReading, measure_spectrum

__all__ = ["Measured", "SpectrumArea", "SpectrumReading", "find_spectrum_area", "measure_clip", "measure_spectrum"]
