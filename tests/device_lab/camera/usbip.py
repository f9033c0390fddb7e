"""USB/IP between a software device and the kernel's virtual host controller (vhci_hcd), over a socket pair.

The kernel sends requests (URBs); a control request is answered at once, a request for data waits until the device has
some. Needs root and the module vhci_hcd.

The kernel may withdraw a request before it has sent it (vhci_tx sends what it collected in two lists; seen with 6.1 about
once in a few hundred stream stops). Whoever answers such a withdrawal at once loses the connection: the request comes
after it, gets its answer, and the kernel unplugs a device that answers what it does not remember. So the answer to an
early withdrawal waits for its request.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from pathlib import Path

_VHCI = Path("/sys/devices/platform/vhci_hcd.0")
_SUBMIT, _UNLINK, _RETURNED, _UNLINKED = 1, 2, 3, 4
_HIGH_SPEED = 3
STALL = -32  # -EPIPE: how a device refuses a control request
_ECONNRESET = -104
_REMEMBERED = 4096

#: Answers a control request (8 setup bytes, data sent along) with data, or with an error number.
Control = Callable[[bytes, bytes], bytes | int]


class Plug:
    """One plugged-in cable: from `Plug(...)` until `pull`."""

    def __init__(self, port: int, control: Control) -> None:
        """Attach to `port` of the virtual controller (0 is USB port 1)."""
        self._port = port
        self._control = control
        self._waiting: dict[int, deque[tuple[int, int]]] = {}  # endpoint: (request, room)
        self._seen: OrderedDict[int, None] = OrderedDict()  # the last requests
        self._withdrawn_early: dict[int, int] = {}  # request that has not come yet: number of its withdrawal
        self._changed = threading.Condition()
        self.alive = True
        self._socket, self._kernels = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        (_VHCI / "attach").write_text(f"{port} {self._kernels.fileno()} {(1 << 16) | (port + 2)} {_HIGH_SPEED}")
        threading.Thread(target=self._serve, name=f"usb port {port}", daemon=True).start()

    def pull(self) -> None:
        """Unplug: whoever waits to send is released."""
        with self._changed:
            self.alive = False
            self._waiting.clear()
            self._changed.notify_all()
        try:
            (_VHCI / "detach").write_text(str(self._port))
        except OSError as error:  # the kernel let go of it first
            print("detach:", error, flush=True)
        self._socket.close()
        self._kernels.close()

    def wait_for_request(self, endpoint: int, timeout_s: float) -> bool:
        """Whether the host asks for data on this endpoint, now or within the time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.alive or bool(self._waiting.get(endpoint)), timeout_s) and (
                self.alive
            )

    def send(self, endpoint: int, payload: bytes, *, whole: int, valid: Callable[[], bool]) -> bool:
        """Send a payload over as many requests as it takes; False where the plug was pulled or `valid` turned false.

        A payload that ends just at the end of a request, and is shorter than `whole`, is ended by an empty packet.
        """
        at, ended = 0, False
        while not ended:
            with self._changed:
                while self.alive and valid() and not self._waiting.get(endpoint):
                    self._changed.wait(0.1)
                if not self.alive or not valid():
                    return False
                request, room = self._waiting[endpoint].popleft()
                part = payload[at : at + room]
                at += len(part)
                ended = len(part) < room or (len(payload) >= whole and at >= len(payload))
                if not self._reply(request, 0, part):
                    return False
        return True

    def wake(self) -> None:
        """Let whoever sends look at its `valid` again."""
        with self._changed:
            self._changed.notify_all()

    # --- the wire -------------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        try:
            while self.alive:
                command, request, _device, direction, endpoint = struct.unpack(">5I", self._read(20))
                rest = self._read(28)
                if command == _UNLINK:
                    self._unlink(request, struct.unpack(">I", rest[:4])[0])
                elif command == _SUBMIT:
                    self._submit(request, direction, endpoint, rest)
        except OSError:  # the plug was pulled
            with self._changed:
                self.alive = False
                self._changed.notify_all()

    def _submit(self, request: int, direction: int, endpoint: int, rest: bytes) -> None:
        length = struct.unpack(">i", rest[4:8])[0]
        sent = self._read(length) if direction == 0 and length > 0 else b""
        with self._changed:
            self._seen[request] = None
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
            if endpoint:
                withdrawal = self._withdrawn_early.pop(request, None)
                if withdrawal is not None:
                    self._answer_withdrawal(withdrawal, hit=True)
                else:
                    self._waiting.setdefault(endpoint, deque()).append((request, length))
                    self._changed.notify_all()
                return
        answer = self._control(rest[20:28], sent)
        with self._changed:
            if isinstance(answer, int):
                self._reply(request, answer, b"")
            else:
                self._reply(request, 0, answer, length=len(sent) if direction == 0 else None)

    def _unlink(self, request: int, victim: int) -> None:
        with self._changed:  # answered under the lock: nothing may be sent for it afterwards
            hit = False
            for waiting in self._waiting.values():
                for entry in [each for each in waiting if each[0] == victim]:
                    waiting.remove(entry)
                    hit = True
            if not hit and victim not in self._seen and victim > next(iter(self._seen), 0):
                self._withdrawn_early[victim] = request
                patience = threading.Timer(1.0, self._give_up_on, (victim,))
                patience.daemon = True
                patience.start()
            else:
                self._answer_withdrawal(request, hit=hit)

    def _give_up_on(self, victim: int) -> None:
        """The withdrawn request did not come: answer all the same, for the kernel waits for it."""
        with self._changed, contextlib.suppress(OSError):
            withdrawal = self._withdrawn_early.pop(victim, None)
            if withdrawal is not None and self.alive:
                self._answer_withdrawal(withdrawal, hit=False)

    def _answer_withdrawal(self, withdrawal: int, *, hit: bool) -> None:
        head = struct.pack(">5I", _UNLINKED, withdrawal, 0, 0, 0)
        self._socket.sendall(head + struct.pack(">i24x", _ECONNRESET if hit else 0))

    def _reply(self, request: int, status: int, data: bytes, length: int | None = None) -> bool:
        head = struct.pack(">5I", _RETURNED, request, 0, 0, 0)
        head += struct.pack(">5i8x", status, len(data) if length is None else length, 0, 0, 0)
        try:
            self._socket.sendall(head + data)
        except OSError:
            return False
        return True

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._socket.recv(count - len(data))
            if not part:
                raise ConnectionError
            data += part
        return data
