"""A bar for work that takes a while: tqdm where it is installed, else one line on a terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any


class Progress:
    """Shows the share of a job that is done. Nothing is drawn before the first `show`."""

    def __init__(self, title: str, after: float = 0.5) -> None:
        """Prepare a bar, which is drawn when the work has taken `after` seconds."""
        self._title = title
        self._bar: Any = None
        self._drawn = False
        self._next = time.monotonic() + after

    def __enter__(self) -> Progress:
        """Start."""
        return self

    def show(self, share: float, stage: str, left_s: float | None = None) -> None:
        """Draw the share (0 to 1), what is being done, and the seconds left where they are many."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 0.1
        stage = stage or self._title
        if left_s is not None and left_s >= 2:
            stage += f", about {left_s:.0f} s left"
        if self._bar is None and not self._drawn:
            self._bar = _tqdm(self._title)
        if self._bar is not None:
            self._bar.n = 100 * share
            self._bar.set_description_str(stage)  # draws
        elif sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{100 * share:3.0f} %  {stage}")
            sys.stderr.flush()
        self._drawn = True

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bar, or leave it full."""
        if self._bar is not None:
            if kind is None:
                self._bar.update(100 - self._bar.n)
            self._bar.close()
        elif self._drawn and sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")


def _tqdm(title: str) -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm(total=100, desc=title, unit="%", bar_format="{desc}: {percentage:3.0f}%|{bar}| {elapsed}")
