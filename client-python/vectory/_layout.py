"""A layout in the daemon: coordinates that can be seen while they settle."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectory._arrays import Npy, as_matrix
from vectory._errors import UnavailableError
from vectory._http import Json
from vectory._speaker import Speaker


class Layout:
    """The layout of a request (POST /layouts): made, or on its way. `raw` is what the daemon said of it."""

    def __init__(self, client: Speaker, request: Json) -> None:
        """Ask for it; the daemon starts it when it is not kept."""
        self._client, self._request = client, request
        self.raw: Json = {}
        self._job: Json | None = None
        self._ask()

    def _ask(self) -> None:
        reply = self._client._ask("POST", "layouts", body=self._request)
        self.raw, self._job = reply["layout"], reply["job"]

    def wait(self) -> Layout:
        """Wait until it has settled; Ctrl-C cancels it."""
        while self._job is not None:
            self._client._wait(self._job)
            self._ask()
        return self

    def column(self, name: str, patience: float = 5.0) -> NDArray[Any]:
        """Give a column of what can be seen now: "coords_a" (float32 rows×dims), "coords_b", "row_a", ….

        A layout that has just begun shows nothing: after `patience` seconds UnavailableError says so.
        """
        path = f"layouts/{self.raw['id']}/frame"
        until = time.monotonic() + patience
        while True:
            try:
                content = self._client._transport.request("GET", path, {"column": name})
            except UnavailableError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
            else:
                return self.read(content)

    @staticmethod
    def read(content: bytes) -> NDArray[Any]:
        """Read a column as the daemon sends it."""
        array: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
        return array

    def transform(self, x: Any, space: str | None = None) -> NDArray[np.float32]:
        """Place new rows, m×d, of its first space or another: float32 m×dims. The layout does not move."""
        npy = Npy(as_matrix(x))
        content = self._client._transport.request(
            "POST",
            f"layouts/{self.raw['id']}/transform",
            {"space": space or self.raw["spaces"][0]},
            parts=npy,
            size=npy.size,
            kind="application/octet-stream",
        )
        return self.read(content)

    def coords(self, patience: float = 5.0) -> list[NDArray[np.float32]]:
        """Give the coordinates of each of its spaces, float32 rows×dims."""
        together = self.column("coords", patience)
        return np.split(together, len(self.raw["spaces"]), axis=1)
