"""The verbs that track: what comes in, what is listed, what goes."""

from __future__ import annotations

import csv
import io
import json
import operator
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from vectory._arrays import Npy, as_matrix
from vectory._errors import InvalidError, MissingFileError, WrongTypeError
from vectory._guard import Guard
from vectory._http import Json, item
from vectory._objects import Dataset, Experiment, Listing, Space, T, tracked
from vectory._provenance import provenance
from vectory._speaker import Speaker

#: How long the daemon may be silent while a training run waits for it.
SILENCE_S = 60.0


class Tracking(Speaker):
    """Spaces, datasets and experiments."""

    def __init__(self, url: str | None = None, token: str | None = None, home: str | None = None) -> None:
        """Speak to the daemon at url with token, else find or start that of the home."""
        super().__init__(url, token, home)
        self._guard = Guard()

    @property
    def lost(self) -> list[str]:
        """Names that `log` could not keep, oldest first."""
        return list(self._guard.lost)

    def _list(self, name: str, kind: type[T], query: Json | None = None) -> Listing[T]:
        found: list[Json] = self._ask("GET", name, query)[name]
        return Listing(tracked(kind, sent, self) for sent in found)

    def spaces(self) -> Listing[Space]:
        """The tracked spaces, newest last; one of them by place or by name: `spaces()["a"]`.

        Gives a Listing of Space: it reads as a table, and `to_frame` makes a data frame of it. A name that is
        not there raises MissingNameError, which is a KeyError. Raises UnavailableError (no daemon).
        """
        return self._list("spaces", Space)

    def datasets(self) -> Listing[Dataset]:
        """The tracked datasets; one of them by place or by name: `datasets()["d"]`.

        Gives a Listing of Dataset: it reads as a table, and `to_frame` makes a data frame of it. A name that
        is not there raises MissingNameError, which is a KeyError. Raises UnavailableError (no daemon).
        """
        return self._list("datasets", Dataset)

    def experiments(self, where: str | None = None) -> Listing[Experiment]:
        """The tracked experiments; one of them by place or by name: `experiments()["e"]`.

        where: conditions that all hold, with commas: "params.lr<0.01, model=resnet50".

        Gives a Listing of Experiment: it reads as a table, and `to_frame` makes a data frame of it. A name
        that is not there raises MissingNameError, which is a KeyError. Raises InvalidError (where is no
        condition).
        """
        return self._list("experiments", Experiment, {"where": where})

    def changes(self, a: str, b: str) -> list[Json]:
        """What differs between two spaces and what made them: `what`, `from` and `to` in words.

        Raises NotFoundError (no such space).
        """
        found: list[Json] = self._ask("GET", item("spaces", a) + "/changes", {"to": b})["changes"]
        return found

    def add_dataset(self, name: str, data: Any, *, id: str | None = None, replace: bool = False) -> Dataset:
        """Track the rows of a CSV path, a data frame (pandas, polars) or a list of dicts.

        `id` names the id column; left out, a column called id, else the row numbers. Relative paths of
        pictures in a CSV are looked up beside it. replace puts other rows under a name that is taken.

        Raises InvalidError (no such column, ids that occur twice, a broken CSV), MissingFileError (which is a
        FileNotFoundError too), WrongTypeError (a TypeError: none of these forms), ConflictError (name taken).
        """
        content = _csv_bytes(data)
        root = str(Path(data).resolve().parent) if isinstance(data, (str, Path)) else None
        query = {"name": name, "id_field": id, "media_root": root, "replace": replace}
        reply = self._transport.request(
            "POST", "datasets", query, parts=[content], size=len(content), kind="text/csv"
        )
        return tracked(Dataset, json.loads(reply)["dataset"], self)

    def log(
        self,
        name: str,
        x: Any,
        *,
        dataset: str | None = None,
        ids: Sequence[Any] | None = None,
        experiment: str | None = None,
        model: str | None = None,
        train_dataset: str | None = None,
        params: Mapping[str, Any] | None = None,
        step: int | None = None,
        metric: str | None = None,
        replace: bool = False,
        strict: bool = False,
    ) -> Space | None:
        """Track the n×d matrix x as a space. Without strict a failure is a warning: training goes on.

        x: numbers of any type and order, a tensor or a frame; kept as float32. `dataset` names the tracked
        rows (n of them); `ids` says which of its items the n rows are, when they are some of them or in
        another order. `experiment` names the run, made when it is new, with `model`, `train_dataset` and
        `params`. `step` is the position in the run. metric: "euclidean", "cosine" or "dot"; left out, cosine
        for rows of length 1, else euclidean. replace puts other content under a name that is taken.

        Gives the space, or None when it was not kept: each kind of failure is told once, `lost` has the
        names. A daemon that has gone is started again and the matrix sent anew; one that cannot be is
        left alone for a while (2 s, doubling up to a minute), so that a run is not slowed down.

        Raises with strict=True: InvalidError (rank, a value that is not finite, rows that the dataset does
        not have), WrongTypeError (a TypeError: x is no numbers, params no mapping, step no whole number),
        NotFoundError (dataset), ConflictError (name taken), UnavailableError (no daemon).
        """
        query = {
            "dataset": dataset,
            "experiment": experiment,
            "model": model,
            "train_dataset": train_dataset,
            "metric": metric,
            "replace": replace,
        }
        of_a_run = any(said is not None for said in (experiment, model, train_dataset, params))

        def send(silence: float) -> Space:
            npy = Npy(as_matrix(x, raw=True))
            said = query | {"dtype": npy.dtype, "params": _params(params), "step": _step(step)}
            said |= provenance() if of_a_run else {}
            if ids is not None:
                said = said | {"dataset": None, "staged_dataset": self._part(dataset, ids)}
            reply = self._transport.request(
                "PUT",
                item("spaces", name),
                said,
                parts=npy,
                size=npy.size,
                kind="application/octet-stream",
                timeout=silence,
            )
            return tracked(Space, json.loads(reply)["space"], self)

        if strict:
            return send(600)
        return self._guard.run(f"vectory.log({name!r})", lambda: send(SILENCE_S), loses=name)

    def _part(self, dataset: str | None, ids: Sequence[Any]) -> str:
        """Stage some items of a dataset by their ids; gives what a space names them by."""
        if dataset is None:
            raise InvalidError("ids are those of a dataset, and none was named", hint="say dataset=")
        listed = [{"id": str(one)} for one in ids]
        if not listed:
            raise InvalidError("the list of ids is empty")
        content = _csv_bytes(listed)
        query = {"part_of": dataset, "staged": True}
        reply = self._transport.request(
            "POST", "datasets", query, parts=[content], size=len(content), kind="text/csv"
        )
        staged: str = json.loads(reply)["staged"]
        return staged

    def delete(self, name: str, *, kind: str = "space", recursive: bool = False) -> list[str]:
        """Delete a space, dataset or experiment with its history; gives the names of all that went.

        recursive: what depends on it too. Raises NotFoundError, ConflictError (something depends on it).
        """
        if kind not in ("space", "dataset", "experiment"):
            raise InvalidError(f"there is no kind {kind!r}", "space, dataset or experiment")
        reply = self._transport.request("DELETE", item(kind + "s", name), {"recursive": recursive})
        return [thing["name"] for thing in json.loads(reply)["deleted"]]


def _step(step: Any) -> int | None:
    """Give a step as an int, of numpy's and torch's whole numbers too."""
    try:
        return None if step is None else operator.index(step)
    except TypeError:
        raise WrongTypeError(f"step={step!r} cannot be: it is a whole number") from None


def _params(params: Any) -> str | None:
    if params is None:
        return None
    if not isinstance(params, Mapping):
        raise WrongTypeError(f"params is a mapping, not this {type(params).__name__}", 'params={"lr": 0.01}')
    return json.dumps(dict(params), default=str)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as fault:
        raise MissingFileError(f"there is no file {str(path)!r}", f"looked for in {Path.cwd()}") from fault
    except OSError as fault:
        raise InvalidError(f"the file {str(path)!r} cannot be read: {fault.strerror}") from fault


def _csv_bytes(data: Any) -> bytes:
    """CSV of a path, a frame (pandas, polars) or an iterable of mappings."""
    if isinstance(data, (str, Path)):
        return _content(Path(data))
    if hasattr(data, "write_csv"):
        return str(data.write_csv()).encode()
    if hasattr(data, "to_csv"):
        return str(data.to_csv(index=False)).encode()
    rows = list(data) if isinstance(data, Iterable) else []
    if not rows or not all(isinstance(row, Mapping) for row in rows):
        raise WrongTypeError(
            f"a dataset is a path, a data frame or a list of dicts, not this {type(data).__name__}"
        )
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    try:
        writer.writerows(rows)
    except ValueError as fault:
        raise InvalidError(f"the rows do not all have the keys of the first: {fault}") from fault
    return out.getvalue().encode()
