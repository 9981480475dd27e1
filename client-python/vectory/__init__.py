"""Track, compare and search embedding spaces. The work is done by the `vectory` program beside it."""

from __future__ import annotations

from vectory._version import API, __version__

__all__ = ["API", "__version__"]
