"""What the program notices of a capture's pictures (gain, contact, depth, motion, pressure), to be kept with it. No Qt."""

from __future__ import annotations

from collections import Counter
from typing import Final

from acquisition.cine import Clip
from workstation.probe_screen.scales import picture_of

_LOOKS_PER_S: Final = 4.0
_MOST_LOOKS: Final = 80
_SHARE: Final = 0.5  #: part of the looks that have a hint, for it to hold of the clip


def hints_on(clip: Clip) -> tuple[str, ...]:
    """The names of the hints (`imaging.quality`) that hold for most of the clip, or for the still, in order.

    A clip is looked at a few times a second. Motion is judged from frame to frame, so nothing is said of it here.
    """
    from imaging.quality import QualityWatch

    watch = QualityWatch()
    count = len(clip.frames)
    wanted = min(_MOST_LOOKS, max(1, round(clip.duration_s * _LOOKS_PER_S)), count)
    seen: Counter[str] = Counter()
    looks = 0
    for number in range(wanted):
        index = number * count // wanted
        picture = picture_of(clip, index)
        if picture is None:
            continue
        looks += 1
        time_s = (clip.frames[index].timestamp_ns - clip.frames[0].timestamp_ns) / 1e9
        seen.update({hint.name for hint in watch.add(picture, time_s).hints} - {"motion"})
    return tuple(sorted(name for name, times in seen.items() if times >= _SHARE * looks))
