"""Imaging: what the pixels say, each answer with its uncertainty and its right to say 'cannot tell'.

Here so far: decoding a frame to pixels, and the scale (millimetres per pixel) with its source.
"""
