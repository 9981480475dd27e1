"""What the daemon lists, as small typed objects."""

from __future__ import annotations

import html
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, SupportsIndex, TypeVar, overload

T = TypeVar("T", bound="Tracked")


@dataclass(frozen=True)
class Tracked:
    """A tracked thing. Its fields are read as attributes, or by name: `space.rows`, `space["rows"]`."""

    name: str

    def __getitem__(self, key: str) -> Any:
        """Give a field by name."""
        try:
            return getattr(self, key)
        except AttributeError:
            raise KeyError(key) from None

    def keys(self) -> list[str]:
        """Names of the fields: `dict(space)` works."""
        return [f.name for f in fields(self)]


@dataclass(frozen=True)
class Dataset(Tracked):
    """Rows with ids, from a CSV. id_field None: the ids are the row numbers, as text."""

    rows: int
    columns: list[str]
    id_field: str | None
    sha256: str
    created_at: str


@dataclass(frozen=True)
class Experiment(Tracked):
    """A model with its parameters and the dataset that it was trained on."""

    model: str
    train_dataset: str | None
    params: dict[str, Any]
    git_commit: str | None
    created_at: str


@dataclass(frozen=True)
class Space(Tracked):
    """An embedding space: rows × dims float32. dtype_in is what was handed in; step is in a training run."""

    dataset: str | None
    experiment: str | None
    rows: int
    dims: int
    metric: str
    dtype_in: str
    sha256: str
    step: int | None
    state: str
    created_at: str


def tracked(kind: type[T], sent: Mapping[str, Any]) -> T:
    """Make one of what the daemon sends; fields that this version does not know are left out."""
    return kind(**{f.name: sent[f.name] for f in fields(kind)})


def frame(columns: Mapping[str, Any]) -> Any:
    """Give a data frame of equally long columns: pandas where it is loaded or installed, else polars.

    Raises ImportError when neither is there.
    """
    for name in sorted(("pandas", "polars"), key=lambda n: n not in sys.modules):
        try:
            return __import__(name).DataFrame(dict(columns))
        except ImportError:
            continue
    raise ImportError("neither pandas nor polars is installed")


class Listing(list[T]):
    """A list of tracked things that reads as a table: in a notebook, by print, as a data frame."""

    @overload
    def __getitem__(self, place: SupportsIndex | str) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...

    def __getitem__(self, place: Any) -> Any:
        """Give an entry by place or by name."""
        if isinstance(place, str):
            for thing in self:
                if thing.name == place:
                    return thing
            raise KeyError(place)
        return super().__getitem__(place)

    def _columns(self) -> list[str]:
        return [] if not self else [f.name for f in fields(self[0]) if f.name not in ("sha256", "created_at")]

    def __repr__(self) -> str:
        """Table of the entries."""
        if not self:
            return "[]"
        names = self._columns()
        rows = [names, *([_short(thing[name]) for name in names] for thing in self)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows
        )

    def _repr_html_(self) -> str:
        names = self._columns()
        return html_table(names, ([_short(thing[name]) for name in names] for thing in self))

    def to_frame(self) -> Any:
        """Give a pandas or polars frame with a row for each entry."""
        names = [f.name for f in fields(self[0])] if self else []
        return frame({name: [thing[name] for thing in self] for name in names})


def _short(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        value = ", ".join(value)
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def html_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Give an HTML table; every text is escaped."""
    tell = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{tell}</tr></thead><tbody>{body}</tbody></table>"
