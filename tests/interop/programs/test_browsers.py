"""What the viewers of the web make of each object: dwv and Cornerstone in Chromium, in the versions of a lock file."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.measuring import work_folder
from benchmarks.players import browser
from devices.cv import cv2
from tests.interop.programs.drawing import apart
from tests.interop.programs.material import FRAMES, LEFT, PATIENT, RIGHT, TIMES_S, Study
from tests.interop.programs.pictures import same_pictures
from tests.interop.programs.table import Told
from tests.interop.programs.test_tools import PICTURES

OTHERS = ("segmentation", "presentation state", "selection", "rejection note", "record", "PDF")
Table = Callable[[str, str], Told]
Ask = Callable[[str, Sequence[Mapping[str, object]]], list[Any]]
NO_FRAME = (
    "dwv looks for the frame number outside the Referenced SOP Sequence, where the standard has it: no label of a clip is "
    "shown, on any frame. A program built on dwv that hands it the numbers shows each on its frame, where ours is (tested). "
    "The copies with labels show them in any case"
)
NO_MASK = (
    "dwv refuses it beside its clip: it lays masks by the pictures' places in space, which a free hand's ultrasound "
    "has not"
)
TAGS_ALONE = "its tags are read, and nothing of it is shown"
NO_REGIONS = (
    "dwv reads no ultrasound regions: its own ruler tells pixels. The millimetres in the labels' words are ours"
)


@pytest.fixture(scope="module")
def ask(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """`ask(page, questions)`: what a page answers to each question about the study's pictures."""
    if browser.chromium() is None or shutil.which("npm") is None:
        pytest.skip("chromium or npm is not here: apt-get install chromium nodejs npm")
    try:
        site = browser.build(work_folder() / "players")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"npm could not fetch the viewers, or they could not be bundled ({error}): is the network there?")

    def answers(page: str, questions: Sequence[Mapping[str, object]]) -> list[Any]:
        asked = [{"frames": FRAMES if each["picture"] == "clip" else 1, **each} for each in questions]
        return browser.ask(site, page, study.files, asked, tmp_path_factory.mktemp(page))

    return answers


def lasts_as_long(lasted_s: float) -> bool:
    """Whether a round of the loop is the clip's, on a machine that others use too: at a fixed rate it is 0.8 s or 2.4 s."""
    return abs(lasted_s - (TIMES_S[-1] + 1 / 30)) < 0.25


def _picture(url: str) -> NDArray[np.uint8]:
    """A canvas as it was told, (rows, columns, 3 or 4)."""
    data = np.frombuffer(base64.b64decode(url.partition(",")[2]), np.uint8)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), np.uint8)


def _at_size(picture: NDArray[np.uint8], like: Path) -> NDArray[np.uint8]:
    """A picture as shown, brought to its own size: dwv enlarges it by whole pixels, without smoothing."""
    from pydicom import dcmread

    header = dcmread(like, stop_before_pixels=True)
    return np.asarray(cv2.resize(picture[..., :3], (header.Columns, header.Rows), interpolation=cv2.INTER_NEAREST))


@pytest.mark.requirement("S20")
def test_dwv_draws_the_labels_where_ours_are(table: Table, study: Study, ask: Ask) -> None:
    told = table("dwv", browser.version_of("dwv-newest"))
    questions = [
        {"picture": thing, "report": "report" if thing in ("still", "clip") else None, "play": thing == "clip"}
        for thing in PICTURES
    ]
    handed = [f.frame if f.image == study.clip else None for f in study.labels]
    further = [{"picture": thing, "other": True, "beside": "clip"} for thing in OTHERS]
    with_frames, *answers = ask(
        "dwv_study", [{"picture": "clip", "report": "report", "hand_frames": handed}, *questions, *further]
    )
    for thing, answer in zip(OTHERS, answers[len(PICTURES) :], strict=True):
        if thing == "segmentation":
            assert "non image position" in answer["error"]
            told.saw(thing, "opens", "error" not in answer, NO_MASK)
            continue
        told.saw(thing, "opens", answer["shows"], TAGS_ALONE)
        told.saw(thing, "text", answer["patient"] == PATIENT)
    del answers[len(PICTURES) :]
    for thing, answer in zip(PICTURES, answers, strict=True):
        path = study.files[thing]
        told.saw(
            thing, "opens", same_pictures(path, (_at_size(_picture(f["picture"]), path) for f in answer["frames"]))
        )
        told.saw(thing, "text", answer["patient"] == PATIENT)
    still, clip = answers[PICTURES.index("still")], answers[PICTURES.index("clip")]
    labels = still["labels"]
    told.saw("report", "opens", [one["uid"] for one in labels] == [f.tracking_uid for f in study.labels])
    told.saw("report", "text", all(f.name in one["text"] for f, one in zip(study.labels, labels, strict=True)))
    told.saw("report", "places", apart(_picture(still["frames"][0]["shapes"]), study.on("still")) <= 2)
    ruler = next(one for one in labels if one["name"] == "skin to artery")["quantification"]["length"]
    told.saw("still", "length", ruler["unit"] == "unit.mm", NO_REGIONS)
    told.saw("clip", "time", lasts_as_long(clip["lasts_s"]), "dwv plays each clip at ten frames a second")
    right = [np.any(_picture(frame["shapes"])) == bool(study.on("clip", n)) for n, frame in enumerate(clip["frames"])]
    told.saw("report", "labels", all(right), NO_FRAME)
    for number, frame in enumerate(with_frames["frames"]):
        shapes, ours = _picture(frame["shapes"]), study.on("clip", number)
        assert np.any(shapes) == bool(ours), f"frame {number}"
        assert not ours or apart(shapes, ours) <= 2, f"frame {number}"


@pytest.mark.requirement("S20")
def test_cornerstone_measures_our_millimetres(table: Table, study: Study, ask: Ask) -> None:
    told = table("Cornerstone", browser.version_of("@cornerstonejs/core"))
    distance = next(f for f in study.on("still") if f.kind == "distance")
    ours = [(distance.shape.points, distance.measurements[0].value)]
    halves = [
        (((20, 40), (120, 160)), LEFT.mm_per_pixel_x * float(np.hypot(100, 120))),
        (((200, 40), (300, 160)), RIGHT.mm_per_pixel_x * float(np.hypot(100, 120))),
    ]
    lines = {thing: halves if thing == "split screen" else ours for thing in PICTURES}
    lines["photograph"] = []
    questions = [
        {"picture": thing, "lines": [line for line, _ in lines[thing]], "play": thing == "clip"} for thing in PICTURES
    ]
    further = [{"picture": thing, "other": True} for thing in (*OTHERS, "report")]
    answers = ask("cornerstone_study", [*questions, *further])
    for each, answer in zip(further, answers[len(PICTURES) :], strict=True):
        told.saw(str(each["picture"]), "opens", answer["shows"], TAGS_ALONE)
    for thing, answer in zip(PICTURES, answers[: len(PICTURES)], strict=True):
        told.saw(thing, "opens", same_pictures(study.files[thing], (_picture(f)[..., :3] for f in answer["frames"])))
        told.saw(thing, "text", answer["patient"] == PATIENT, "its tag reader takes each byte for a letter")
        if thing == "photograph":
            continue  # it has no scale, and nobody gives it one
        assert {each["unit"] for each in answer["lengths"]} == {"cm US Region"}
        mm = [10 * each["length"] for each in answer["lengths"]]
        told.saw(thing, "length", np.allclose(mm, [value for _, value in lines[thing]], atol=1e-3))
        if thing == "clip":
            told.saw(thing, "time", lasts_as_long(answer["lasts_s"]))
