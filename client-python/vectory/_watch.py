"""Follow a training run: its spaces, their agreement along the steps, and what looks unwell."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from vectory._errors import NotFoundError
from vectory._guard import Guard, warn
from vectory._http import Json, item
from vectory._matrix import Timeline

if TYPE_CHECKING:
    from vectory._client import Client
    from vectory._objects import Space

#: Spaces with more rows are compared by a sample, and not graded: the run needs the processor more.
MANY_ROWS = 20_000
#: How many questions the daemon has at once. The others wait here: other work finds a place in between.
MANY_QUESTIONS = 6

GRADES = ("effective_rank", "anisotropy", "hubness_skew")


class HealthWarning(UserWarning):
    """An embedding space of a run looks unwell. Each kind is told once in a run."""


@dataclass
class _Question:
    """Something to ask of the daemon. It answers at once, or with the job that makes the answer."""

    ask: Callable[[], Json]
    read: Callable[[Json], None]
    job: str = ""

    def put(self) -> bool:
        """Ask; whether the answer was there and has been read."""
        answer = self.ask()
        if answer.get("job"):
            self.job = answer["job"]["id"]
            return False
        self.read(answer)
        return True


class Watch:
    """A run that is followed; `vectory.watch` makes it.

    with vectory.watch("resnet50", "val", every=100, reference="resnet50-pretrained") as run:
        for step, batch in enumerate(loader):
            train(batch)
            run(step, lambda: embed(model, images))    # called on every 100th step only

    Nothing in here raises or waits for a computation: the daemon compares while the run goes on, and the
    answers are taken up at a later step, the last ones when the run is closed.
    """

    def __init__(
        self,
        client: Client,
        experiment: str,
        dataset: str | None = None,
        *,
        every: int = 1,
        reference: str | None = None,
        k: int = 10,
        model: str | None = None,
        params: Mapping[str, Any] | None = None,
        metric: str | None = None,
        wait: float = 30.0,
    ) -> None:
        """Follow the experiment; see Client.watch."""
        self.experiment, self.every, self.reference, self.k = experiment, max(1, every), reference, k
        #: What looked unwell: (step, kind, words), in the order of the steps.
        self.alerts: list[tuple[int, str, str]] = []
        self._client, self._wait_s, self._guard = client, wait, Guard()
        said = {"dataset": dataset, "model": model, "params": params, "metric": metric}
        self._said: dict[str, Any] = {**said, "experiment": experiment, "replace": True}
        self._steps: list[int] = []
        self._spaces: list[str] = []
        self._columns: dict[str, list[float | None]] = {"previous": []}
        if reference is not None:
            self._columns["reference"] = []
        self._columns.update({name: [] for name in GRADES})
        self._waiting: list[_Question] = []
        self._asked: list[_Question] = []
        self._shown: Any = None

    def __enter__(self) -> Watch:
        """Follow until the block ends."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take up the last answers, unless the block failed."""
        if kind is None:
            self.close()

    def __call__(self, step: int, x: Any) -> Space | None:
        """Log the n×d matrix x of this step, or what x() gives, on each `every`-th step of the first process.

        Gives the space, or None: it was not the turn of this step, or it was not kept (a warning said why).
        """
        if step % self.every or _rank() != 0:
            return None
        name = f"{self.experiment}/step-{step}"
        self._take_up(0)
        what = f"{self.experiment}, step {step}:"
        space = self._guard.run(what + " logging", lambda: self._log(name, step, x), loses=name)
        if space is not None:
            self._guard.run(what + " comparing", lambda: self._follow(space, step))
        self._show()
        return space

    def _log(self, name: str, step: int, x: Any) -> Space | None:
        values = x() if callable(x) else x
        try:
            return self._client.log(name, values, step=step, strict=True, **self._said)
        except ValueError as fault:
            if " is nan" in str(fault) or " is inf" in str(fault) or " is -inf" in str(fault):
                self._alert(step, "not finite", str(fault).splitlines()[0])
                return None
            raise

    def _follow(self, space: Space, step: int) -> None:
        before = self._spaces[-1] if self._spaces else None
        self._steps.append(step)
        self._spaces.append(space.name)
        for values in self._columns.values():
            values.append(None)
        place = len(self._steps) - 1
        self._look(step, space, self._client._ask("GET", item("spaces", space.name))["health"])
        if before is not None:
            self._compare("previous", place, before, space)
        if self.reference is not None:
            self._compare("reference", place, self.reference, space)
        if space.rows <= MANY_ROWS:
            path = item("spaces", space.name) + "/grade"
            self._waiting.append(
                _Question(
                    lambda: self._client._ask("GET", path, {"k": self.k}),
                    lambda found: self._graded(place, space, found["grade"]["measures"]),
                )
            )
        self._take_up(0)

    def _compare(self, column: str, place: int, other: str, space: Space) -> None:
        sample = 2000 if space.rows > MANY_ROWS else 0
        body = {"a": other, "b": space.name, "k": self.k, "sample": sample}

        def read(found: Json) -> None:
            self._columns[column][place] = found["comparison"]["jaccard"]["mean"]

        self._waiting.append(_Question(lambda: self._client._ask("POST", "comparisons", body=body), read))

    def _graded(self, place: int, space: Space, measures: Json) -> None:
        for name in GRADES:
            self._columns[name][place] = measures[name]["value"]
        step, first = self._steps[place], self._columns["effective_rank"][0]
        rank, anisotropy, skew = (self._columns[name][place] for name in GRADES)
        if rank is not None and space.dims >= 4 and rank < max(2.0, (first or 0) / 4):
            self._alert(step, "collapse", f"the effective rank is {rank:.2f} of {space.dims} dimensions")
        if anisotropy is not None and anisotropy > 0.9:
            self._alert(step, "anisotropy", f"two rows have a mean cosine of {anisotropy:.2f}: a narrow cone")
        if skew is not None and skew > 3:
            self._alert(step, "hubness", f"few rows are neighbours of most others (skewness {skew:.1f})")

    def _look(self, step: int, space: Space, health: Json) -> None:
        if health["constant_dims"] == space.dims:
            self._alert(step, "collapse", "all rows are equal")
        elif (health["spread"] or {"share": 1})["share"] < 0.01:  # as the daemon tells it
            self._alert(step, "collapse", "all rows are nearly the same")
        elif health["duplicate_rows"] > space.rows / 10:
            self._alert(
                step, "duplicates", f"{health['duplicate_rows']} of {space.rows} rows equal an earlier row"
            )
        if health["zero_rows"] > space.rows / 100:
            self._alert(step, "zero rows", f"{health['zero_rows']} of {space.rows} rows are all zeros")

    def _alert(self, step: int, kind: str, words: str) -> None:
        new = kind not in {seen for _, seen, _ in self.alerts}
        self.alerts.append((step, kind, words))
        self.alerts.sort(key=lambda alert: alert[0])  # grades come later
        if new:
            warn(f"{self.experiment}, step {step}: {kind}: {words}", HealthWarning)

    def _take_up(self, seconds: float) -> None:
        """Read the answers that are there, waiting for the others as long as said, and ask what is next."""
        until = time.monotonic() + seconds
        while self._waiting or self._asked:
            if not self._guard.run(f"{self.experiment}: comparing", lambda: self._take_one(until)):
                return

    def _take_one(self, until: float) -> bool:
        """Bring the questions on; whether it is worth going on at once. One that fails is dropped."""
        while self._waiting and len(self._asked) < MANY_QUESTIONS:
            question = self._waiting.pop(0)
            if not question.put():
                self._asked.append(question)
        if not self._asked:
            return False
        question = self._asked.pop(0)
        left = max(0, min(20, round(until - time.monotonic())))
        try:
            state = self._client._ask("GET", f"jobs/{question.job}", {"wait": left or None})["state"]
        except NotFoundError:  # of a daemon that is no more; this one is asked anew
            state = "done"
        if state in ("queued", "running"):
            self._asked.insert(0, question)
            return time.monotonic() < until
        if state == "done" and not question.put():
            self._asked.append(question)
        return True

    def show(self, *, colour: str = "", height: int = 460) -> Any:
        """Show the steps on one map, in a notebook, while the run goes on: a step that is logged appears.

        colour: a column of the dataset; left out, the first with few values. height: of the plots, in pixels.
        Raises InvalidError (no step was logged yet, no such column), NotFoundError (no experiment yet).
        """
        said: dict[str, Any] = {"reference": self.reference, "k": self.k, "colour": colour, "height": height}
        return self._client.show(timeline=self.experiment, dataset=self._said["dataset"], **said)

    def close(self) -> None:
        """Take up the last answers, for `wait` seconds at most; the run can go on all the same."""
        self._take_up(self._wait_s)
        self._show()

    @property
    def lost(self) -> list[str]:
        """Names of the spaces that were not kept, oldest first."""
        return list(self._guard.lost)

    @property
    def timeline(self) -> Timeline:
        """Agreement with the step before and the reference, and grades, as far as the daemon has answered."""
        columns = {name: list(values) for name, values in self._columns.items()}
        return Timeline(self.experiment, list(self._steps), list(self._spaces), columns)

    def __repr__(self) -> str:
        """Timeline and alerts."""
        told = [f"step {step}: {kind}: {words}" for step, kind, words in self.alerts]
        return "\n".join([repr(self.timeline), *told])

    def _repr_html_(self) -> str:
        from vectory._html import table

        told = [[str(step), kind, words] for step, kind, words in self.alerts]
        alerts = table(["step", "unwell", ""], told) if told else ""
        return f"<div>{alerts}{self.timeline._repr_html_()}</div>"

    def _show(self) -> None:
        """Draw the timeline under the running cell, where a notebook runs us."""
        shell = sys.modules.get("IPython")
        if shell is None or getattr(shell.get_ipython(), "kernel", None) is None:
            return
        if self._shown is None:
            self._shown = sys.modules["IPython"].display.display(self, display_id=True)
        else:
            self._shown.update(self)


def _rank() -> int:
    """Place of this process among those that train together; 0 logs."""
    for name in ("RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK"):
        if os.environ.get(name, "").isdigit():
            return int(os.environ[name])
    return 0
