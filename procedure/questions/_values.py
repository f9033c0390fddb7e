"""Impossible or unlikely values: each number against the range in which such a number can be.

The ranges are wide: they are there for slips of a key (a dose of 15 000 000 IU, a depth of -3 mm), not to judge a treatment.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from procedure.encounter import Encounter
from procedure.questions._question import Question
from procedure.walk import leaves

#: Field name: lowest and highest value that is not asked about, and the unit in words. Our own choice unless noted.
RANGES: Final[dict[str, tuple[float, float, str]]] = {
    "frequency_mhz": (1, 70, "MHz"),
    "focus_mm": (0, 100, "mm"),
    "dynamic_range_db": (10, 200, "dB"),
    "power_percent": (0, 100, "%"),
    "mechanical_index": (0, 1.9, ""),  # the device's limit, source S61
    "thermal_index": (0, 6, ""),  # the same
    "thermal_index_soft_tissue": (0, 6, ""),
    "thermal_index_bone": (0, 6, ""),
    "thermal_index_cranial": (0, 6, ""),
    "prf_hz": (100, 20_000, "Hz"),
    "wall_filter_hz": (0, 2_000, "Hz"),
    "colour_scale_cm_s": (0.5, 200, "cm/s"),
    "depth_mm": (0, 100, "mm"),
    "diameter_mm": (0.05, 15, "mm"),
    "thickness_mm": (0.02, 60, "mm"),
    "least_percent": (0, 100, "%"),
    "peak_systolic_velocity_cm_s": (0, 250, "cm/s"),
    "end_diastolic_velocity_cm_s": (-100, 200, "cm/s"),
    "resistance_index": (0, 1.5, ""),
    "heart_rate_per_min": (25, 250, "per minute"),
    "volume_ml": (0.001, 20, "mL"),
    "pack_volume_ml": (0.05, 50, "mL"),
    "ha_mg_ml": (1, 60, "mg/mL"),
    "lidocaine_mg_ml": (0, 50, "mg/mL"),
    "g_prime_pa": (0, 5_000, "Pa"),
    "g_double_prime_pa": (0, 5_000, "Pa"),
    "tan_delta": (0, 5, ""),
    "gauge": (14, 34, "gauge"),
    "length_mm": (2, 120, "mm"),
    "outer_diameter_mm": (0.1, 2.5, "mm"),
    "refill_s": (0, 60, "s"),
    "pain_0_10": (0, 10, "of 10"),
    "aspiration_s": (0, 120, "s"),
    "dose_iu": (1, 20_000, "IU"),
    "hyaluronidase_iu": (0, 100_000, "IU"),
    "seconds": (0, 7_200, "s"),
    "doppler_seconds": (0, 7_200, "s"),
    "clock_angle_deg": (0, 360, "degrees"),
    "frames": (1, 1_000_000, "frames"),
    "frame": (0, 1_000_000, ""),
    "largest_frame": (0, 1_000_000, ""),
    "smallest_frame": (0, 1_000_000, ""),
    "tip_frames": (0, 1_000_000, "frames"),
    "tip_unseen_frames": (0, 1_000_000, "frames"),
    "uncertainty": (0, 1_000, ""),
    "test_hz": (0.001, 1_000, "Hz"),
    "test_temperature_c": (0, 60, "degrees Celsius"),
}
OLDEST_YEARS: Final = 120


def asked(encounter: Encounter, today: date) -> Iterator[Question]:
    """Questions about the values by themselves."""
    yield from _numbers(encounter)
    yield from _birth(encounter)
    yield from _expiry(encounter, today)
    for place, injection in enumerate(encounter.injections):
        looked, unseen = injection.tip_frames, injection.tip_unseen_frames
        if looked is not None and unseen is not None and unseen > looked:
            where = f"injections[{place}].tip_unseen_frames"
            yield Question("frames-unseen", where, f"Was the tip unseen in {unseen} of {looked} frames?")


def _numbers(encounter: Encounter) -> Iterator[Question]:
    for where, field, value in leaves(encounter):
        if isinstance(value, int | float) and not isinstance(value, bool):
            names = where.split(".")
            yield from _number(names[-2] if field.name == "value" else field.name, value, where)


def _number(name: str, value: float, where: str) -> Iterator[Question]:
    if name not in RANGES:
        return
    low, high, unit = RANGES[name]
    if not low <= value <= high:
        told = f"{value:.10g} {unit}".strip()
        text = f"Is {told} right? Such a value lies from {low:g} to {high:g}."
        yield Question(f"value-{name.replace('_', '-')}", where, text)


def _birth(encounter: Encounter) -> Iterator[Question]:
    born = encounter.patient.birth_date
    if born is None:
        return
    started = encounter.started_at.date()
    years = started.year - born.year - ((started.month, started.day) < (born.month, born.day))
    if not 0 <= years <= OLDEST_YEARS:
        text = "Is the date of birth right? The age would not be one of a person."
        yield Question("birth-date", "patient.birth_date", text)
    elif years < 18:
        yield Question("under-age", "patient.birth_date", f"The patient is {years} years old: is that right?")


def _expiry(encounter: Encounter, today: date) -> Iterator[Question]:
    """An expired pack is a question, not a block."""
    used = {injection.product_id: injection.at.date() for injection in encounter.injections}
    for place, product in enumerate(encounter.products):
        day = used.get(product.product_id, today)
        if product.expiry is not None and product.expiry < day:
            where = f"products[{place}].expiry"
            yield Question(
                "expired", where, f"The pack expired on {product.expiry.isoformat()}: was it used all the same?"
            )
    kit = encounter.kit
    if kit is not None and kit.hyaluronidase_expiry is not None and kit.hyaluronidase_expiry < kit.at.date():
        text = f"The kit's hyaluronidase expired on {kit.hyaluronidase_expiry.isoformat()}: is that right?"
        yield Question("expired", "kit.hyaluronidase_expiry", text)
    for place, event in enumerate(encounter.complications):
        for number, dose in enumerate(event.doses):
            if dose.expiry is not None and dose.expiry < dose.at.date():
                where = f"complications[{place}].doses[{number}].expiry"
                yield Question(
                    "expired", where, f"The vial expired on {dose.expiry.isoformat()}: was it used all the same?"
                )
