"""HTTP to the daemon with the standard library: one kept connection, never a proxy, safe after fork."""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

from vectory._daemon import check_api
from vectory._errors import UnavailableError, error_of


class Transport:
    """Speaks to one daemon. A forked child makes a connection of its own."""

    def __init__(self, url: str, token: str) -> None:
        """Remember where; nothing is opened yet."""
        parts = urlsplit(url)
        self.url, self._token = url, token
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._connection: http.client.HTTPConnection | None = None
        self._pid = 0

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is None or self._pid != os.getpid():
            # After a fork the parent's socket is left alone: closing it here would end its requests.
            self._connection = http.client.HTTPConnection(self._host, self._port, timeout=600)
            self._pid = os.getpid()
        return self._connection

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None and self._pid == os.getpid():
            self._connection.close()
        self._connection = None

    def request(
        self,
        method: str,
        path: str,
        query: dict[str, Any] | None = None,
        *,
        body: Any = None,
        parts: Iterable[Any] | None = None,
        size: int = 0,
        kind: str = "application/json",
    ) -> bytes:
        """Send one request: `body` as JSON, or `parts` of `size` bytes in all. Gives the reply's body."""
        said = {
            k: ("true" if v is True else v)
            for k, v in (query or {}).items()
            if v is not None and v is not False
        }
        target = f"/api/v1/{path}" + (f"?{urlencode(said)}" if said else "")
        headers = {"Authorization": f"Bearer {self._token}"}
        data: Any = parts
        if body is not None:
            data = json.dumps(body).encode()
            size = len(data)
        if data is not None:
            headers |= {"Content-Type": kind, "Content-Length": str(size)}
        answer, content = self._send(method, target, data, headers, again=method == "GET")
        check_api(answer.headers.get("X-Vectory-Version", "?"), answer.headers.get("X-Vectory-Api"))
        if answer.status >= 400:
            try:
                error = json.loads(content)["error"]
            except (ValueError, KeyError):
                error = {
                    "code": "internal",
                    "message": f"the daemon answered {answer.status} {answer.reason}",
                }
            raise error_of(error["code"], error["message"], error.get("hint", ""))
        return content

    def _send(
        self, method: str, target: str, data: Any, headers: dict[str, str], *, again: bool
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = self._open()
        try:
            try:
                connection.request(method, target, data, headers)
            except (BrokenPipeError, ConnectionResetError):
                if again:
                    raise
                # The daemon may have refused before the body was sent: its answer tells why.
            answer = connection.getresponse()
            content = answer.read()
            if answer.will_close:
                self.close()
            return answer, content
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            if again:
                return self._send(method, target, data, headers, again=False)
            raise UnavailableError(
                f"the daemon at {self.url} does not answer: {fault!r}", "start it again with `vectory up`"
            ) from fault
