"""The player: frames of a reel on the canvas, by slider and at their true speed."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from annotation import History
from annotation.canvas.board import Board
from devices.errors import UnreadableFile
from imaging.scale import Scale
from tests.gui.waiting import until
from workstation.reels import Pixels
from workstation.review.player import Player
from workstation.work import Work

pytestmark = pytest.mark.window


class Greys:
    """Frames of rising grey, each taking a while to read; every fifth frame is late, and one may be broken."""

    scale: Scale | None = None

    def __init__(self, count: int, slow_s: float = 0.0, broken: int = -1) -> None:
        self.timestamps_s = tuple(n * 0.05 + (0.02 if n % 5 == 4 else 0) for n in range(count))
        self.slow_s, self.broken = slow_s, broken
        self.read: list[int] = []

    def place(self, index: int) -> tuple[str, int]:
        return "1.2.3", index

    def frame(self, index: int) -> Pixels:
        self.read.append(index)
        time.sleep(self.slow_s)
        if index == self.broken:
            raise UnreadableFile("That frame is damaged.")
        return np.full((90, 160), index, np.uint8)


@pytest.fixture
def player(app: QApplication) -> Iterator[Player]:
    work = Work(threads=2)
    made = Player(Board(History(), "AB"), work)
    made.resize(480, 360)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    yield made
    made.stop()
    work.close()
    made.canvas.release()
    made.close()
    made.deleteLater()


def shown(player: Player) -> int:
    picture = player.canvas.picture
    return picture.pixelColor(5, 5).red() if picture is not None else -1


def test_the_first_frame_is_shown_and_the_slider_turns_to_others(player: Player) -> None:
    player.show_reel(Greys(30))
    until(lambda: shown(player) == 0)
    player.slider.setValue(17)
    until(lambda: shown(player) == 17)
    assert (player.canvas.board.image, player.canvas.board.frame) == ("1.2.3", 17)
    assert player.where.text().startswith("18 of 30")


def test_a_fast_slider_leaves_frames_out_and_ends_on_the_last(player: Player) -> None:
    reel = Greys(60, slow_s=0.02)
    player.show_reel(reel)
    until(lambda: shown(player) == 0)
    for index in range(1, 60):
        player.slider.setValue(index)
    until(lambda: shown(player) == 59)
    assert len(reel.read) <= 4


def test_it_plays_at_the_speed_at_which_it_was_taken(player: Player) -> None:
    reel = Greys(21)
    player.show_reel(reel)
    until(lambda: shown(player) == 0)
    begun = time.monotonic()
    player.play.click()
    until(lambda: not player.play.isChecked())
    took = time.monotonic() - begun
    until(lambda: shown(player) == 20)
    assert took == pytest.approx(reel.timestamps_s[-1], abs=0.25)


def test_a_slow_reel_keeps_its_speed_by_leaving_frames_out(player: Player) -> None:
    reel = Greys(21, slow_s=0.12)
    player.show_reel(reel)
    until(lambda: shown(player) == 0)
    begun = time.monotonic()
    player.play.click()
    until(lambda: not player.play.isChecked())
    assert time.monotonic() - begun == pytest.approx(reel.timestamps_s[-1], abs=0.3)
    until(lambda: shown(player) == 20)
    assert len(reel.read) < 15


def test_a_late_frame_of_another_reel_is_not_shown(player: Player) -> None:
    player.show_reel(Greys(200, slow_s=0.15))
    player.slider.setValue(150)
    player.show_reel(Greys(5))
    until(lambda: shown(player) == 0)
    QTest.qWait(400)
    assert shown(player) == 0 and player.slider.maximum() == 4


def test_a_damaged_frame_is_said_and_the_others_can_be_seen(player: Player) -> None:
    said: list[str] = []
    player._work.failed.connect(said.append)
    player.show_reel(Greys(10, broken=4))
    until(lambda: shown(player) == 0)
    player.slider.setValue(4)
    until(lambda: said)
    player.slider.setValue(5)
    until(lambda: shown(player) == 5)
    assert said == ["That frame is damaged."]


def test_a_still_has_nothing_to_play(player: Player) -> None:
    player.show_reel(Greys(1))
    until(lambda: shown(player) == 0)
    assert not player.play.isEnabled() and not player.slider.isEnabled()


def test_hiding_stops_playing(player: Player) -> None:
    player.show_reel(Greys(100))
    until(lambda: shown(player) == 0)
    player.play.click()
    player.hide()
    assert not player.play.isChecked()
