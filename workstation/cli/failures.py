"""Which errors are the user's to mend: each room's own tree, and a key that cannot be used.

Anything else is a fault of the program and shows itself.
"""

from __future__ import annotations


def user_errors() -> tuple[type[Exception], ...]:
    """The bases of the rooms' error trees."""
    from acquisition.errors import AcquisitionError
    from archive.errors import ArchiveError
    from audit.errors import AuditError
    from devices.errors import DeviceError
    from dicom_io.errors import DicomError
    from imaging.errors import ImagingError
    from procedure.errors import ProcedureError
    from workstation.people.errors import PeopleError
    from workstation.proof import KeyUnusable

    return (
        DeviceError,
        ImagingError,
        AcquisitionError,
        ProcedureError,
        DicomError,
        ArchiveError,
        AuditError,
        KeyUnusable,
        PeopleError,
    )
