"""What photographing does: opens a camera, holds the picture that was taken, and keeps it in the study in hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PyQt5.QtCore import QObject, pyqtSignal

from devices.registry import DriverRegistry
from devices.source import DeviceInfo
from dicom_io.picture.photograph import View
from procedure.consent import ConsentKind
from procedure.images import ImageKind, KeptImage
from workstation.desk import Desk
from workstation.live.pump import Pump
from workstation.other_cameras import other_cameras
from workstation.photographing.camera import Camera
from workstation.photographing.dialog import VIEWS, PhotographDialog
from workstation.photographing.storing import Shot, keep, last_pose
from workstation.reels import Pixels
from workstation.studies.photographs import KeptPhotograph
from workstation.window import MainWindow
from workstation.work import Work

_NO_CONSENT = "Consent to photographs is not recorded yet."
_NO_CAMERA = "No camera is there besides the probe: plug one in, then open this again."


class PhotographControl(QObject):
    """One dialogue at a time, over the window; the probe is recorded meanwhile."""

    kept = pyqtSignal()  #: a photograph is in the archive and in the record

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        work: Work,
        registry: Callable[[], DriverRegistry],
        open_devices: Callable[[], frozenset[str]],
        parent: QObject | None = None,
    ) -> None:
        """`open_devices` are the ids of the devices that are being recorded."""
        super().__init__(parent)
        self._window, self._desk, self._work = window, desk, work
        self._registry, self._open_devices = registry, open_devices
        self.dialog: PhotographDialog | None = None
        self._camera: Camera | None = None
        self._pump: Pump | None = None
        self._view = View.FRONT
        self._shot: Shot | None = None
        self._poses: dict[View, Pixels] = {}  # those of the archive, as far as they were read

    def begin(self) -> None:
        """Open the dialogue; first it has to be told whose face it is."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        if not self._desk.has_patient:
            self._window.show_page("patient")
            self._window.visit_form.patient_id.setFocus()
            self._window.tell("Whose face is it? Enter the patient id, then photograph.", undone=True)
            return
        visit = self._desk.study.visit
        told = any(consent.kind is ConsentKind.PHOTOGRAPHS for consent in self._desk.encounter.record.consents)
        whose = f"{visit.patient_id}   ·   {visit.phase.value}"
        self.dialog = dialog = PhotographDialog(whose, "" if told else _NO_CONSENT, self._window)
        dialog.camera_wanted.connect(self._open)
        dialog.view_wanted.connect(lambda view: self.turn_to(View(view)))
        dialog.take_wanted.connect(self.take)
        dialog.again_wanted.connect(self.again)
        dialog.keep_wanted.connect(self.keep)
        dialog.finished.connect(lambda _code: self.end())
        dialog.open()
        self._poses.clear()
        self.turn_to(self._view)
        self._work.ask("cameras", "Looking for cameras", lambda: self._registry().discover(), self._show_cameras)

    def turn_to(self, view: View) -> None:
        """The face is to be seen from there."""
        self._view = view
        dialog = self.dialog
        if dialog is None:
            return
        dialog.show_view(view)
        self._show_pose()
        root, patient = self._desk.archive_root, self._desk.study.visit.patient_id

        def came(pose: Pixels | None) -> None:
            if pose is not None and self.dialog is dialog:
                self._poses.setdefault(view, pose)
                self._show_pose()

        if view not in self._poses:
            self._work.ask(f"pose {view}", "", lambda: last_pose(root, patient, view), came)

    def take(self) -> None:
        """Hold the picture that is on the screen."""
        if self.dialog is None or self._camera is None or self.dialog.picture.frame is None:
            return
        self.dialog.picture.freeze(True)
        self._shot = Shot(self.dialog.picture.frame, datetime.now().astimezone(), self._camera.info)
        self.dialog.show_taken(True)

    def again(self) -> None:
        """The picture that is held is not wanted."""
        self._shot = None
        if self.dialog is not None:
            self.dialog.picture.freeze(False)
            self.dialog.show_taken(False)

    def keep(self) -> None:
        """Store the picture that is held; a second press meanwhile is the same wish."""
        shot, self._shot = self._shot, None
        if shot is None:
            return
        root, visit, view, encounter = self._desk.archive_root, self._desk.study.visit, self._view, self._desk.encounter
        phase = visit.phase

        def stored(done: KeptPhotograph) -> None:
            if encounter is not self._desk.encounter:
                return  # another study is in hand; the photograph is in the one that it was taken for
            self._desk.stored = True  # under this patient, who stays
            if not any(image.image_uid == done.sop_instance_uid for image in encounter.record.images):
                image = KeptImage(
                    image_uid=done.sop_instance_uid,
                    kind=ImageKind.PHOTOGRAPH,
                    at=shot.at.replace(microsecond=0),
                    by=encounter.by,
                    phase=phase,
                    place=VIEWS[view].lower(),
                )
                encounter.add(f"Photograph: {VIEWS[view].lower()}", images=image)
            self.kept.emit()
            self.again()
            if self.dialog is not None:
                self.dialog.tell(f"Kept: {VIEWS[view].lower()}.")

        def failed(sentence: str) -> None:
            self._shot = shot
            if self.dialog is not None:
                self.dialog.tell(f"Not kept: {sentence}")
            else:
                self._window.tell(f"The photograph was not kept: {sentence}", trouble=True)

        self._work.ask("photograph", "Keeping the photograph", lambda: keep(root, shot, view, visit), stored, failed)

    def end(self) -> None:
        """Close the dialogue and give the camera back. Harmless where none is open."""
        dialog, self.dialog = self.dialog, None
        self._shot = None
        self._put_camera_away()
        if dialog is not None:
            dialog.picture.watch_nothing("")
            dialog.blockSignals(True)
            dialog.close()
            dialog.deleteLater()

    def _show_cameras(self, found: Sequence[DeviceInfo]) -> None:
        if self.dialog is None:
            return
        cameras = other_cameras(found, self._open_devices())
        self.dialog.show_cameras(cameras)
        if cameras:
            self._open(cameras[0].id)
        else:
            self.dialog.picture.watch_nothing(_NO_CAMERA)

    def _open(self, device_id: str) -> None:
        self.again()
        self._put_camera_away()
        dialog = self.dialog
        if dialog is None:
            return
        dialog.show_taken(False, can_take=False)
        dialog.picture.watch_nothing("Opening the camera…")

        def opened() -> Camera:
            camera = Camera(self._registry().open(device_id))
            camera.start()
            return camera

        def came(camera: Camera) -> None:
            if self.dialog is not dialog:  # closed meanwhile
                self._work.ask("camera put away", "", camera.end, lambda _none: None)
                return
            self._camera, self._pump = camera, Pump(camera, self)
            dialog.picture.watch(self._pump, simulated=False)
            self._pump.start()
            dialog.show_taken(False)

        self._work.ask("camera", "Opening the camera", opened, came, dialog.picture.watch_nothing)

    def _put_camera_away(self) -> None:
        camera, pump = self._camera, self._pump
        self._camera = self._pump = None
        if camera is None or pump is None:
            return

        def away() -> None:
            pump.end()
            camera.end()

        self._work.ask("camera put away", "", away, lambda _none: None)

    def _show_pose(self) -> None:
        if self.dialog is not None:
            pose = self._poses.get(self._view)
            self.dialog.picture.show_ghost(pose)
            self.dialog.show_pose(pose is not None)
