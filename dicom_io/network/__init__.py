"""DICOM's network services, as the one who asks: echo, store. Knows no archive, and keeps nothing.

    node = parse_address("PACS@192.168.1.20:104")
    echo(node)
    files = [object_file(path) for path in paths]
    with associate(node, proposals(files)) as association:
        for file in files:
            print(store(association, file))

The association itself stands in `associate`, the connection in `wire`, what is agreed in `negotiate`, commands in `command`.
"""

from dicom_io.network.associate import Association, associate
from dicom_io.network.echo import Echo, echo
from dicom_io.network.kinds import Kind, kinds_taken
from dicom_io.network.node import OWN_TITLE, Node, Patience, parse_address
from dicom_io.network.store import ObjectFile, Stored, object_file, proposals, store

__all__ = [
    "OWN_TITLE",
    "Association",
    "Echo",
    "Kind",
    "Node",
    "ObjectFile",
    "Patience",
    "Stored",
    "associate",
    "echo",
    "kinds_taken",
    "object_file",
    "parse_address",
    "proposals",
    "store",
]
