"""What is drawn: one simulated clip by its words, so that any figure can be looked into again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from imaging import Bgr
from workstation.benchmark.figures import Goal
from workstation.benchmark.scenarios import styles

#: Seeds below are for whoever writes imaging; those from here on are for measuring alone.
FIRST_UNSEEN_SEED: Final = 10_000
SIZES: Final = ((1280, 720), (1920, 1080), (1280, 960), (1024, 768))

Truth = dict[str, Any]  #: one frame's, as docs/reference/truth.md has it
Observed = tuple[str, float]  #: which goal, and 1 or 0 (a share) or the value (a mean)


@dataclass(frozen=True, slots=True)
class Case:
    """One clip of the simulator."""

    scenario: str
    seed: int
    style: int
    size: tuple[int, int]
    fps: float
    seconds: float

    def frames(self) -> Iterator[tuple[Bgr, Truth]]:
        """Each frame as the device would send it (through JPEG), and its truth."""
        from devices.cv import cv2
        from mock_devices import simulate

        for picture, truth in simulate(
            self.scenario, seed=self.seed, seconds=self.seconds, fps=self.fps, size=self.size, style=self.style
        ):
            done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
            if not done:
                raise RuntimeError("the frame could not be encoded")
            yield np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8), truth

    def words(self) -> str:
        """How to make the same clip with `sonofill simulate`."""
        width, height = self.size
        return (
            f"--scenario {self.scenario} --seed {self.seed} --style {self.style} --size {width}x{height} "
            f"--fps {self.fps:g} --seconds {self.seconds:g}"
        )


class Measure(Protocol):
    """One module under `measures/`: what is held to which goals, which clips it needs, what it observes on one."""

    NAME: str
    GOALS: Sequence[Goal]

    def draw(self, rng: np.random.Generator, *, open_only: bool) -> Case:
        """A clip that this measure can be taken on."""

    def observe(self, case: Case) -> Iterable[Observed]:
        """What imaging says of the clip against its truth."""


def draw_case(
    rng: np.random.Generator, scenarios: Sequence[str], *, fps: float, seconds: float, open_only: bool
) -> Case:
    """Any of these scenarios on any style with a seed that nobody has seen; or on what is open to look at."""
    seeds = (0, FIRST_UNSEEN_SEED) if open_only else (FIRST_UNSEEN_SEED, 2**31)
    return Case(
        scenario=str(rng.choice(list(scenarios))),
        seed=int(rng.integers(*seeds)),
        style=int(rng.choice(list(styles(open_only=open_only)))),
        size=SIZES[int(rng.integers(len(SIZES)))],
        fps=fps,
        seconds=seconds,
    )


def mask_of(points: Sequence[Sequence[float]], shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """The pixels inside a closed outline ([column, row] in pixels) of a picture of this shape."""
    from devices.cv import cv2

    drawn = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(drawn, [np.rint(np.asarray(points, float)).astype(np.int32)], 1)
    return drawn.astype(bool)
