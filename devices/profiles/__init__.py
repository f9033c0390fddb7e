"""Profiles: what a probe's or grabber's screen looks like, one TOML file for each.

    geometry = load("simulated-portable").scale_for(1280, 720)
    geometry.box, geometry.mm_per_pixel_x          # or None, where the profile does not know this size

A profile is a promise about millimetres, so it is read strictly: an unknown key, a box outside the picture or a scale
that no ultrasound has is refused, with the file and the key. To add one: docs/how-to/add-a-profile.md.
"""

from devices.profiles.loading import ProfileError, load, names, read
from devices.profiles.profile import ScreenGeometry, ScreenProfile

__all__ = ["ProfileError", "ScreenGeometry", "ScreenProfile", "load", "names", "read"]
