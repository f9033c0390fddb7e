"""A real OpenIGTLink sender in a process of its own: pyigtl's server, 160x120 at 50 pictures a second. Prints its port."""

from __future__ import annotations

import sys
import time

import numpy as np
import pyigtl

COLUMNS, ROWS, SPACING_MM = 160, 120, (0.11, 0.12)


def main(colour: bool, most: int) -> None:
    server = pyigtl.OpenIGTLinkServer(port=0)
    print(server.server_address[1], flush=True)
    sent, matrix = 0, np.diag([*SPACING_MM, 1.0, 1.0])
    base = np.arange(ROWS * COLUMNS * (3 if colour else 1), dtype=np.uint32).reshape(1, ROWS, COLUMNS, -1)
    while True:
        if server.is_connected() and (not most or sent < most):
            picture = ((base + sent) % 251).astype(np.uint8)
            server.send_message(
                pyigtl.ImageMessage(
                    picture if colour else picture[..., 0], matrix, timestamp=1000 + sent / 50, device_name="Image"
                ),
                wait=True,
            )
            server.send_message(pyigtl.TransformMessage(np.eye(4), device_name="ProbeToTracker"))
            sent += 1
        time.sleep(0.01)


if __name__ == "__main__":
    main(sys.argv[1] == "colour", int(sys.argv[2]))
