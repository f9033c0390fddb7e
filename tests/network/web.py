"""Orthanc with its DICOMweb plug-in behind nginx, over TLS with a user: for the tests of the calling side.

As clinics run it (Orthanc's own book says so); Debian 12's Orthanc 1.10.1 ends with a segmentation fault when it speaks TLS
over HTTP itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dicom_io.web import WebServer
from tests.interop.tools import tool
from tests.network.authority import Authority, authority
from tests.network.servers import Pacs, free_port, orthanc, running

_PLUGINS = Path("/usr/share/orthanc/plugins"), Path("/usr/lib/orthanc"), Path("/usr/local/share/orthanc/plugins")
USER, PASSWORD = "workstation", "correct horse"


def plugin(name: str, package: str) -> Path:
    """A plug-in of Orthanc. Where it is missing the test fails in CI and is skipped elsewhere, with what mends it."""
    for folder in _PLUGINS:
        if (folder / name).exists():
            return folder / name
    if os.environ.get("CI"):
        pytest.fail(f"{name} is not here: apt-get install {package}")
    pytest.skip(f"{name} is not here: apt-get install {package}")


@dataclass(frozen=True)
class WebPacs:
    """A running one: `server` calls it as its user does, `pacs` is the same Orthanc over DICOM."""

    server: WebServer
    pacs: Pacs
    authority: Authority


_NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1; events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    server {{
        listen 127.0.0.1:{port} ssl; server_name 127.0.0.1;
        ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_protocols TLSv1.2 TLSv1.3;
        ssl_client_certificate {trusted}; ssl_verify_client {verify};
        client_max_body_size 0; proxy_request_buffering off; proxy_buffering off; proxy_http_version 1.1;
        location /dicom-web/ {{ proxy_pass http://127.0.0.1:{behind}; proxy_set_header Host $http_host; }}
    }}
}}
"""


@contextmanager
def web_pacs(folder: Path, verify: str = "optional", **settings: Any) -> Iterator[WebPacs]:
    """One that takes nobody without the password; with `verify` "on", nobody without a certificate of the authority."""
    ours = authority(folder / "authority")
    tls = ours.sign("web")
    document = {
        "Plugins": [str(plugin("libOrthancDicomWeb.so", "orthanc-dicomweb"))],
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"}, "AuthenticationEnabled": True,
        "RegisteredUsers": {USER: PASSWORD}, "OverwriteInstances": False, **settings,
    }  # fmt: skip
    with orthanc(folder / "orthanc", {}, **document) as pacs:
        port = free_port()
        configuration = folder / "nginx.conf"
        configuration.write_text(
            _NGINX.format(
                folder=folder, port=port, certificate=tls.certificate, key=tls.key, trusted=tls.trusted, verify=verify,
                behind=pacs.http_port,
            )
        )  # fmt: skip
        with running([tool("nginx"), "-e", folder / "nginx.log", "-c", configuration], port, folder / "nginx.log"):
            url = f"https://127.0.0.1:{port}/dicom-web"
            yield WebPacs(WebServer(url, "web", USER, PASSWORD, trusted=ours.certificate), pacs, ours)
