"""Acquisition: time. One grab loop per device, the live view, the crash-safe spool, stills and clips cut from it.

This room knows nothing of what is in the picture.
"""
