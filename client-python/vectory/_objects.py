"""What the daemon lists, as small typed objects."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, SupportsIndex, TypeVar, overload

from vectory import _html
from vectory._errors import MissingNameError
from vectory._frames import frame

if TYPE_CHECKING:
    from vectory._client import Client
    from vectory._matrix import Timeline
    from vectory._results import Comparison, Grade, Neighbours
    from vectory._speaker import Speaker

T = TypeVar("T", bound="Tracked")


@dataclass(frozen=True, repr=False)
class Tracked:
    """A tracked thing. Its fields are read as attributes, or by name: `space.rows`, `space["rows"]`."""

    name: str
    _client: ClassVar[Client | None] = None  # set on each one that a daemon listed

    @property
    def _daemon(self) -> Client:
        if self._client is None:
            raise ValueError(f"{self.name!r} does not come from a daemon; take it from vectory.spaces()")
        return self._client

    def __getstate__(self) -> dict[str, Any]:
        """Pickle the fields, not the way to the daemon."""
        return {name: getattr(self, name) for name in self.keys()}

    def __getitem__(self, key: str) -> Any:
        """Give a field by name."""
        try:
            return getattr(self, key)
        except AttributeError:
            raise KeyError(key) from None

    def keys(self) -> list[str]:
        """Names of the fields: `dict(space)` works."""
        return [f.name for f in fields(self)]

    def _about(self) -> str:
        return ""

    def __repr__(self) -> str:
        """Give the name and what matters in one line."""
        return f"<{type(self).__name__} {self.name}: {self._about()}>"

    def _repr_html_(self) -> str:
        rows = [[name, _short(self[name])] for name in self.keys() if name != "name"]
        return _html.table([type(self).__name__.lower(), self.name], rows)


@dataclass(frozen=True, repr=False)
class Dataset(Tracked):
    """Rows with ids, from a CSV. id_field None: the ids are the row numbers, as text."""

    rows: int
    columns: list[str]
    id_field: str | None
    sha256: str
    created_at: str

    def _about(self) -> str:
        return f"{self.rows} rows, columns {_short(self.columns)}"


@dataclass(frozen=True, repr=False)
class Experiment(Tracked):
    """A model with its parameters and the dataset that it was trained on."""

    model: str
    train_dataset: str | None
    params: dict[str, Any]
    git_commit: str | None
    environment: dict[str, Any]
    created_at: str

    def _about(self) -> str:
        return f"model {self.model or '–'}, trained on {_short(self.train_dataset)}"

    def timeline(self, **said: Any) -> Timeline:
        """Agreement along the steps of this run; see Client.timeline."""
        return self._daemon.timeline(self.name, **said)

    def show(
        self,
        *,
        dataset: str | None = None,
        reference: str | None = None,
        k: int = 10,
        colour: str = "",
        height: int = 460,
    ) -> Any:
        """Show the steps of this run on one map in a notebook, with a slider that goes through them.

        Gives a widget where anywidget is installed, else a still picture with the numbers; see Client.show.
        dataset: only its spaces in this one. reference: a space that each step is held against. k:
        neighbours. colour: a column of the dataset; left out, the first with few values. height: of the
        plots, in pixels.

        Raises InvalidError (none of its spaces has a step, no such column).
        """
        said: dict[str, Any] = {"reference": reference, "k": k, "colour": colour, "height": height}
        return self._daemon.show(timeline=self.name, dataset=dataset, **said)


@dataclass(frozen=True, repr=False)
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

    def _about(self) -> str:
        shape = f"{self.rows} rows, {self.dims} dimensions, {self.metric}"
        return shape + (f", of {self.dataset}" if self.dataset else "")

    def compare(self, b: str | Space, k: int = 10, **said: Any) -> Comparison:
        """Compare with another space; see Client.compare."""
        return self._daemon.compare(self.name, b if isinstance(b, str) else b.name, k, **said)

    def grade(self, **said: Any) -> Grade:
        """Measure the quality of this space; see Client.grade."""
        return self._daemon.grade(self.name, **said)

    def show(self, other: str | None = None, **said: Any) -> Any:
        """Show this space in a notebook; see Client.show."""
        return self._daemon.show(self.name, other, **said)

    def to_html(self, path: str | Path | None = None, *, colour: str = "") -> str:
        """Give its map and its items' neighbours as one HTML page that opens offline; with a path, write it.

        colour: a column that colours the map at first; left out, one with few values.
        Raises NotFoundError (it is gone), InvalidError (no such column), OSError (the path).
        """
        from vectory._pages import of_space

        return of_space(self._daemon, self.name, path, colour)

    def neighbours(self, **said: Any) -> Neighbours:
        """List the nearest rows of an item or a vector; see Client.neighbours."""
        return self._daemon.neighbours(self.name, **said)


def tracked(kind: type[T], sent: Mapping[str, Any], client: Speaker) -> T:
    """Make one of what the daemon sends; fields that this version does not know are left out."""
    thing = kind(**{f.name: sent[f.name] for f in fields(kind)})
    object.__setattr__(thing, "_client", client)  # frozen, and no field: equal things stay equal
    return thing


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
            near = difflib.get_close_matches(place, [thing.name for thing in self])
            hint = (
                f"the nearest names are {', '.join(near)}" if near else "print the listing: it has the names"
            )
            raise MissingNameError(f"nothing listed here is named {place!r}", hint)
        return super().__getitem__(place)

    def _columns(self) -> list[str]:
        return [] if not self else [f.name for f in fields(self[0]) if f.name not in ("sha256", "created_at")]

    def __repr__(self) -> str:
        """Table of the entries."""
        if not self:
            return "[]"
        names = self._columns()
        return _html.text_table([names, *([_short(thing[name]) for name in names] for thing in self)])

    def _repr_html_(self) -> str:
        names = self._columns()
        return _html.table(names, ([_short(thing[name]) for name in names] for thing in self))

    def to_frame(self) -> Any:
        """Give a pandas or polars frame with a row for each entry.

        Raises ImportError (neither is installed).
        """
        names = [f.name for f in fields(self[0])] if self else []
        return frame({name: [thing[name] for thing in self] for name in names})


def _short(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        value = ", ".join(value)
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"
