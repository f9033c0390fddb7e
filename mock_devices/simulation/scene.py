"""Pictures of a plan for one set of settings: grey, colour, spectrum, ready for a screen to compose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.acoustics.colour import ColourBox, DopplerReceiver, Stream, filter_cm_s
from mock_devices.acoustics.deform import outline
from mock_devices.acoustics.needle import OUTER_DIAMETER_MM, Shaft
from mock_devices.acoustics.spectrum import Spectrogram
from mock_devices.acoustics.waveform import along_beam
from mock_devices.contract import Areas, Box, ColourOverlay, Gate, SceneImages, Settings, SpectrumTrace
from mock_devices.face.site import Floats
from mock_devices.simulation.bmode import BMode, Fresh
from mock_devices.simulation.moment import Course, Moment, bolus_outline_mm
from mock_devices.simulation.plan import Plan
from mock_devices.simulation.projection import Projection


@dataclass(frozen=True, slots=True)
class Shown:
    """One frame: the images for the screen, and what the truth needs of them."""

    images: SceneImages
    colour_mask: NDArray[np.uint8] | None  #: as large as the overlay's box: 1 true flow, 2 beyond it


class Scene:
    """Renders moments of a plan with one set of settings on one style's areas."""

    def __init__(self, plan: Plan, settings: Settings, areas: Areas, course: Course) -> None:
        self.plan, self.settings, self.areas = plan, settings, areas
        self.projection = Projection(areas)
        self._course = course
        script = plan.script
        shifts = [abs(value) for _, value in script.shift_mm]
        push = max([b.radius_x_mm for b in script.boluses], default=0.0)
        self._bmode = BMode(
            plan.site,
            settings,
            areas,
            seed=plan.seed,
            margin_mm=0.5 + max(shifts) + push,
            squeeze=max(value for _, value in script.pressure),
            tilt=script.tilt,
        )
        self._doppler: DopplerReceiver | None = None
        self._spectrogram: Spectrogram | None = None
        if settings.colour is not None and plan.colour_box is not None:
            self._prepare_colour(plan.colour_box)
        if settings.spectral is not None and areas.trace is not None and plan.gate_vessel is not None:
            self._prepare_spectrum(areas.trace, plan.gate_vessel)

    def show(self, moment: Moment, number: int, trace_t_s: float) -> Shown:
        """The images of a moment; `number` counts the probe's frames, the trace runs on to `trace_t_s`."""
        grey = self._bmode.frame(
            moment.body,
            number=number,
            deposits=self._deposits(moment),
            shafts=self._shafts(moment),
            contact_loss=moment.contact_loss,
            contact_left=self.plan.script.contact_side == "left",
        )
        overlay, mask = self._colour(moment, number)
        if self.areas.mirrored:
            grey = cv2.flip(grey, 1)
        trace, gate = self._trace(trace_t_s)
        return Shown(SceneImages(grey, overlay, trace, gate), mask)

    def lumen_px(self, moment: Moment, number: int, points: int = 40) -> NDArray[np.float64]:
        """A lumen's outline in pixels of the picture (before mirroring)."""
        x, z = outline(moment.body.lumens[number], points, half_width_mm=0.5 * self.settings.face_mm + 2)
        return self.projection.in_picture(*moment.body.after_vessels(x, z))

    def _deposits(self, moment: Moment) -> list[Fresh]:
        found = []
        for bolus, deposit in moment.boluses:
            if deposit.radius_z_mm > 0.05:
                edge = bolus_outline_mm(moment.body, deposit)
                px = self.projection.in_picture(edge[:, 0], edge[:, 1])
                found.append(Fresh(bolus.material, px, 2 * deposit.radius_z_mm))
        for number, lumen in enumerate(moment.body.lumens):
            gel = moment.gel.get(lumen.vessel.id, 0.0)
            if gel > 0.02:
                px = self.lumen_px(moment, number)
                found.append(Fresh("gel", px, 0.0, strength=gel))
        return found

    def _shafts(self, moment: Moment) -> list[Shaft]:
        needle, now = self.plan.script.needle, moment.instrument
        if needle is None or now is None:
            return []
        (entry, tip) = (
            self.projection.in_picture(np.array([p[0]]), np.array([p[1]]))[0] for p in (now.entry_mm, now.tip_mm)
        )
        way = np.array(now.tip_mm) - np.array(now.entry_mm)
        steep = float(np.degrees(np.arctan2(abs(way[1]), max(abs(way[0]), 1e-6))))
        strength = float(np.clip(1.0 - (steep / 75.0) ** 2, 0.25, 1.0)) * 0.97
        return [
            Shaft(
                needle.kind,
                OUTER_DIAMETER_MM[needle.gauge],
                (float(entry[0]), float(entry[1])),
                (float(tip[0]), float(tip[1])),
                now.seen_from,
                now.seen_to,
                strength,
            )
        ]

    def _prepare_colour(self, box: ColourBox) -> None:
        colour = self.settings.colour
        if colour is None:
            return
        g = self.projection.grid
        corners = np.array(box.corners_mm())
        px = self.projection.in_picture(corners[:, 0], corners[:, 1])
        c0, c1 = max(0, round(px[:, 0].min())), min(g.columns, round(px[:, 0].max()))
        r0, r1 = max(0, round(px[:, 1].min())), min(g.rows, round(px[:, 1].max()))
        self._colour_px: Box = (c0, r0, c1, r1)
        bounds = ColourBox(
            g.x0_mm + (c0 - 0.5) * g.mm_x,
            g.x0_mm + (c1 - 0.5) * g.mm_x,
            g.z0_mm + (r0 - 0.5) * g.mm_z,
            g.z0_mm + (r1 - 0.5) * g.mm_z,
            0.0,
        )
        self._doppler = DopplerReceiver(
            bounds,
            frequency_mhz=colour.frequency_mhz,
            prf_hz=colour.prf_hz,
            wall_filter_hz=colour.wall_filter_hz,
            gain=colour.gain,
            limits_cm_s=colour.limits_cm_s,
            power=self.settings.mode == "power",
            seed=self.plan.seed,
        )
        clipped = np.stack([np.clip(px[:, 0], c0, c1 - 1), np.clip(px[:, 1], r0, r1 - 1)], axis=1)
        self._inside = np.zeros((r1 - r0, c1 - c0), np.uint8)
        cv2.fillPoly(self._inside, [np.round(px - [c0, r0]).astype(np.int32)], 255)
        self._polygon = tuple((float(c), float(r)) for c, r in self.projection.on_screen(clipped))

    def _colour(self, moment: Moment, number: int) -> tuple[ColourOverlay | None, NDArray[np.uint8] | None]:
        if self._doppler is None:
            return None, None
        c0, r0, c1, r1 = self._colour_px
        size = (c1 - c0, r1 - r0)
        streams = [
            Stream(k, moment.flow[lumen.vessel.id], 1.0 - moment.gel.get(lumen.vessel.id, 0.0))
            for k, lumen in enumerate(moment.body.lumens)
            if moment.flow[lumen.vessel.id] != 0.0
        ]
        level = self._doppler.receive(moment.body, streams, moment.tissue_cm_s, number, size)
        level = cv2.bitwise_and(level, self._inside)
        if moment.contact_loss > 0:
            self._no_colour_without_contact(level, moment.contact_loss)
        lumens = np.zeros_like(level)
        for stream in streams:
            points = self.lumen_px(moment, stream.lumen) - [c0, r0]
            cv2.fillPoly(lumens, [np.round(points * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
        mask = np.where(level > 0, 2 - lumens, 0).astype(np.uint8)
        x0, y0, x1, _ = self.areas.picture
        left = x0 + c0
        if self.areas.mirrored:
            level, mask = cv2.flip(level, 1), cv2.flip(mask, 1)
            left = x1 - c1
        box = (left, y0 + r0, left + size[0], y0 + r1)
        kind = "power" if self.settings.mode == "power" else "colour"
        return ColourOverlay("power" if kind == "power" else "colour", box, level, self._polygon), mask

    def _no_colour_without_contact(self, level: NDArray[np.uint8], loss: float) -> None:
        c0, _, c1, _ = self._colour_px
        wide = round(loss * self.projection.grid.columns)
        if self.plan.script.contact_side == "left":
            level[:, : max(0, wide - c0)] = 0
        else:
            first = self.projection.grid.columns - wide - c0
            level[:, max(0, first) :] = 0
        del c1

    def _prepare_spectrum(self, trace: Box, vessel_id: str) -> None:
        spectral = self.settings.spectral
        if spectral is None:
            return
        plan, vessel = self.plan, self.plan.vessel(vessel_id)
        cosine = along_beam(vessel, plan.steer_deg)
        # As the machine shows it: the shift along the beam divided by the cosine of the angle that is set.
        factor = abs(cosine) / float(np.cos(np.radians(spectral.angle_deg)))
        sign = (1.0 if cosine > 0 else -1.0) * (-1.0 if spectral.inverted else 1.0)
        self.trace_factor = factor
        course = self._course

        def velocity(t_s: Floats) -> Floats:
            return sign * factor * course.speed_cm_s(vessel_id, t_s)

        draw = np.random.default_rng([plan.seed, 71])
        self._spectrogram = Spectrogram(
            velocity,
            size=(trace[2] - trace[0], trace[3] - trace[1]),
            limits_cm_s=spectral.limits_cm_s,
            sweep_s=spectral.sweep_s,
            scrolling=spectral.scrolling,
            wall_filter_cm_s=filter_cm_s(spectral.wall_filter_hz, spectral.frequency_mhz)
            / float(np.cos(np.radians(spectral.angle_deg))),
            slowest_part=float(draw.uniform(0.25, 0.7)) if vessel.kind == "artery" else 0.2,
            broadening=float(draw.uniform(0.02, 0.05)),
            gain_db=(spectral.gain - 50) * 0.5,
            seed=plan.seed,
        )
        self._gate = self._gate_of(vessel_id)

    def _gate_of(self, vessel_id: str) -> Gate:
        plan, spectral = self.plan, self.settings.spectral
        moment = self._course.at(0.0)
        number = next(k for k, lumen in enumerate(moment.body.lumens) if lumen.vessel.id == vessel_id)
        lumen = moment.body.lumens[number]
        x, z = (float(v[0]) for v in moment.body.after_vessels(np.array([lumen.x_mm]), np.array([lumen.z_mm])))
        lean = float(np.tan(np.radians(plan.steer_deg)))
        ends = [(x - lean * z, 0.0), (x + lean * (self.settings.depth_mm - z), self.settings.depth_mm)]
        flow = np.array([lumen.vessel.direction[0], lumen.vessel.direction[2]])
        flow = flow / max(float(np.hypot(*flow)), 1e-6)
        side = -1.0 if self.areas.mirrored else 1.0
        top, bottom = (self.projection.point(*end) for end in ends)
        gate_mm = spectral.gate_mm if spectral is not None else 1.0
        length = gate_mm / self.areas.mm_per_pixel[1]
        return Gate((top, bottom), self.projection.point(x, z), length, (side * float(flow[0]), float(flow[1])))

    def _trace(self, t_s: float) -> tuple[SpectrumTrace | None, Gate | None]:
        s, trace = self._spectrogram, self.areas.trace
        if s is None or trace is None:
            return None, None
        grey, cursor = s.at(t_s)
        column = None if cursor is None else trace[0] + cursor
        return (
            SpectrumTrace(grey, trace[1] + s.baseline_row, s.cm_s_per_pixel, s.s_per_pixel, column),
            self._gate,
        )
