"""HTTP to the daemon with the standard library: kept connections, no proxy, safe in threads and forks."""

from __future__ import annotations

import json
import math
import os
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from vectory._daemon import check_api
from vectory._errors import InvalidError, UnavailableError, WrongTypeError, error_of

if TYPE_CHECKING:
    import http.client


Json = dict[str, Any]


def item(kind: str, name: str) -> str:
    """Path of a named thing; WrongTypeError for a name that is no text."""
    if not isinstance(name, str):
        raise WrongTypeError(f"the name {name!r} is no text")
    return f"{kind}/{quote(name, safe='')}"


class Answer(NamedTuple):
    """What the daemon replied."""

    status: int
    reason: str
    headers: http.client.HTTPMessage
    content: bytes


class _Kept:
    """A thread's connection, closed with the thread.

    A forked child closes what it has inherited, too: that lets go of its copy, and the parent's stays open.
    """

    def __init__(self, connection: http.client.HTTPConnection, url: str) -> None:
        self.connection, self.mark = connection, (os.getpid(), url)

    def __del__(self) -> None:
        self.connection.close()


class Transport:
    """Speaks to one daemon. Each thread, and each forked child, has a connection of its own.

    With `find`, the daemon is looked for (and started) at the first request and again when it is gone.
    """

    def __init__(
        self, url: str | None, token: str = "", find: Callable[[], tuple[str, str]] | None = None
    ) -> None:
        """Remember where; nothing is opened or started yet."""
        self._url, self._token, self._find = url, token, find
        self._own = threading.local()

    @property
    def url(self) -> str:
        """Address of the daemon, which is found first if need be."""
        if self._url is None:
            self.find()
        return self._url or ""

    def find(self) -> None:
        """Find or start the daemon, where we know how."""
        if self._find is not None:
            self._url, self._token = self._find()

    def _open(self, timeout: float) -> http.client.HTTPConnection:
        import http.client  # here, not above: it takes longer than all the rest of the package

        kept: _Kept | None = getattr(self._own, "kept", None)
        if kept is None or kept.mark != (os.getpid(), self.url):
            self.close()
            parts = urlsplit(self.url)
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            kept = _Kept(kind(parts.hostname or "127.0.0.1", parts.port, timeout=timeout), self.url)
            self._own.kept = kept
        connection = kept.connection
        if connection.timeout != timeout:
            connection.timeout = timeout
            if connection.sock is not None:
                connection.sock.settimeout(timeout)
        return connection

    def close(self) -> None:
        """Close this thread's connection; the next request opens another."""
        kept: _Kept | None = getattr(self._own, "kept", None)
        if kept is not None:
            kept.connection.close()
            self._own.kept = None

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
        timeout: float = 600,
    ) -> bytes:
        """Send one request: `body` as JSON, or `parts` of `size` bytes in all. Gives the reply's body.

        `parts` must be iterable more than once: what can be sent again is, when the daemon was restarted.
        timeout is how many seconds it may be silent.
        """
        said = {
            k: ("true" if v is True else v)
            for k, v in (query or {}).items()
            if v is not None and v is not False
        }
        data: Any = parts
        if body is not None:
            try:
                data = json.dumps(body, allow_nan=False).encode()
            except ValueError as e:
                wrong = [k for k, v in body.items() if isinstance(v, float) and not math.isfinite(v)]
                raise InvalidError(f"{', '.join(wrong) or 'a number'} is NaN or infinite") from e
            size = len(data)
        headers = {} if data is None else {"Content-Type": kind, "Content-Length": str(size)}
        answer = self.ask(method, path + (f"?{urlencode(said)}" if said else ""), data, headers, timeout)
        check_api(answer.headers.get("X-Vectory-Version", "?"), answer.headers.get("X-Vectory-Api"))
        if answer.status >= 400:
            raise _refusal(answer)
        return answer.content

    def ask(
        self,
        method: str,
        path: str,
        data: Any = None,
        headers: dict[str, str] | None = None,
        timeout: float = 600,
    ) -> Answer:
        """Send a request and give the reply, whatever its status.

        Raises UnavailableError when there is none. A daemon that has gone is found again once.
        """
        import http.client

        # Everything that has a body is kept by its content: sent twice it is there once.
        again = self._find is not None and (method == "GET" or data is not None)
        try:
            answer = self._send(method, path, data, headers or {}, timeout)
        except TimeoutError as fault:
            raise self._gone(f"was silent for {timeout:g} s") from fault
        except (OSError, http.client.HTTPException) as fault:
            if not again and method != "GET":
                raise self._gone(repr(fault)) from fault
            self.find()
        else:
            if answer.status != 401 or not again:
                return answer
            self.find()  # another daemon has the port of ours
        try:
            return self._send(method, path, data, headers or {}, timeout)
        except (OSError, http.client.HTTPException) as fault:
            raise self._gone(repr(fault)) from fault

    def _gone(self, why: str) -> UnavailableError:
        hint = "start it again with `vectory up`"
        if self._find is None:  # by its address only: of another machine, it may be
            hint = "is its tunnel open? Started anew it is elsewhere: `vectory up --json` there tells the url"
        return UnavailableError(f"the daemon at {self._url} does not answer: {why}", hint)

    def _send(self, method: str, path: str, data: Any, headers: dict[str, str], timeout: float) -> Answer:
        connection = self._open(timeout)
        target = f"{urlsplit(self.url).path.rstrip('/')}/api/v1/{path}"
        try:
            try:
                connection.request(
                    method, target, data, {"Authorization": f"Bearer {self._token}", **headers}
                )
            except (BrokenPipeError, ConnectionResetError):
                if method == "GET":
                    raise
                # The daemon may have refused before the body was sent: its answer tells why.
            reply = connection.getresponse()
            answer = Answer(reply.status, reply.reason, reply.headers, reply.read())
            if reply.will_close:
                self.close()
            return answer
        except BaseException:  # Ctrl-C too: half a reply must not be read as the next one
            self.close()
            raise


def _refusal(answer: Answer) -> Exception:
    try:
        error = json.loads(answer.content)["error"]
    except (ValueError, KeyError):
        return error_of("internal", f"the daemon answered {answer.status} {answer.reason}", "")
    return error_of(error["code"], error["message"], error.get("hint", ""))
