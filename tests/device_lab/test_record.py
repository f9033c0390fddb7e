"""`sonofill record` on the kernel's uvcvideo driver: every frame that arrived is saved, the rest is counted."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.device_lab.camera.schedule import numbers
from tests.device_lab.conftest import Results

pytestmark = [pytest.mark.requirement("C1"), pytest.mark.requirement("N10")]


def saved(result: dict[str, Any]) -> list[int]:
    """The numbers of the saved pictures, all objects in the order of saving."""
    return [number for found in result["objects"] for number in numbers(found)]


def check_accounts(result: dict[str, Any]) -> dict[str, Any]:
    """What holds for every recording: status, sums, an archive that verifies, no picture twice, none out of order."""
    told: dict[str, Any] = result["told"]
    assert result["status"] == 0, result["stderr"]
    assert result["verified"]
    assert told["frames_arrived"] == told["frames_saved"] + told["frames_corrupt"]
    found = saved(result)
    assert len(found) == told["frames_saved"]
    assert found == sorted(set(found)), result["objects"]
    return told


@pytest.mark.requirement("N3")
def test_1080p_saves_every_frame_that_arrived(lab: Results) -> None:
    result = lab["record_1080p"]
    told = check_accounts(result)
    assert told["frames_saved"] >= 30
    found = saved(result)
    missing = sorted(set(range(found[0], found[-1] + 1)) - set(found))
    # What is not there was never sent, or is told as lost on the way: none is missing unseen.
    sent = set(numbers(result["camera"]["sent"]))
    assert len([number for number in missing if number in sent]) == told["frames_lost"]


def test_holes_and_corrupt_frames_are_told(lab: Results) -> None:
    result = lab["record_holes"]
    told = check_accounts(result)
    found = saved(result)
    first, last = found[0], found[-1]
    corrupt = [n for n in numbers(result["camera"]["corrupted"]) if first < n < last]
    assert (
        told["frames_corrupt"] == len(corrupt) or abs(told["frames_corrupt"] - len(corrupt)) <= 1
    )  # one at either end
    never_sent = {
        n for n in numbers(result["camera"]["dropped"]) + numbers(result["camera"]["skipped"]) if first < n < last
    }
    holes = [gap for gap in told["gaps"] if gap["kind"] == "time"]
    true_places = {max((f for f in found if f < n), default=-1) for n in never_sent}
    told_places = {found[gap["after_frame"]] for gap in holes}
    recall = len(true_places & told_places) / len(true_places)
    false_alarms = len(told_places - true_places) / len(found)
    assert recall >= 0.9 and false_alarms <= 0.02, (recall, false_alarms, sorted(true_places ^ told_places))


def test_no_false_alarms(lab: Results) -> None:
    result = lab["record_1080p"]
    told = check_accounts(result)
    assert told["frames_corrupt"] == 0
    found = saved(result)
    true_places = {a for a, b in pairwise(found) if b != a + 1}
    alarms = {found[gap["after_frame"]] for gap in told["gaps"] if gap["kind"] in ("time", "sequence")}
    assert len(alarms - true_places) <= 0.02 * len(found)


def test_twenty_unplugs_lose_nothing_that_arrived(lab: Results) -> None:
    result = lab["record_unplugged_twenty_times"]
    told = check_accounts(result)
    unplugged = [gap for gap in told["gaps"] if gap["kind"] == "unplugged"]
    assert len(result["objects"]) == 21 and len(unplugged) == 20
    assert told["frames_lost"] == sum(gap["missing"] for gap in told["gaps"] if gap["kind"] == "sequence")


def test_pulled_for_good_saves_what_came(lab: Results) -> None:
    result = lab["record_pulled_for_good"]
    told = check_accounts(result)
    assert told["ended"] == "device-lost" and told["frames_saved"] > 10


def test_yuyv_is_stored_without_loss(lab: Results) -> None:
    told = check_accounts(lab["record_yuyv"])
    assert told["frames_saved"] == told["frames_arrived"] >= 10


def test_two_cameras_at_once(lab: Results) -> None:
    result = lab["record_two_cameras"]
    assert len(set(result["devices"])) == 2
    for each in result["recordings"]:
        assert check_accounts(each)["frames_saved"] >= 20
