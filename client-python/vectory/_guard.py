"""Keep what we do out of the way of a training run: no exception, one warning a kind, no waiting in vain."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from vectory._errors import UnavailableError, VectoryError

T = TypeVar("T")

_HERE = str(Path(__file__).parent)


def warn(text: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the line of the caller that is not ours."""
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_HERE):
        frame, level = frame.f_back, level + 1
    warnings.warn(text, category, stacklevel=level)


class Guard:
    """Runs what may fail. After a failure to reach the daemon it is left alone for a while."""

    def __init__(self) -> None:
        """Know of no failure."""
        self.lost: list[str] = []
        self._told: set[str] = set()
        self._pause = 2.0
        self._until = 0.0

    def run(self, what: str, work: Callable[[], T], *, loses: str | None = None) -> T | None:
        """Give what work gives, or None: then the name that it loses is among the lost."""
        if time.monotonic() >= self._until:
            try:
                return self._done(work())
            except Exception as fault:
                self._tell(what, fault)
        if loses is not None:
            self.lost.append(loses)
        return None

    def _done(self, result: T) -> T:
        self._told.discard(UnavailableError.code)  # a daemon that is lost again is told again
        self._pause = 2.0
        return result

    def _tell(self, what: str, fault: Exception) -> None:
        if isinstance(fault, UnavailableError):
            self._until = time.monotonic() + self._pause
            self._pause = min(60.0, 2 * self._pause)
        kind = fault.code if isinstance(fault, VectoryError) else type(fault).__name__
        if kind not in self._told:
            self._told.add(kind)
            text = f"{what} failed, the run goes on: {fault}"
            try:
                warn(text)
            except UserWarning:  # warnings are errors here, and the run goes on all the same
                print(text, file=sys.stderr)
