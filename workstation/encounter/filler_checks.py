"""Filler held against shadow and anisotropy, in the record of the encounter (S22). No Qt."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from procedure import Encounter
from procedure.artefacts import FillerCheck


def check_of(record: Encounter, tracking_uid: str) -> FillerCheck | None:
    """The last check of the filler with this tracking UID; None where nobody made one."""
    return next((check for check in reversed(record.filler_checks) if check.tracking_uid == tracking_uid), None)


def with_check(record: Encounter, tracking_uid: str, by: str, at: datetime, **answers: Any) -> Encounter:
    """The record with these answers of the filler's check; the other answers of its check stay."""
    known = check_of(record, tracking_uid)
    if known is None:
        return record.with_added(filler_checks=FillerCheck(tracking_uid=tracking_uid, at=at, by=by, **answers))
    told = replace(known, at=at, by=by, **answers)
    return replace(record, filler_checks=tuple(told if check is known else check for check in record.filler_checks))
