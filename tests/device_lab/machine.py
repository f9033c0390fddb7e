"""Boot the guest and run one command in it: `python -m tests.device_lab.machine COMMAND …` by hand.

The guest is Debian's kernel in QEMU's software emulation (no KVM needed; about 15 s to boot). It sees this machine's file
system read-only with a scratch layer on top: what the command writes is gone afterwards, what it prints comes back. It
runs as root, in the current folder, with this environment. No udevd runs there.

    LAB_TIMEOUT_S (1200)   LAB_MEMORY_MB (2048)
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.device_lab.kernel import Kernel, LabMissing, find, prepare

_NOT_PASSED_ON = {"PWD", "OLDPWD", "SHLVL", "_", "UID", "EUID", "PPID", "BASHOPTS", "SHELLOPTS"}


@dataclass(frozen=True)
class Outcome:
    """How the command ended: `code` is its exit status, None where the time ran out or the guest did not come up."""

    code: int | None
    output: str
    console: str  #: all that the guest's console said, for when it did not come up


def run(command: Sequence[str], on_line: Callable[[str], None] | None = None, hardware: Sequence[str] = ()) -> Outcome:
    """Boot, run, power off; `on_line` gets each line that the command prints. Raises LabMissing.

    `hardware`: further words for QEMU, such as a disk.
    """
    kernel = prepare()
    limit_s = float(os.environ.get("LAB_TIMEOUT_S", "1200"))
    with tempfile.TemporaryDirectory(prefix="device-lab-") as order:
        (Path(order) / "start").write_text(_start_script(kernel, command))
        machine = subprocess.Popen(
            [*_qemu(kernel, order), *hardware],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        clock = threading.Timer(limit_s, machine.kill)
        clock.start()
        console: list[str] = []
        output: list[str] = []
        code: int | None = None
        up = False
        try:
            assert machine.stdout is not None
            for raw in machine.stdout:
                line = raw.decode("utf-8", errors="replace").replace("\r", "").rstrip("\n")
                console.append(line)
                if line.startswith("GUEST-UP"):
                    up = True
                elif line.startswith("GUEST-RC "):
                    code = int(line.split()[1])
                    up = False
                elif up:
                    output.append(line)
                    if on_line is not None:
                        on_line(line)
        finally:
            clock.cancel()
            machine.kill()
            machine.wait()
            clock.join()
            if machine.stdout is not None:
                machine.stdout.close()
    return Outcome(code, "\n".join(output), "\n".join(console))


def _start_script(kernel: Kernel, command: Sequence[str]) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in _NOT_PASSED_ON and k.isidentifier()}
    # The lab asks for every frame; reading text off its test pictures takes minutes in an emulated machine.
    environment = {"SONOFILL_READ_SCREENS": "off", **environment}
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items())
    return f"""{exports}exec 2>&1
mkdir -p /lib/modules && mount --bind {shlex.quote(str(kernel.modules))} /lib/modules
{find("busybox")} ifconfig lo up
{find("busybox")} stty -onlcr < /dev/console 2>/dev/null
echo GUEST-UP
cd {shlex.quote(os.getcwd())} && {shlex.join(command)} < /dev/null
code=$?
echo
echo "GUEST-RC $code"
sync
{find("busybox")} poweroff -f
sleep 9
"""


def _qemu(kernel: Kernel, order: str) -> list[str]:
    share = "security_model=none,readonly=on"
    return [
        *(find("qemu-system-x86_64") or "qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max"),
        *("-m", os.environ.get("LAB_MEMORY_MB", "2048"), "-smp", "2", "-display", "none", "-monitor", "none"),
        *("-no-reboot", "-serial", "stdio", "-kernel", str(kernel.image), "-initrd", str(kernel.initramfs)),
        *("-append", "console=ttyS0 loglevel=1 panic=-1"),
        *("-fsdev", f"local,id=host,path=/,{share},multidevs=remap"),
        *("-device", "virtio-9p-pci,fsdev=host,mount_tag=hostroot"),
        *("-fsdev", f"local,id=order,path={order},{share}"),
        *("-device", "virtio-9p-pci,fsdev=order,mount_tag=order"),
    ]


def main() -> int:
    try:
        outcome = run(sys.argv[1:], print)
    except LabMissing as error:
        print(error, file=sys.stderr)
        return 125
    if outcome.code is None:
        print(outcome.console[-2000:], file=sys.stderr)
        return 124
    return outcome.code


if __name__ == "__main__":
    sys.exit(main())
