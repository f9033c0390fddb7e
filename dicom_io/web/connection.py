"""HTTP to one DICOMweb server, by urllib3: each wait has an end, each answer a limit, each error its sentence.

Redirections are not followed (a study would go where nobody said), and no proxy of the environment is used.
"""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Final

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from dicom_io.errors import (
    BadCertificate,
    ConnectionLost,
    NetworkError,
    NoAnswer,
    NotAccepted,
    NotLetIn,
    NotSecure,
    Refused,
    Unreachable,
    WrongAnswer,
)
from dicom_io.network.node import Patience
from dicom_io.network.tls import check_key_mode
from dicom_io.web.server import WebServer

JSON: Final = "application/dicom+json"
LONGEST_JSON: Final = 64 << 20  #: bytes of one answer that is read into memory
_READ: Final = 1 << 18

Body = bytes | Iterable[bytes]


class WebConnection:
    """Requests to a server, over connections that are kept open between them. For one thread at a time."""

    def __init__(self, server: WebServer, patience: Patience | None = None) -> None:
        """Opens nothing yet. Raises BadCertificate."""
        self.server = server
        patience = patience or Patience()
        self._patience = patience
        wait = Timeout(connect=patience.connect_s, read=patience.answer_s)
        if server.is_secured:
            self._pool: HTTPConnectionPool = HTTPSConnectionPool(
                server.host, server.port, timeout=wait, retries=False, ssl_context=_context(server)
            )
        else:
            self._pool = HTTPConnectionPool(server.host, server.port, timeout=wait, retries=False)

    def close(self) -> None:
        """Close what is open."""
        self._pool.close()

    def __enter__(self) -> WebConnection:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def json(self, method: str, path: str, body: Body | None = None, **headers: str) -> tuple[int, bytes]:
        """The status and the text of an answer in JSON; empty where there is none. Raises NetworkError's kinds."""
        with self.answer(method, path, body, {"Accept": JSON, **headers}) as answer:
            text = bytearray()
            for chunk in self.chunks(answer):
                text += chunk
                if len(text) > LONGEST_JSON:
                    raise WrongAnswer(f"{self.server} answers with more than {LONGEST_JSON >> 20} MB: it is not read.")
            return answer.status, bytes(text)

    @contextmanager
    def answer(
        self, method: str, path: str, body: Body | None, headers: Mapping[str, str]
    ) -> Iterator[BaseHTTPResponse]:
        """An answer whose body is not read yet, for what stands in the `with`. Raises NetworkError's kinds."""
        with self._errors():
            answer = self._pool.urlopen(
                method,
                self.server.path + path,
                body=body,
                headers={"User-Agent": "sonofill", **self._who(), **headers},
                redirect=False,
                preload_content=False,
                decode_content=True,
            )
        whole = False
        try:
            yield answer
            whole = True
        finally:
            if whole:
                answer.drain_conn()
            answer.close() if not whole else answer.release_conn()

    def chunks(self, answer: BaseHTTPResponse) -> Iterator[bytes]:
        """The body of an answer, some at a time. Raises ConnectionLost, NoAnswer."""
        with self._errors():
            yield from answer.stream(_READ)

    def refusal(self, status: int) -> NetworkError:
        """What an answer means that is no success."""
        told = f"{self.server} answers"
        if status in (401, 403):
            return NotLetIn(f"{told} {status}: it does not let us in; check user, password and what it allows us.")
        if status in (404, 410):
            return Refused(f"{told} {status}: it has no such study, or its DICOMweb begins at another address.", status)
        if status in (405, 501):
            return NotAccepted(f"{told} {status}: it does not offer this service.")
        if status in (406, 415):
            return NotAccepted(f"{told} {status}: it does not take or give this kind of object.")
        if status in (408, 429, 503, 504):
            return NotLetIn(f"{told} {status}: it has no time or no room now; try again later.", passing=True)
        if 300 <= status < 400:
            return Refused(f"{told} {status}: its DICOMweb is somewhere else; name that address.", status)
        return Refused(f"{told} {status}: it cannot or will not; its log says why.", status)

    def _who(self) -> dict[str, str]:
        if not self.server.user:
            return {}
        both = base64.b64encode(f"{self.server.user}:{self.server.password}".encode()).decode("ascii")
        return {"Authorization": f"Basic {both}"}

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """urllib3's errors as ours: what, where, what to do."""
        server = self.server
        try:
            yield
        except SSLError as error:
            raise NotSecure(
                f"No secure connection to {server} comes about ({_reason(error)}): check both certificates."
            ) from error
        except NameResolutionError as error:
            raise Unreachable(f"There is no host {server.host}: check the name and the network.") from error
        except NewConnectionError as error:  # one of those below, to urllib3
            raise Unreachable(
                f"{server} cannot be reached: check the address, and that the server is running."
            ) from error
        except ConnectTimeoutError as error:
            raise Unreachable(
                f"{server} does not answer within {self._patience.connect_s:.0f} s: check the address and the network."
            ) from error
        except ReadTimeoutError as error:
            raise NoAnswer(
                f"{server} has kept silent for {self._patience.answer_s:.0f} s: try again, or wait longer (--timeout)."
            ) from error
        except (ProtocolError, OSError) as error:
            raise ConnectionLost(f"The connection to {server} broke before the answer: try again.") from error
        except HTTPError as error:
            raise WrongAnswer(
                f"What {server} sends is no answer in HTTP ({type(error).__name__}): check its address."
            ) from error


def _context(server: WebServer) -> ssl.SSLContext:
    """TLS 1.2 or newer; the server's name is checked. Raises BadCertificate."""
    try:
        context = ssl.create_default_context(cafile=server.trusted)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if server.certificate and server.key:
            check_key_mode(server.key)
            context.load_cert_chain(server.certificate, server.key, lambda: server.key_password)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        files = ", ".join(str(file) for file in (server.trusted, server.certificate, server.key) if file)
        raise BadCertificate(f"These are not usable as certificates and key ({error}): {files}.") from error
    return context


def _reason(error: Exception) -> str:
    """What TLS says, without its source line."""
    inner = error.args[0] if error.args else error
    return str(getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or inner)[:120]
