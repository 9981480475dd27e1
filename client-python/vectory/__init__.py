"""Track, compare and search embedding spaces.

The functions speak to the daemon of this machine, which the first call finds or starts; importing
starts nothing. `connect` gives a handle on another daemon with the same verbs.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectory._client import Client
from vectory._errors import (
    CanceledError,
    ConflictError,
    InvalidError,
    MissingFileError,
    MissingNameError,
    NotFoundError,
    UnauthorizedError,
    UnavailableError,
    VectoryError,
    VersionMismatchError,
    WrongTypeError,
)
from vectory._matrix import Matrix, Timeline
from vectory._objects import Dataset, Experiment, Listing, Space
from vectory._results import Comparison, Curve, Grade, Neighbours
from vectory._version import API, __version__
from vectory._watch import HealthWarning, Watch

__all__ = [
    "API",
    "CanceledError",
    "Client",
    "Comparison",
    "ConflictError",
    "Curve",
    "Dataset",
    "Experiment",
    "Grade",
    "HealthWarning",
    "InvalidError",
    "Listing",
    "Matrix",
    "MissingFileError",
    "MissingNameError",
    "Neighbours",
    "NotFoundError",
    "Space",
    "Timeline",
    "UnauthorizedError",
    "UnavailableError",
    "VectoryError",
    "VersionMismatchError",
    "Watch",
    "WrongTypeError",
    "__version__",
    "add_dataset",
    "changes",
    "compare",
    "compare_embedding_spaces",
    "connect",
    "datasets",
    "delete",
    "delete_index",
    "drift",
    "experiments",
    "grade",
    "indices",
    "load_index",
    "log",
    "matrix",
    "measures",
    "neighbours",
    "neighbours_of",
    "project",
    "report",
    "show",
    "spaces",
    "status",
    "stop",
    "timeline",
    "watch",
]

_default: Client | None = None


def connect(url: str | None = None, home: str | None = None, token: str | None = None) -> Client:
    """Give a handle on the daemon at url, or on that of a home folder (started if need be).

    A daemon of another machine: `vectory up --json` there tells url and token; then
    `ssh -L PORT:127.0.0.1:PORT host` with the port of that url (the daemon answers to its own address only),
    and connect(url, token=…) here; or VECTORY_URL and VECTORY_TOKEN for every function.
    Raises UnavailableError when the daemon of the home cannot be started.
    """
    client = Client(url, token, home)
    if url is None:
        client.status()
    return client


def _client() -> Client:
    global _default
    if _default is None:
        _default = Client()
    return _default


def log(name: str, x: Any, **said: Any) -> Space | None:
    """Track the n×d matrix x as a space; see Client.log. Never raises unless strict=True."""
    return _client().log(name, x, **said)


def watch(experiment: str, dataset: str | None = None, **said: Any) -> Watch:
    """Follow a training run, `with vectory.watch(…) as run: run(step, x)`; see Client.watch."""
    return _client().watch(experiment, dataset, **said)


def add_dataset(name: str, data: Any, *, id: str | None = None, replace: bool = False) -> Dataset:
    """Track a CSV, a data frame or a list of dicts; see Client.add_dataset."""
    return _client().add_dataset(name, data, id=id, replace=replace)


def compare(a: str, b: str, k: int = 10, **said: Any) -> Comparison:
    """Compare two spaces; see Client.compare."""
    return _client().compare(a, b, k, **said)


def compare_embedding_spaces(
    embedding_space_a: str,
    embedding_space_b: str,
    metric_a: str = "euclidean",
    metric_b: str = "euclidean",
    allow_precompute_knn: bool = True,
    histogram: bool = False,
) -> tuple[float, dict[str, float], Any, Any]:
    """Compare two spaces as the original tool's function of this name did; new code calls `compare`.

    Gives the mean Jaccard at 10 (the row itself not counted), that of each item by its id (the row number as
    text where the dataset has none), and with histogram=True the figure and axes of matplotlib, else None
    twice. allow_precompute_knn is taken and ignored: neighbours are found where they are missing.
    """
    c = compare(embedding_space_a, embedding_space_b, metric_a=metric_a, metric_b=metric_b)
    ax = c.plot() if histogram else None
    return c.mean, c.by_id(), ax and ax.figure, ax


def grade(space: str, **said: Any) -> Grade:
    """Measure the quality of one space; see Client.grade."""
    return _client().grade(space, **said)


def drift(a: str, b: str) -> dict[str, Any]:
    """Tell whether b holds items drawn like those of a; see Client.drift."""
    return _client().drift(a, b)


def matrix(spaces: Sequence[str] = (), **said: Any) -> Matrix:
    """Compare every pair of spaces; see Client.matrix."""
    return _client().matrix(spaces, **said)


def measures() -> list[dict[str, Any]]:
    """List what can be measured; see Client.measures."""
    return _client().measures()


def neighbours(space: str, **said: Any) -> Neighbours:
    """List nearest neighbours; see Client.neighbours."""
    return _client().neighbours(space, **said)


def neighbours_of(space: str, ids: Sequence[str], **said: Any) -> list[Neighbours]:
    """List the nearest neighbours of many items; see Client.neighbours_of."""
    return _client().neighbours_of(space, ids, **said)


def project(
    space: str | None = None, other: str | None = None, *more: str, **said: Any
) -> NDArray[np.float32]:
    """Lay a space out in two or three dimensions, several together, or a timeline; see Client.project."""
    return _client().project(space, other, *more, **said)


def report(a: str, b: str, path: str | Path, **said: Any) -> Path:
    """Write a comparison as one HTML file that opens offline; see Client.report."""
    return _client().report(a, b, path, **said)


def show(space: str | None = None, other: str | None = None, **said: Any) -> Any:
    """Show a space, two linked, or the steps of a run in a notebook; see Client.show."""
    return _client().show(space, other, **said)


def load_index(name: str, space: str, **said: Any) -> dict[str, Any]:
    """Load a space into Elasticsearch; see Client.load_index."""
    return _client().load_index(name, space, **said)


def delete_index(name: str) -> None:
    """Remove an index from the cluster; see Client.delete_index."""
    _client().delete_index(name)


def indices(**said: Any) -> list[dict[str, Any]]:
    """List the indices in Elasticsearch; see Client.indices."""
    return _client().indices(**said)


def spaces() -> Listing[Space]:
    """List the tracked spaces."""
    return _client().spaces()


def datasets() -> Listing[Dataset]:
    """List the tracked datasets."""
    return _client().datasets()


def experiments(where: str | None = None) -> Listing[Experiment]:
    """List the tracked experiments, or those that fit `where`; see Client.experiments."""
    return _client().experiments(where)


def changes(a: str, b: str) -> list[dict[str, Any]]:
    """Tell what differs between two spaces and what made them; see Client.changes."""
    return _client().changes(a, b)


def timeline(experiment: str, **said: Any) -> Timeline:
    """Agreement along the steps of a run; see Client.timeline."""
    return _client().timeline(experiment, **said)


def delete(name: str, *, kind: str = "space", recursive: bool = False) -> list[str]:
    """Delete a space, dataset or experiment; see Client.delete."""
    return _client().delete(name, kind=kind, recursive=recursive)


def status() -> dict[str, Any]:
    """Tell what the daemon says of itself."""
    return _client().status()


def stop() -> None:
    """Stop the daemon; the next call starts another."""
    global _default
    _client().stop()
    _default = None


def _describe() -> None:
    """Give each verb the parameters and the help of the client's method that it calls."""
    verbs = [verb for name, verb in globals().items() if name in __all__ and hasattr(Client, name)]
    verbs += [Space.compare, Space.grade, Space.neighbours, Space.show, Experiment.timeline]
    for verb in verbs:
        method = getattr(Client, verb.__name__)
        verb.__doc__ = method.__doc__
        # Its signature is told when help asks: without the client; and a space stands for the first name.
        verb.__wrapped__ = functools.partial(method, None)


_describe()
