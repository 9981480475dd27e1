"""The one place that states the version and the API number.

Python imports them; the Go program embeds this very file (client-python/version.go),
so that the two cannot disagree within one checkout.
"""

from __future__ import annotations

__version__ = "0.2.0"

#: Number of the HTTP interface. It rises when a client and a daemon of different
#: numbers could misunderstand each other; they then refuse to talk.
API = 1
