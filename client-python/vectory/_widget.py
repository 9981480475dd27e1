"""The widget: the view's plots in a notebook's output, which ask through the kernel. Needs anywidget."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anywidget
import numpy as np
import traitlets

from vectory._errors import InvalidError, VectoryError
from vectory._http import Answer
from vectory._pages import of_comparison, of_space
from vectory._picture import named
from vectory._speaker import Speaker

#: What the plots may ask of the daemon with its token: to read, and these.
MAY_POST = ("comparisons", "layouts", "query")


class Rows(traitlets.TraitType):  # type: ignore[misc]
    """Row numbers, int64, sorted and each once; takes a list, a set, or a mask of booleans."""

    default_value = ()
    info_text = "row numbers, or a mask of booleans"

    def validate(self, obj: Any, value: Any) -> Any:
        """Make an array of what was given."""
        array = np.asarray(sorted(value) if isinstance(value, (set, frozenset)) else value)
        if array.dtype == bool:
            array = np.flatnonzero(array)
        if (
            array.ndim != 1
            or (array.size and array.dtype.kind not in "iu")
            or (array.size and array.min() < 0)
        ):
            self.error(obj, value)
        array = np.unique(array).astype(np.int64)
        array.flags.writeable = False  # a change in place would not be seen
        return array


def _as_list(value: Any, _: Any) -> list[int]:
    listed: list[int] = np.asarray(value).tolist()
    return listed


class Widget(anywidget.AnyWidget):  # type: ignore[misc]
    """Plots of one space, of two linked ones, or of the steps of a run, in a notebook.

    `selection`: row numbers of the (first) space, int64 · `hovered`: a row or None · `k`: neighbours shown ·
    `colour`: name of a column, "" for none · `step` of a run, None for the newest · `height` in pixels. Each
    can be set, and observed: `w.observe(function, "selection")`. Neither the token nor the daemon's address
    is kept in the notebook.
    """

    _esm = Path(__file__).with_name("widget.js")

    spaces = traitlets.List(traitlets.Unicode()).tag(sync=True)
    comparison = traitlets.Unicode("", help="key of the comparison, of two spaces").tag(sync=True)
    timeline = traitlets.Unicode("", help="experiment whose steps are on one map").tag(sync=True)
    dataset = traitlets.Unicode("", help="only the run's spaces in this one").tag(sync=True)
    reference = traitlets.Unicode("", help="space that every step is compared with").tag(sync=True)
    step = traitlets.Int(None, allow_none=True, help="of the timeline; None: the newest").tag(sync=True)
    k = traitlets.Int(10, min=1).tag(sync=True)
    selection = Rows().tag(sync=True, to_json=_as_list)
    hovered = traitlets.Int(None, allow_none=True).tag(sync=True)
    colour = traitlets.Unicode("").tag(sync=True)
    height = traitlets.Int(460, min=160).tag(sync=True)
    still = traitlets.Unicode(help="name of the picture that stands in where no widget runs").tag(sync=True)

    def __init__(self, client: Speaker, text: str, still: Callable[[], bytes], **said: Any) -> None:
        """Show the spaces; still draws what a saved notebook shows until the plots send their picture."""
        self._client, self._text, self._draw = client, text, still
        self._seen: bytes | None = None
        super().__init__(still=f"vectory {uuid.uuid4().hex}", **said)
        self.on_msg(self._heard)

    def _heard(self, _: Any, message: Any, buffers: list[Any]) -> None:
        if isinstance(message, dict) and "still" in message and buffers:
            self._see(bytes(buffers[0]))
        # The kernel must not wait for the daemon, and a running cell must not keep the plots waiting.
        if isinstance(message, dict) and "id" in message:
            threading.Thread(target=self._relay, args=(message,), daemon=True).start()

    def _relay(self, message: dict[str, Any]) -> None:
        wanted = message.get("invite")
        answer = invite(self._client, wanted) if isinstance(wanted, dict) else relay(self._client, message)
        self._client._transport.close()
        headers = {"content-type": answer.headers.get("Content-Type", "")}
        said = {"id": message["id"], "status": answer.status, "headers": headers}
        if self.comm is not None:
            self.send(said, buffers=[answer.content])

    def _repr_mimebundle_(self, **said: Any) -> Any:
        """Add a still picture and a line of text, for places where no widget runs."""
        bundle = super()._repr_mimebundle_(**said)
        if not bundle:
            return bundle
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, **self._picture()}, metadata

    def _picture(self) -> dict[str, str]:
        data = {"text/plain": self._text}
        with contextlib.suppress(VectoryError):  # the plots say what is wrong
            picture = self._draw() if self._seen is None else self._seen
            data["image/png"] = base64.b64encode(named(picture, self.still)).decode()
        return data

    def _ipython_display_(self, **said: Any) -> None:
        """Show the plots, and beside them an output with the still picture, which they hide while they run.

        An output of its own can be brought up to date without drawing the plots anew.
        """
        from IPython.display import display

        if not _is_jupyter():
            data, metadata = self._repr_mimebundle_(**said) or ({}, {})
            display(data, metadata=metadata, raw=True)  # Colab's names the manager that draws the widget
            return
        bundle = super()._repr_mimebundle_(**said)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        display({**data, "text/plain": self._text}, metadata=metadata, raw=True)
        display(self._picture(), raw=True, display_id=self.still)

    def _see(self, picture: bytes) -> None:
        """Keep what is looked at for the saved notebook."""
        self._seen = picture
        if _is_jupyter():
            from IPython.display import update_display

            update_display(self._picture(), display_id=self.still, raw=True)

    def to_html(self, path: str | Path | None = None) -> str:
        """Give what is shown as one HTML page that opens offline; with a path, write it there.

        Raises InvalidError for the steps of a run: show one of them.
        """
        if self.timeline:
            raise InvalidError("the steps of a run are not exported", "show one of its spaces, or two")
        if not self.comparison:
            return of_space(self._client, self.spaces[0], path, self.colour)
        found = self._client._ask("GET", f"comparisons/{self.comparison}")
        return of_comparison(self._client, found, path, self.colour)

    def __repr__(self) -> str:
        """Headline of what is shown."""
        return self._text


def _is_jupyter() -> bool:
    """Whether the page is JupyterLab's or Notebook's, whose outputs the plots know how to hide."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    # VS Code tells the notebook's path to each kernel of Python that it starts, of a remote server too.
    code = "VSCODE_PID" in os.environ or "__vsc_ipynb_file__" in getattr(shell, "user_ns", ())
    elsewhere = code or "google.colab" in sys.modules or "marimo" in sys.modules
    return getattr(shell, "kernel", None) is not None and not elsewhere


def relay(client: Speaker, message: dict[str, Any]) -> Answer:
    """Ask the daemon what the plots ask: {method, path below /api/v1/, body}; other things are refused."""
    method, path = str(message.get("method", "GET")), str(message.get("path", "")).lstrip("/")
    path = path.removeprefix("api/v1/")
    head = path.split("?")[0].split("/")
    allowed = (
        method == "GET"
        or (method == "POST" and head[0] in MAY_POST)
        or (method == "DELETE" and head[0] == "jobs")
    )
    plain = path.isascii() and path.isprintable() and " " not in path
    if not allowed or head[0] == "ws" or ".." in head or not plain:
        return _error(403, "forbidden", f"a widget does not {method} {path}")
    body = message.get("body")
    data = None if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
    headers = {} if data is None else {"Content-Type": "application/json", "Content-Length": str(len(data))}
    try:
        return client._transport.ask(method, path, data, headers)
    except VectoryError as fault:
        return _error(503, fault.code, fault.message, fault.hint)


def invite(client: Speaker, wanted: dict[str, Any]) -> Answer:
    """Get the plots a ticket for one websocket: {origin of their page, host or "" for the daemon's own}.

    Gives {ticket, host, port, instance}. It goes by message and is never part of what is saved.
    """
    try:
        url = urlsplit(client._transport.url)
        here = url.scheme == "http" and url.hostname in ("127.0.0.1", "localhost", "::1")
        if not here or url.path.strip("/"):
            return _error(503, "unavailable", "the daemon is on another machine")
        said = {"origin": str(wanted.get("origin", "")), "host": str(wanted.get("host", "")) or url.netloc}
        data = json.dumps(said).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(data))}
        answer = client._transport.ask("POST", "tickets", data, headers)
    except VectoryError as fault:
        return _error(503, fault.code, fault.message, fault.hint)
    if answer.status != 201:
        return answer
    if client._transport.url != url.geturl():  # it was started anew meanwhile, at another port
        return _error(503, "unavailable", "the daemon was started again")
    given = {
        "ticket": json.loads(answer.content)["ticket"],
        "host": said["host"],
        "port": url.port,
        "instance": answer.headers["X-Vectory-Instance"],
    }
    return answer._replace(content=json.dumps(given).encode())


def _error(status: int, code: str, message: str, hint: str = "") -> Answer:
    from http.client import HTTPMessage

    headers = HTTPMessage()
    headers["Content-Type"] = "application/json"
    error = {"code": code, "message": message, "hint": hint}
    return Answer(status, "", headers, json.dumps({"error": error}).encode())
