"""A bad network between us and a server: it delays, cuts, falls silent, is slow, or changes a byte, where it is told to."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass
from typing import Literal

Kind = Literal["none", "close", "reset", "silence", "delay", "slow", "flip"]


@dataclass(frozen=True)
class Fault:
    """What happens once `after` bytes went `way`: up to the server, or down from it."""

    kind: Kind = "none"
    way: Literal["up", "down"] = "up"
    after: int = 0
    delay_s: float = 0.05
    bytes_per_s: float = 1e6


class Proxy:
    """Listens on `port` and passes everything on to the server. `passed` counts the bytes each way, over all connections."""

    def __init__(self, server_port: int, fault: Fault | None = None) -> None:
        self.fault = fault or Fault()
        self.passed = {"up": 0, "down": 0}
        self.connections = 0
        self._server = server_port
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._threads = [threading.Thread(target=self._accept, name="proxy")]
        self._threads[0].start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for one in self._open:
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            try:
                server = socket.create_connection(("127.0.0.1", self._server), 5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open += [client, server]
            for source, target, way in ((client, server, "up"), (server, client, "down")):
                thread = threading.Thread(target=self._pass_on, args=(source, target, way), name=f"proxy {way}")
                self._threads.append(thread)
                thread.start()

    def _pass_on(self, source: socket.socket, target: socket.socket, way: str) -> None:
        fault = self.fault
        mine = fault.way == way
        sent = 0
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if mine and fault.kind in ("close", "reset", "silence") and sent + len(data) > fault.after:
                    target.sendall(data[: fault.after - sent])
                    if fault.kind == "silence":
                        while source.recv(65536):
                            pass
                    elif fault.kind == "reset":
                        for one in (source, target):
                            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    break
                if mine and fault.kind == "delay":
                    time.sleep(fault.delay_s)
                if mine and fault.kind == "slow":
                    time.sleep(len(data) / fault.bytes_per_s)
                if mine and fault.kind == "flip" and sent <= fault.after < sent + len(data):
                    changed = bytearray(data)
                    changed[fault.after - sent] ^= 0xFF
                    data = bytes(changed)
                target.sendall(data)
                sent += len(data)
                self.passed[way] += len(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            if mine and fault.kind == "reset":
                one.close()
