"""DICOM's network services: echo, store, storage commitment, worklist, query and retrieve, performed steps; both sides.

Knows no archive, and keeps nothing.

    node = parse_address("PACS@192.168.1.20:104")
    echo(node)
    files = [object_file(path) for path in paths]
    with associate(node, proposals(files)) as association:
        for file in files:
            print(store(association, file))

The association itself stands in `associate`, the connection in `wire`, what is agreed in `negotiate` and (for who is called)
in `admit`, commands in `command`. `serve` lets callers in, `receive` and `commit` answer them.
"""

from dicom_io.network.associate import Association, associate
from dicom_io.network.commit import Report, commitment_offers, report_handler, request_commitment
from dicom_io.network.echo import Echo, echo
from dicom_io.network.kinds import Kind, kinds_taken
from dicom_io.network.node import OWN_TITLE, Node, Patience, parse_address
from dicom_io.network.query import Brought, StudyThere, get_study, move_study, studies_there
from dicom_io.network.receive import Received, storage_offers, store_handler
from dicom_io.network.serve import KnownCallers, Server
from dicom_io.network.store import ObjectFile, Stored, object_file, proposals, store
from dicom_io.network.tls import Tls
from dicom_io.network.worklist import Scheduled, Worklist, worklist

__all__ = [
    "OWN_TITLE",
    "Association",
    "Brought",
    "Echo",
    "Kind",
    "KnownCallers",
    "Node",
    "ObjectFile",
    "Patience",
    "Received",
    "Report",
    "Scheduled",
    "Server",
    "Stored",
    "StudyThere",
    "Tls",
    "Worklist",
    "associate",
    "commitment_offers",
    "echo",
    "get_study",
    "kinds_taken",
    "move_study",
    "object_file",
    "parse_address",
    "proposals",
    "report_handler",
    "request_commitment",
    "storage_offers",
    "store",
    "store_handler",
    "studies_there",
    "worklist",
]
