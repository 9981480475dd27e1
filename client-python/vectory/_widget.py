"""The widget: the view's plots in a notebook's output, spoken to through the kernel. Needs anywidget."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from vectory._client import Client
from vectory._errors import VectoryError
from vectory._http import Answer

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
    """Plots of one space, or two linked ones, in a notebook.

    `selection`: row numbers of the (first) space, int64 · `hovered`: a row or None · `k`: neighbours shown ·
    `colour`: name of a column, "" for none · `height` in pixels. Each can be set, and observed:
    `w.observe(function, "selection")`. Neither the token nor the daemon's address is kept in the notebook.
    """

    _esm = Path(__file__).with_name("widget.js")

    spaces = traitlets.List(traitlets.Unicode()).tag(sync=True)
    comparison = traitlets.Unicode("", help="key of the comparison, of two spaces").tag(sync=True)
    k = traitlets.Int(10, min=1).tag(sync=True)
    selection = Rows().tag(sync=True, to_json=_as_list)
    hovered = traitlets.Int(None, allow_none=True).tag(sync=True)
    colour = traitlets.Unicode("").tag(sync=True)
    height = traitlets.Int(460, min=160).tag(sync=True)

    def __init__(self, client: Client, text: str, still: Callable[[], bytes], **said: Any) -> None:
        """Show the spaces; still draws the picture that a saved notebook shows."""
        self._client, self._text, self._still = client, text, still
        super().__init__(**said)
        self.on_msg(self._heard)

    def _heard(self, _: Any, message: Any, buffers: list[Any]) -> None:
        # The kernel must not wait for the daemon, and a running cell must not keep the plots waiting.
        if isinstance(message, dict) and "id" in message:
            threading.Thread(target=self._relay, args=(message,), daemon=True).start()

    def _relay(self, message: dict[str, Any]) -> None:
        answer = relay(self._client, message)
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
        data["text/plain"] = self._text
        with contextlib.suppress(VectoryError):  # the plots say what is wrong
            data["image/png"] = base64.b64encode(self._still()).decode()
        return data, metadata

    def to_html(self, path: str | Path | None = None) -> str:
        """Give a comparison as one HTML page that opens offline; with a path, write it there."""
        if not self.comparison:
            raise VectoryError("only a comparison can be exported yet", "show two spaces")
        from vectory._results import Comparison

        c = Comparison(self._client._ask("GET", f"comparisons/{self.comparison}"), self._client, self)
        return c.to_html(path, colour=self.colour)

    def __repr__(self) -> str:
        """Headline of what is shown."""
        return self._text


def relay(client: Client, message: dict[str, Any]) -> Answer:
    """Ask the daemon what the plots ask: {method, path below /api/v1/, body}; other things are refused."""
    method, path = str(message.get("method", "GET")), str(message.get("path", "")).lstrip("/")
    path = path.removeprefix("api/v1/")
    head = path.split("?")[0].split("/")
    allowed = (
        method == "GET"
        or (method == "POST" and head[0] in MAY_POST)
        or (method == "DELETE" and head[0] == "jobs")
    )
    if not allowed or ".." in head or not path.isascii() or not path.isprintable() or " " in path:
        return _error(403, "forbidden", f"a widget does not {method} {path}")
    body = message.get("body")
    data = None if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
    headers = {} if data is None else {"Content-Type": "application/json", "Content-Length": str(len(data))}
    try:
        return client._transport.ask(method, path, data, headers)
    except VectoryError as fault:
        return _error(503, fault.code, fault.message, fault.hint)


def _error(status: int, code: str, message: str, hint: str = "") -> Answer:
    from http.client import HTTPMessage

    headers = HTTPMessage()
    headers["Content-Type"] = "application/json"
    error = {"code": code, "message": message, "hint": hint}
    return Answer(status, "", headers, json.dumps({"error": error}).encode())
