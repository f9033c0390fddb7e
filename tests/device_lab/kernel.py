"""The guest's kernel: Debian's own, fetched once by apt-get and kept in the user's cache, with a small initramfs.

The initramfs mounts this machine's file system read-only under a scratch layer and starts /mnt/start there.
"""

from __future__ import annotations

import fcntl
import gzip
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

TOOLS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "busybox": "busybox-static",
    "modprobe": "kmod",
    "depmod": "kmod",
    "cpio": "cpio",
    "dpkg": "dpkg",
    "apt-get": "apt",
}
_MODULES = ("virtio_pci", "9pnet_virtio", "9p", "overlay")
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))  # kmod's tools are not on every path
_VERSION = "1"  # of what is kept: change it when the initramfs changes

_INIT = """\
#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc; $b mount -t sysfs sys /sys; $b mount -t devtmpfs dev /dev
. /load 2>/dev/null
share=trans=virtio,version=9p2000.L,msize=1048576,ro
$b mount -t 9p -o $share,cache=loose hostroot /host || { echo "GUEST-RC 125"; $b poweroff -f; }
$b mount -t tmpfs tmpfs /rw; $b mkdir /rw/upper /rw/work
$b mount -t overlay -o lowerdir=/host,upperdir=/rw/upper,workdir=/rw/work overlay /root
for d in proc sys dev; do $b mount --move /$d /root/$d; done
$b mount -t tmpfs tmpfs /root/run
$b mkdir -p /root/dev/shm /root/dev/pts
$b mount -t tmpfs tmpfs /root/dev/shm; $b mount -t devpts devpts /root/dev/pts
$b mount -t 9p -o $share order /root/mnt
exec $b chroot /root /bin/sh /mnt/start
"""


class LabMissing(Exception):
    """The lab cannot be had on this machine; the message says what mends it."""


@dataclass(frozen=True)
class Kernel:
    """Files for QEMU, and the modules' folder, which the guest sees at the same path."""

    image: Path
    initramfs: Path
    modules: Path


def find(tool: str) -> str | None:
    return shutil.which(tool, path=_PATH)


def check_tools() -> None:
    """Raise LabMissing where a tool of the lab is not here."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise LabMissing("The device lab needs a Debian machine of the x86-64 kind.")
    missing = [package for tool, package in TOOLS.items() if find(tool) is None]
    if missing:
        packages = " ".join(sorted(set(missing)))
        raise LabMissing(
            f"The device lab's tools are missing; as root: apt-get install -y --no-install-recommends {packages}"
        )


def prepare() -> Kernel:
    """The kernel and its initramfs, made on first use. Raises LabMissing."""
    check_tools()
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sonofill-device-lab"
    base.mkdir(parents=True, exist_ok=True)
    with (base / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = base / _VERSION
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _fetch(folder)
            _make_initramfs(folder)
            (folder / "ready").touch()
    image = next((folder / "kernel/boot").glob("vmlinuz-*"))
    return Kernel(image, folder / "initramfs.gz", folder / "kernel/lib/modules")


def _fetch(folder: Path) -> None:
    listing = _run(folder, "apt-cache", "depends", "linux-image-amd64").splitlines()
    packages = [line.split()[-1] for line in listing if "Depends: linux-image-" in line]
    if not packages:
        raise LabMissing("No kernel package is known here; as root: apt-get update")
    _run(folder, "apt-get", "download", packages[0])
    package = next(folder.glob("*.deb"))
    _run(folder, "dpkg", "-x", package.name, "kernel")
    package.unlink()
    version = next((folder / "kernel/lib/modules").iterdir()).name
    _run(folder, "depmod", "-b", "kernel", version)


def _make_initramfs(folder: Path) -> None:
    root = folder / "initramfs"
    for name in ("bin", "proc", "sys", "dev", "host", "rw", "root", "modules"):
        (root / name).mkdir(parents=True)
    shutil.copy(find("busybox") or "/bin/busybox", root / "bin/busybox")
    version = next((folder / "kernel/lib/modules").iterdir()).name
    files: dict[str, None] = {}
    for module in _MODULES:
        shown = _run(folder, "modprobe", "-d", str(folder / "kernel"), "-S", version, "--show-depends", module)
        files.update(dict.fromkeys(line.split()[1] for line in shown.splitlines() if line.startswith("insmod ")))
    for file in files:
        shutil.copy(file, root / "modules")
    load = "".join(f"/bin/busybox insmod /modules/{Path(file).name}\n" for file in files)
    (root / "load").write_text(load)
    (root / "init").write_text(_INIT)
    (root / "init").chmod(0o755)
    names = "\n".join(str(path.relative_to(root)) for path in root.rglob("*"))
    cpio = [find("cpio") or "cpio", "-o", "-H", "newc", "--quiet"]
    archive = subprocess.run(cpio, cwd=root, input=names.encode(), stdout=subprocess.PIPE, check=True).stdout
    (folder / "initramfs.gz").write_bytes(gzip.compress(archive, 1))


def _run(folder: Path, tool: str, *arguments: str) -> str:
    try:
        done = subprocess.run([find(tool) or tool, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise LabMissing(f"The guest's kernel cannot be fetched: {tool}: {said[-1] if said else error}") from error
    return done.stdout
