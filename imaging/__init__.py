"""Imaging: what the pixels say, each answer with its uncertainty and its right to say 'cannot tell'.

Here so far: the scale (millimetres per pixel) with its source.
"""

from imaging.scale import Scale

__all__ = ["Scale"]
