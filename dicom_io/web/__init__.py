"""DICOMweb (PS3.18): studies sent to, looked for on, and brought from a server that speaks HTTP. The calling side.

    server = WebServer("https://pacs.example.org/dicom-web", trusted=Path("authority.pem"))
    with WebConnection(server) as connection:
        print(send(connection, files))                        # STOW-RS
        rows, broken = studies_of(connection)                 # QIDO-RS
        for path in bring_study(connection, uid, folder):     # WADO-RS, as each object was stored
            ...

`server` says who it is and how it is secured, `connection` speaks HTTP (by urllib3), `multipart` reads and writes bodies of
many files without holding them in memory, `json_model` reads what servers say in DICOM's JSON. Knows no archive.
"""

from dicom_io.web.connection import WebConnection
from dicom_io.web.retrieve import bring_study
from dicom_io.web.search import RemoteStudy, objects_of, studies_of
from dicom_io.web.server import WebServer, is_web_address
from dicom_io.web.store import StoredByWeb, batches, send

__all__ = [
    "RemoteStudy",
    "StoredByWeb",
    "WebConnection",
    "WebServer",
    "batches",
    "bring_study",
    "is_web_address",
    "objects_of",
    "send",
    "studies_of",
]
