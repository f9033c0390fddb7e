"""A certificate authority for a test, made by openssl: one that is trusted, and whatever it signs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dicom_io.network import Tls
from tests.interop.tools import run


@dataclass(frozen=True)
class Authority:
    """`certificate` is what others trust."""

    folder: Path
    name: str

    @property
    def certificate(self) -> Path:
        return self.folder / f"{self.name}.crt"

    def sign(self, name: str, host: str = "IP:127.0.0.1", password: str = "", days: int = 30) -> Tls:
        """A key and a certificate for `host`, which trusts this authority."""
        key, request, signed = (self.folder / f"{self.name}-{name}.{kind}" for kind in ("key", "csr", "crt"))
        extension = self.folder / f"{name}.ext"
        extension.write_text(f"subjectAltName={host}\n")
        lock = ("-aes256", "-passout", f"pass:{password}") if password else ()
        run("openssl", "genrsa", *lock, "-out", key, 2048)
        run(
            "openssl",
            "req",
            "-new",
            "-key",
            key,
            "-passin",
            f"pass:{password}",
            "-subj",
            f"/CN={name}",
            "-out",
            request,
        )
        run("openssl", "x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.folder / f"{self.name}.key",
            "-CAcreateserial", "-days", days, "-extfile", extension, "-out", signed)  # fmt: skip
        key.chmod(0o600)
        return Tls(self.certificate, signed, key, key_password=password)


def authority(folder: Path, name: str = "authority") -> Authority:
    folder.mkdir(parents=True, exist_ok=True)
    made = Authority(folder, name)
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / f"{name}.key",
        "-subj", f"/CN={name}", "-days", 30, "-out", made.certificate)  # fmt: skip
    return made
