"""Spectral Doppler read off a screen: where the trace stands, its two scales, its speeds, its beats.

`find_spectrum_area` says whether and where a spectrum is on the picture (also to those who look for something else and
must not take it for a B picture).
"""

from imaging.spectrum.area import SpectrumArea, find_spectrum_area

__all__ = ["SpectrumArea", "find_spectrum_area"]
