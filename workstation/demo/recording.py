"""The story's pictures, recorded: one stream of the simulated probe in the spool, at the times of the story.

The probe's clock runs with the story and not with the wall, so that an hour's examination is recorded in seconds and each
picture was taken when the story says (docs/decisions/0010). Clips and stills are cut out of the stream, as in the window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from acquisition import Clip, Run, SpoolWriter, StreamDescription
from devices.source import Frame, PixelFormat
from dicom_io.composite.printed import Printed
from imaging.scale import Scale
from mock_devices import Examination, View
from mock_devices.encoding import encode
from procedure import Encounter
from procedure.images import ImageKind, KeptImage
from workstation.demo.views import view_of
from workstation.probe_screen.screens import Told

ProgressCallback = Callable[[float, float], None]
Truth = dict[str, Any]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_RULER_UNCERTAINTY: Final = 0.005  #: of a scale told by a ruler whose ticks are drawn true to a part of a pixel
#: Units of what the screen prints, as in the read-screen contract.
_UNITS: Final = {
    "depth_mm": "mm",
    "frequency_mhz": "MHz",
    "frame_rate_hz": "Hz",
    "dynamic_range_db": "dB",
    "gain": "%",
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One picture of the story: its frames in the spool, and for each the truth of the simulation."""

    image: KeptImage
    view: View
    clip: Clip
    truths: tuple[Truth, ...]

    @property
    def told(self) -> Told:
        """What its screen says, known without reading it: the simulator drew it."""
        first = self.truths[0]
        box = first["region"]
        across, down = first["mm_per_pixel"]
        scale = Scale(
            across,
            down,
            (box["x0"], box["y0"], box["x1"], box["y1"]),
            "screen-ruler",
            _RULER_UNCERTAINTY,
        )
        printed = tuple(
            Printed(key, float(readout["value"]), _UNITS.get(key))
            for key, readout in sorted(first["readouts"].items())
            if isinstance(readout["value"], int | float)
        )
        return Told((scale,), printed)


@contextmanager
def recorded(
    story: Encounter,
    probe: Examination,
    spool_root: Path,
    intent: Mapping[str, Any],
    progress: ProgressCallback | None = None,
) -> Iterator[list[Recorded]]:
    """Every still and clip that `story` names, in the order of time. The frames stay in the spool until the end.

    `intent` is kept beside them, as for any recording. Raises the errors of `acquisition`.
    """
    wanted = sorted((i for i in story.images if i.kind is not ImageKind.PHOTOGRAPH), key=lambda i: i.at)
    run = Run(SpoolWriter.create(spool_root, _description(story, probe)))
    try:
        run.spool.write_intent(dict(intent))
        run.keep()
        taken: list[tuple[KeptImage, View, int, tuple[Truth, ...]]] = []
        for number, image in enumerate(wanted):
            view = view_of(image, story)
            taken.append((image, view, run.counts.kept, tuple(_take(run, probe, view, image, story.started_at))))
            if progress is not None:
                progress(number + 1, len(wanted))
        run.end("done", run.span_ns[1] if run.span_ns else 0)
        whole = run.whole()
        if whole is None:
            raise ValueError("the story names no picture")
        yield [
            Recorded(image, view, Clip(whole.stream, whole.frames[at : at + len(truths)]), truths)
            for image, view, at, truths in taken
        ]
    finally:
        run.end("stopped", 0)
        run.discard()


def _take(run: Run, probe: Examination, view: View, image: KeptImage, began: datetime) -> Iterator[Truth]:
    """The frames of one picture into the spool."""
    seconds = image.seconds if image.kind is ImageKind.CLIP else None
    begun_ns = (image.at - began) // timedelta(microseconds=1) * 1000
    width, height = probe.size
    for number, (picture, truth) in enumerate(probe.clip(view, seconds)):
        sequence = run.counts.kept
        run.append(
            Frame(
                data=encode(picture, PixelFormat.MJPEG, sequence),
                pixel_format=PixelFormat.MJPEG,
                width=width,
                height=height,
                timestamp_ns=begun_ns + round(number * 1e9 / probe.fps),
                sequence=sequence,
            ),
            0,
        )
        truth["doppler"].pop("mask", None)  # as large as the screen, and no label is made of it
        yield truth


def _description(story: Encounter, probe: Examination) -> StreamDescription:
    """The stream's clock counts from the beginning of the story."""
    utc_ns = (story.started_at - _EPOCH) // timedelta(microseconds=1) * 1000
    width, height = probe.size
    return StreamDescription(
        stream_id=f"demo-{utc_ns}-{story.encounter_uid.rpartition('.')[2][:12]}",
        device=probe.device,
        pixel_format=PixelFormat.MJPEG,
        width=width,
        height=height,
        nominal_fps=probe.fps,
        utc_ns=utc_ns,
        monotonic_ns=0,
    )
