"""What can go wrong between the program and the standard, as one tree.

    DicomError
    ├── NotEncodable          these frames cannot become a DICOM object
    │   ├── WrongPicture      the bytes are not a picture of the stream's size and kind
    │   ├── FramesUnreadable  the recording's file is gone or cannot be read
    │   ├── ScratchFailed     the folder for what is encoded anew cannot be written
    │   └── WrongScale        a calibrated area that does not lie in the picture
    ├── NotReportable         this document cannot become a report
    ├── CannotOpen            the file is not there, or may not be read
    ├── NotDicom              the file is not a DICOM file, or a damaged one
    ├── NotUltrasound         a DICOM file of another kind
    ├── UnreadablePixels      the picture inside cannot be found or decoded
    ├── NoSuchFrame           the object has fewer frames
    ├── NotAPhotograph        a DICOM file that is no photograph
    ├── NotADocument          a DICOM file that holds no PDF
    ├── NotAReport            a DICOM file that is not a report of this program's kind
    ├── NotASegmentation      a DICOM file that holds no areas which this program can read
    ├── NotAPresentation      a DICOM file that draws no shapes which this program can read
    ├── NotASelection         a DICOM file that is no key object selection
    ├── NotReidentifiable     an object that cannot be made again under another patient
    ├── NotDeidentifiable     an object that cannot be made to tell of nobody
    ├── KeyUnusable           the key of the pseudonyms is not to be had
    ├── EncounterUnreadable   the record of an encounter, but damaged or of a form that is not known here
    └── NetworkError          a server cannot be asked, or does not do what it is asked
        ├── BadAddress        this is no server's address
        ├── BadCertificate    our certificate, its key, or what we trust cannot be used
        ├── Unreachable       nobody answers there
        ├── NotSecure         no secure connection comes about: a certificate is not trusted, or no TLS is spoken
        ├── NotLetIn          the server answers and does not take the association
        ├── NotAccepted       it takes the association, but not this kind of object or this transfer syntax
        ├── ConnectionLost    the connection broke, or the server ended it
        ├── NoAnswer          the server keeps silent
        ├── WrongAnswer       what the server sends is not DICOM, or not an answer to this
        └── Refused           the server answers that it cannot or will not; the status says why

Each message is one sentence for a person: what, where, and what to do.
"""

from __future__ import annotations


class DicomError(Exception):
    """The base of all that can go wrong here."""


class NotEncodable(DicomError):
    """Frames that cannot become a DICOM object."""


class WrongPicture(NotEncodable):
    """A frame whose bytes are not a picture of the size and kind that its stream tells."""


class FramesUnreadable(NotEncodable):
    """The recording's file is gone or cannot be read."""


class ScratchFailed(NotEncodable):
    """The folder for pictures that are encoded anew cannot be written: full, or not allowed."""


class WrongScale(NotEncodable):
    """A calibrated area that reaches beyond the picture."""


class NotReportable(DicomError):
    """A document that cannot become a report: it names no picture, or one that is not in the study."""


class CannotOpen(DicomError):
    """The file is not there, or may not be read."""


class NotDicom(DicomError):
    """The file is not a DICOM file, or it ends before its header does."""


class NotUltrasound(DicomError):
    """A DICOM file that holds no ultrasound picture."""


class UnreadablePixels(DicomError):
    """The file's header is sound; its picture cannot be found or decoded."""


class NoSuchFrame(DicomError):
    """A frame number outside the object."""


class NotAPhotograph(DicomError):
    """A DICOM file that is no VL Photographic Image."""


class NotAReport(DicomError):
    """A DICOM file that is not a report which this program can read back."""


class NotASegmentation(DicomError):
    """A DICOM file that is no binary segmentation, or one whose frames do not tell their pictures."""


class NotAPresentation(DicomError):
    """A DICOM file that is no colour presentation state, or one with shapes that labels have not."""


class NotASelection(DicomError):
    """A DICOM file that is no key object selection."""


class NotReidentifiable(DicomError):
    """An object that cannot be made again under another patient: it stays as it is."""


class NotDeidentifiable(DicomError):
    """An object that cannot be made to tell of nobody: it is left out."""


class KeyUnusable(DicomError):
    """The file with the key of the pseudonyms cannot be made or read, or holds none."""


class NotADocument(DicomError):
    """A DICOM file that holds no PDF."""


class EncounterUnreadable(DicomError):
    """A file says that it is the record of an encounter, and cannot be read as one."""


class NetworkError(DicomError):
    """A server that cannot be asked, or that does not do what it is asked."""


class BadAddress(NetworkError):
    """A text that is no address of a server."""


class BadCertificate(NetworkError):
    """A file of certificates or a key that cannot be used."""


class NotSecure(NetworkError):
    """No secure connection comes about: the other side's certificate or ours is not trusted, or no TLS is spoken."""


class Unreachable(NetworkError):
    """Nobody answers at the server's address."""


class NotLetIn(NetworkError):
    """The server rejects the association. `passing` is true where it says that this may change by itself."""

    def __init__(self, message: str, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class NotAccepted(NetworkError):
    """The server takes no object of this SOP class in this transfer syntax, or offers no such service."""


class ConnectionLost(NetworkError):
    """The connection broke, or the server ended it, before the work was done."""


class NoAnswer(NetworkError):
    """The server kept silent longer than we wait."""


class WrongAnswer(NetworkError):
    """What came is not DICOM, or does not answer what was asked."""


class Refused(NetworkError):
    """The server answered with a status that means no. `status` is DICOM's (PS3.7, annex C)."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
