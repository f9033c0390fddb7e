"""DICOM's network services: echo, store, storage commitment; as the one who asks, and as the one who is asked.

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
from dicom_io.network.receive import Received, storage_offers, store_handler
from dicom_io.network.serve import KnownCallers, Server
from dicom_io.network.store import ObjectFile, Stored, object_file, proposals, store
from dicom_io.network.tls import Tls

__all__ = [
    "OWN_TITLE",
    "Association",
    "Echo",
    "Kind",
    "KnownCallers",
    "Node",
    "ObjectFile",
    "Patience",
    "Received",
    "Report",
    "Server",
    "Stored",
    "Tls",
    "associate",
    "commitment_offers",
    "echo",
    "kinds_taken",
    "object_file",
    "parse_address",
    "proposals",
    "report_handler",
    "request_commitment",
    "storage_offers",
    "store",
    "store_handler",
]
