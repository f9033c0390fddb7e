"""Capturing without a mouse: a foot switch, the camera's own button, and the keys F7, F8 and F9, which keyboard-like
pedals send. What a short, double and long press do is set; unless it is, they take a still, begin or end a clip, and save the
last seconds.

A still that was asked for by foot or by the camera's button is the picture of the moment of the press: what a short press
is, is known only when it can no longer become a double one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import QApplication, QShortcut

from devices.errors import DeviceError
from devices.pedal.foot_switch import FootSwitch
from devices.pedal.gestures import Gesture, GestureReader, Kind
from devices.pedal.port import ContactPedal, Pedal, SerialPedal, open_port
from devices.source import DeviceInfo
from workstation.live.pair import LivePair
from workstation.settings import Action, FootSwitchSettings, PressSettings
from workstation.window import MainWindow

_KEYS: tuple[tuple[Qt.Key, Kind], ...] = ((Qt.Key_F7, "short"), (Qt.Key_F8, "double"), (Qt.Key_F9, "long"))


class Button(Protocol):
    """What is needed of `devices.v4l2.camera_button.CameraButton`."""

    def close(self) -> None:
        """Listen no more."""


ButtonOpener = Callable[[DeviceInfo, Callable[[int], None]], Button | None]


def camera_button(info: DeviceInfo, pressed: Callable[[int], None]) -> Button | None:
    """The button of this camera; None where it has none. Raises DeviceDenied, DeviceLost."""
    if sys.platform != "linux" or info.kind not in ("uvc", "capture"):
        return None
    from devices.v4l2.camera_button import CameraButton, button_of  # Linux only

    return CameraButton(info, pressed) if button_of(info) is not None else None


def open_pedal(settings: FootSwitchSettings) -> Pedal:
    """The foot switch of the settings. Raises DeviceError."""
    port = open_port(settings.port, settings.baud)
    if settings.protocol != "contact":
        return SerialPedal(port, settings.protocol)
    try:
        return ContactPedal(port)
    except DeviceError:
        port.close()
        raise


class Hands(QObject):
    """Listens to all three from `begin` to `end`; the camera's button while its device is open."""

    _gesture = pyqtSignal(object)  # from the foot switch's thread
    _state = pyqtSignal(object)  # likewise: None or a DeviceError
    _button_pressed = pyqtSignal(object)  # from the button's thread: nanoseconds, more than Qt's int holds

    def __init__(
        self,
        live: LivePair,
        window: MainWindow,
        parent: QObject | None = None,
        *,
        open_button: ButtonOpener = camera_button,
    ) -> None:
        super().__init__(parent)
        self._live, self._window = live, window
        self._open_button = open_button
        self.may_capture: Callable[[], bool] = lambda: True  #: who is at the window says
        self._switch: FootSwitch | None = None
        self._listening_to: FootSwitchSettings | None = None
        self._presses = PressSettings()
        self.flashes, self.sounds = True, False  #: how a press is answered, beside the strip
        self._button: Button | None = None
        self._trouble = ""
        for key, kind in _KEYS:
            shortcut = QShortcut(key, window)
            shortcut.setAutoRepeat(False)  # a pedal that is held down is one press
            shortcut.activated.connect(lambda kind=kind: self._do(kind, None))
        for signal, slot in (
            (self._gesture, self._foot),
            (self._state, self._foot_state),
            (self._button_pressed, self._camera),
        ):
            signal.connect(slot, type=Qt.QueuedConnection)  # type: ignore[call-arg]
        live.first.opened.connect(self._device_opened)
        live.first.closed.connect(self._close_button)

    def use(self, foot_switch: FootSwitchSettings | None, presses: PressSettings) -> None:
        """From now on presses do this, and the foot switch is there; one that is not there yet is waited for."""
        self._presses = presses
        if foot_switch == self._listening_to:
            return
        self._listening_to = foot_switch
        self._stop_listening()
        if foot_switch is not None:
            at = foot_switch
            self._switch = FootSwitch(
                lambda: open_pedal(at),
                self._gesture.emit,
                self._state.emit,
                make_reader=lambda: GestureReader(at.long_s, at.double_s),
            )
            self._switch.start()

    def end(self) -> None:
        """Listen no more. Harmless twice."""
        self._stop_listening()
        self._close_button()

    def _stop_listening(self) -> None:
        switch, self._switch = self._switch, None
        if switch is not None:
            switch.close()

    def _foot(self, gesture: Gesture) -> None:
        if self._switch is not None:
            self._do(gesture.kind, gesture.timestamp_ns)

    def _camera(self, timestamp_ns: int) -> None:
        if self._button is not None:
            self._do("short", timestamp_ns)

    def _do(self, kind: Kind, at_ns: int | None) -> None:
        action: Action = getattr(self._presses, kind)
        device = self._live.focus
        if not self.may_capture():
            self._say("Nobody is signed in who takes pictures: nothing was taken")
        elif not device.running:
            self._say("No device is open: nothing was taken")
        elif action == "still":
            device.still(at_ns)
            self._say("Still")
        elif action == "clip":
            device.clip(not device.clipping)
            self._say("Clip begun" if device.clipping else "Clip ended")
        elif action == "freeze":
            self._say("Frozen" if self._live.freeze() else "Live")
        elif action == "last":
            seconds = self._window.live_panel.seconds.value()
            device.save_last(seconds)
            self._say(f"Last {seconds} s")

    def _say(self, text: str) -> None:
        """In a few words what was just done by foot or key: on the picture for a moment, and in the strip."""
        if self.flashes:
            self._live.flash(text)
        if self.sounds:
            QApplication.beep()
        self._window.strip.tell(text)

    def _foot_state(self, error: DeviceError | None) -> None:
        if self._switch is None:
            return
        if error is None:
            if self._trouble:
                self._window.take_back(self._trouble)
            self._trouble = ""
            self._window.tell("The foot switch is ready.")
        else:
            self._trouble = str(error)
            self._window.tell(self._trouble, trouble=True)

    def _device_opened(self, info: DeviceInfo) -> None:
        self._close_button()
        try:
            self._button = self._open_button(info, self._button_pressed.emit)
        except DeviceError as error:  # the picture is there: the button is the lesser thing
            self._window.tell(str(error))

    def _close_button(self) -> None:
        button, self._button = self._button, None
        if button is not None:
            button.close()
