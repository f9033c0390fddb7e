"""A simulated clip: frames as a screen shows them, each with its truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mock_devices.contract import FrameState, ScreenStyle, Settings, Signal
from mock_devices.simulation.moment import Course
from mock_devices.simulation.plain import PlainScreen
from mock_devices.simulation.plan import Plan
from mock_devices.simulation.scenarios import plan_for
from mock_devices.simulation.scene import Scene, Shown
from mock_devices.simulation.truth import LEFT_OUT, NOTICE, SCHEMA, FrameNumbers, frame_truth, repeat_truth

PLAIN = 0


def screen_for(style: int, seed: int, size: tuple[int, int]) -> ScreenStyle:
    """The style's screen. ValueError (one sentence) for a style that is none."""
    if style == PLAIN:
        return PlainScreen(size)
    from mock_devices.screens import screen_style

    return screen_style(style, seed=seed, size=size)


@dataclass(frozen=True, slots=True)
class _Source:
    """What makes a picture of the probe: frames of the stream with the same one show the same. `shot` counts its pictures."""

    settings: Settings
    signal: Signal
    frozen: bool = field(compare=False)
    shot: int
    trace_t_s: float  #: to when the trace runs; 0 where there is none


class Clip:
    """One scenario with one seed on one screen; frames can be asked for in any order, forward is fastest."""

    def __init__(
        self, scenario: str | Plan, *, seed: int, seconds: float, fps: float, size: tuple[int, int], style: int
    ) -> None:
        """A scenario's clip, by its name, or that of a plan; the seed throws the screen within its style.

        ValueError (one sentence) for an unknown scenario or style, or a size, rate or length that cannot be.
        """
        if seconds <= 0 or fps <= 0:
            raise ValueError("A clip needs more than 0 seconds at more than 0 frames a second.")
        if size[0] < 320 or size[1] < 240:
            raise ValueError(f"A screen of {size[0]}x{size[1]} is too small; the least is 320x240.")
        self.plan = plan_for(scenario, seed) if isinstance(scenario, str) else scenario
        self.style, self.size, self.fps, self.seconds = style, size, fps, seconds
        self.frames = max(1, round(seconds * fps))
        self._screen = screen_for(style, seed, size)
        self._course = Course(self.plan, seconds)
        self._scenes: dict[Settings, Scene] = {}
        self._last: tuple[_Source, Shown, dict[str, Any]] | None = None

    def header(self) -> dict[str, Any]:
        """The truth document without its frames."""
        return {
            "schema": SCHEMA,
            "notice": NOTICE,
            "scenario": self.plan.scenario,
            "region": self.plan.region,
            "seed": self.plan.seed,
            "style": self.style,
            "fps": self.fps,
            "size": list(self.size),
            "left_out": list(LEFT_OUT),
            "frames": [],
        }

    def frame(self, number: int) -> tuple[NDArray[np.uint8], dict[str, Any]]:
        """The picture (height, width, 3), blue first, valid until the next call; and its truth."""
        now = self._source(number)
        repeated = number > 0 and now == self._source(number - 1) and now.signal == "ultrasound"
        t_s = number / self.fps
        scene = self._scene(now.settings)
        state = FrameState(number, t_s, now.frozen, now.signal)
        numbers = FrameNumbers(number, t_s, now.frozen, repeated, now.signal)
        if now.signal != "ultrasound":
            composed = self._screen.without_picture(now.settings, state)
            moment = self._course.at(now.shot / now.settings.frame_rate_hz)
            return composed.picture, frame_truth(scene, moment, None, composed, numbers)
        if self._last is None or self._last[0] != now:
            moment = self._course.at(now.shot / now.settings.frame_rate_hz)
            shown = scene.show(moment, now.shot, now.trace_t_s)
            composed = self._screen.compose(shown.images, now.settings, state)
            self._last = (now, shown, frame_truth(scene, moment, shown, composed, numbers))
            return composed.picture, self._last[2]
        _, shown, told = self._last
        composed = self._screen.compose(shown.images, now.settings, state)
        return composed.picture, repeat_truth(told, composed, numbers)

    def __iter__(self) -> Iterator[tuple[NDArray[np.uint8], dict[str, Any]]]:
        for number in range(self.frames):
            yield self.frame(number)

    def _source(self, number: int) -> _Source:
        """What the probe sends for a frame of the stream."""
        t_s = number / self.fps
        part = self._course.part(t_s)
        script = self.plan.script
        settings = self.plan.settings[script.settings_number(part)]
        frozen = script.freeze_at is not None and part >= script.freeze_at
        probe_t_s = (script.freeze_at or 0.0) * self.seconds if frozen else t_s
        shot = int(np.floor(probe_t_s * settings.frame_rate_hz + 1e-6))
        trace_t_s = probe_t_s if settings.mode == "spectral" else 0.0
        return _Source(settings, script.signal(part), frozen, shot, trace_t_s)

    def _scene(self, settings: Settings) -> Scene:
        if settings not in self._scenes:
            self._scenes[settings] = Scene(self.plan, settings, self._screen.areas(settings), self._course)
        return self._scenes[settings]


def simulate(
    scenario: str, *, seed: int, seconds: float, fps: float, size: tuple[int, int], style: int
) -> Iterator[tuple[NDArray[np.uint8], dict[str, Any]]]:
    """Frames of a scenario: the picture (height, width, 3), blue first, the caller's own; and the truth of each.

    In Doppler modes the truth holds `doppler["mask"]`, uint8 (height, width): 1 colour of true flow, 2 blooming, noise and
    flash. Same arguments, same bytes (with the same libraries on the same kind of processor). ValueError (one sentence)
    for what cannot be.
    """
    clip = Clip(scenario, seed=seed, seconds=seconds, fps=fps, size=size, style=style)
    return _frames(clip)


def _frames(clip: Clip) -> Iterator[tuple[NDArray[np.uint8], dict[str, Any]]]:
    for picture, told in clip:
        mask = told["doppler"].get("mask")
        if mask is not None:
            told = told | {"doppler": told["doppler"] | {"mask": mask.whole(clip.size)}}
        yield picture.copy(), told
