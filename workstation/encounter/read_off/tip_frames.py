"""In how many frames of a clip the tip is seen, for an injection (S25). No Qt.

Counted by what follows the instrument through the whole clip (`imaging.needle.follow_needle`); a frame on which a person
labelled the tip counts as one in which it is seen, whatever the program saw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import groupby

from annotation import Document
from imaging.errors import CannotTell
from procedure import Encounter
from procedure.images import ImageRef
from procedure.injections import Injection
from workstation.encounter.read_off.offer import Offer
from workstation.encounter.read_off.pictures import pictures_of
from workstation.studies.visit import Capture

_MOST_RUNS = 6  #: runs of frames that are named one by one


@dataclass(frozen=True, slots=True)
class TipCount:
    """`looked` are the numbers (from 0) of the frames with an ultrasound picture, `seen` those of them with the tip."""

    looked: tuple[int, ...]
    seen: tuple[int, ...]

    @property
    def unseen(self) -> tuple[int, ...]:
        """The frames that were looked at and do not show the tip."""
        shown = set(self.seen)
        return tuple(number for number in self.looked if number not in shown)


def count(capture: Capture, labels: Document) -> TipCount:
    """Follow the instrument through the capture. Slow: for a worker thread.

    Raises CannotTell where no frame has an ultrasound picture, OSError where the frames are gone.
    """
    from imaging.needle import NeedleFilm, follow_needle
    from imaging.views import View, views

    scale = capture.scales[0] if len(capture.scales) == 1 else None
    mm = (scale.mm_per_pixel_x, scale.mm_per_pixel_y) if scale is not None else None
    shown: dict[int, bool] = {}

    def looked() -> Iterator[View]:
        for view in views(pictures_of(capture), mm):
            shown[view.picture.frame] = view.b_mode is not None
            yield view

    needles = follow_needle(NeedleFilm(looked))
    if not any(shown.values()):
        raise CannotTell("No ultrasound picture is seen on this capture: choose the clip of the injection.")
    own = [f for f in labels.findings if f.image == capture.key and f.kind == "tip" and f.status == "confirmed"]
    by_hand = {label.frame for label in own}
    told = {
        frame for frame, needle in zip(shown, needles, strict=True) if needle is not None and needle.tip is not None
    }
    there = tuple(frame for frame, picture in shown.items() if picture)
    return TipCount(there, tuple(frame for frame in there if frame in told or frame in by_hand))


def read(capture: Capture, place: int, labels: Document) -> Offer:
    """The count as an offer for the injection at `place` (from 0) of the record. Slow, and raises as `count`."""
    if len(capture.clip.frames) < 2:
        raise CannotTell("A still is one frame: choose the clip of the injection.")
    counted = count(capture, labels)
    looked, unseen = len(counted.looked), len(counted.unseen)
    lines = [f"The tip appears in {looked - unseen} of {looked} frames, not in {unseen}."]
    if unseen:
        lines.append(
            f"Not seen in the frames {_runs(counted.unseen)}: look at them. Where it is not seen it may still be there."
        )
    left_out = len(capture.clip.frames) - looked
    if left_out:
        lines.append(f"{left_out} frames have no ultrasound picture and were not counted.")

    return Offer(
        tuple(lines),
        partial(_taken, place, capture.key, counted),
        f"Injections {place + 1}: frames with the tip taken over",
    )


def _taken(place: int, image_uid: str, counted: TipCount, record: Encounter, _by: str, _at: datetime) -> Encounter:
    return with_count(record, place, image_uid, counted)


def with_count(record: Encounter, place: int, image_uid: str, counted: TipCount) -> Encounter:
    """The record with the count at the injection at `place`; its other answers stay as a person told them.

    The last frame with the tip stands as the tip's image where none was named. Whether the tip was in view when the
    product came out stays the person's answer: a clip does not say when that was.
    """
    if place >= len(record.injections):
        return record
    injection: Injection = record.injections[place]
    image = injection.tip_image
    if image is None and counted.seen:
        image = ImageRef(image_uid=image_uid, frame=counted.seen[-1])
    images = injection.image_uids if image_uid in injection.image_uids else (*injection.image_uids, image_uid)
    told = replace(
        injection,
        tip_frames=len(counted.looked),
        tip_unseen_frames=len(counted.unseen),
        tip_image=image,
        image_uids=images,
    )
    return replace(record, injections=tuple(told if n == place else one for n, one in enumerate(record.injections)))


def _runs(numbers: Sequence[int]) -> str:
    """Frame numbers as a person counts them, from 1: '3 to 9, 14', the longest runs where there are many."""
    runs = [[n for _, n in group] for _, group in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    named = sorted(sorted(runs, key=len, reverse=True)[:_MOST_RUNS])
    words = [f"{run[0] + 1} to {run[-1] + 1}" if len(run) > 1 else f"{run[0] + 1}" for run in named]
    more = len(runs) - len(named)
    return ", ".join(words) + (f" and {more} shorter runs" if more else "")
