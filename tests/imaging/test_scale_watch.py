"""A known scale is confirmed cheaply, a change is found to the frame, and a person's two points are kept honestly."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import numpy as np
import pytest

from devices.cv import cv2
from imaging import CannotTell, Picture
from imaging.scale import (
    Remembered,
    ScaleWatch,
    confirm,
    fingerprint,
    look,
    read_film,
    read_scale,
    recall,
    recall_all,
    remember,
    screen_print,
    two_point_scale,
)
from tests.imaging.drawn_films import frames_of, other_depth, readable
from workstation.cli import main


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_a_depth_change_is_found_to_the_frame(seed: int) -> None:
    one, two = other_depth(seed)
    frames = frames_of(one, 4, seed) + frames_of(two, 3, seed + 1)
    film = read_film([Picture(k, k / 20, frame) for k, frame in enumerate(frames)])
    assert film.frame == 0
    assert abs(film.first.scale.mm_per_pixel_y / one.mm_per_pixel[1] - 1) < 0.005
    assert [change.frame for change in film.changes] == [4]
    changed = film.changes[0].reading
    assert changed is not None
    assert abs(changed.scale.mm_per_pixel_y / two.mm_per_pixel[1] - 1) < 0.005


def test_a_known_ruler_is_confirmed_quickly_and_only_where_it_stands() -> None:
    one, two = other_depth(3)
    frames = frames_of(one, 4, 5)
    known = fingerprint(frames[0], read_scale(frames[0]))
    assert all(confirm(frame, known) for frame in frames)
    assert not confirm(frames_of(two, 1, 6)[0], known)
    assert not confirm(np.zeros_like(frames[0]), known)
    assert not confirm(frames[0][:-2], known)
    begin = time.process_time()
    for _ in range(20):
        confirm(frames[1], known)
    assert (time.process_time() - begin) / 20 < 0.02  # 5 ms on an idle core


def test_a_watch_drops_the_scale_in_the_frame_of_the_change() -> None:
    one, two = other_depth(11)
    watch = ScaleWatch()
    first, after = frames_of(one, 2, 1), frames_of(two, 1, 2)[0]
    assert not watch.look(first[0])
    assert watch.read(first[0]) is not None
    assert watch.look(first[1])
    assert not watch.look(after)
    assert watch.reading is None
    assert watch.read(np.zeros_like(after)) is None
    assert "ultrasound" in watch.reason


def test_two_points_carry_the_error_of_pointing() -> None:
    scale = two_point_scale((100, 100), (100, 300), 20.0, (0, 0, 400, 400))
    assert scale.mm_per_pixel_y == pytest.approx(0.1)
    assert scale.relative_uncertainty == pytest.approx(1.96 * math.sqrt(2) / 200)
    for wrong in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="distance"):
            two_point_scale((0, 0), (0, 100), wrong, (0, 0, 9, 9))
    for unseen in (1e-9, 1e4):
        with pytest.raises(ValueError, match="mm a pixel"):
            two_point_scale((0, 0), (0, 100), unseen, (0, 0, 9, 9))
    with pytest.raises(ValueError, match="apart"):
        two_point_scale((0, 0), (3, 3), 1.0, (0, 0, 9, 9))


def test_a_remembered_scale_is_used_on_its_own_screen_alone(tmp_path: Path) -> None:
    drawn = readable(20, labelled=False)
    size = (drawn.bgr.shape[1], drawn.bgr.shape[0])
    screen = screen_print(look(drawn.bgr), size)
    assert screen.tells
    remember(tmp_path, Remembered("mine", drawn.mm_per_pixel[1], 0.01, screen))
    known = recall_all(tmp_path)
    again = screen_print(look(frames_of(drawn, 1, 2)[0]), size)
    assert recall(known, again) == known[0]
    other = readable(300, labelled=False)
    assert recall(known, screen_print(look(other.bgr), (other.bgr.shape[1], other.bgr.shape[0]))) is None
    (tmp_path / "calibrations.json").write_text("{}")
    assert recall_all(tmp_path) == []


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONOFILL_STATE", str(tmp_path / "state"))
    drawn = readable(30)
    path = tmp_path / "screen.png"
    cv2.imwrite(str(path), drawn.bgr)
    assert main(["calibrate", str(path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["mm_per_pixel"] == pytest.approx(drawn.mm_per_pixel[1], rel=0.005)
    assert document["ci95"][0] < document["mm_per_pixel"] < document["ci95"][1]
    assert document["source"] == "screen-ruler"
    assert set(document["region"]) == {"x0", "y0", "x1", "y1"}
    assert "changes" not in document
    black = tmp_path / "black.png"
    cv2.imwrite(str(black), np.zeros((480, 640, 3), np.uint8))
    assert main(["calibrate", str(black), "--json"]) == 3
    assert set(json.loads(capsys.readouterr().out)) == {"reason"}
    assert main(["calibrate", str(black), "--points", "10,10,10,210", "--mm", "20", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["source"] == "two-point"
    assert main(["calibrate", str(black), "--points", "10,10", "--mm", "20"]) == 2
    assert main(["calibrate", str(black), "--points", "10,10,10,210"]) == 2


def test_the_command_remembers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONOFILL_STATE", str(tmp_path / "state"))
    drawn = next(d for d in (readable(seed, labelled=False) for seed in range(40, 90, 10)) if not d.notes["stated"])
    path = tmp_path / "screen.png"
    cv2.imwrite(str(path), drawn.bgr)
    assert main(["calibrate", str(path), "--json"]) == 3
    capsys.readouterr()
    x0, y0, _, y1 = drawn.box
    points = f"{x0 + 20},{y0 + 10},{x0 + 20},{y1 - 10}"
    length = (y1 - y0 - 20) * drawn.mm_per_pixel[1]
    assert (
        main(["calibrate", str(path), "--points", points, "--mm", f"{length}", "--remember", "my probe", "--json"]) == 0
    )
    capsys.readouterr()
    assert main(["calibrate", str(path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["source"] == "profile"
    assert document["mm_per_pixel"] == pytest.approx(drawn.mm_per_pixel[1], rel=0.001)


def test_a_film_that_never_tells_is_refused() -> None:
    with pytest.raises(CannotTell):
        read_film([Picture(k, 0.0, np.zeros((300, 400, 3), np.uint8)) for k in range(30)])
