"""Training runs: what happens to the daemon, the disk or the vectors must not end them."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vectory as vy
from vectory._daemon import find_program

#: The answers are there in a second or two; on a machine under load the tests wait for them.
WAIT_S = 600.0

DATA = Path(__file__).parents[2] / "internal/demo/data/digits"


@pytest.fixture
def fresh(home: str) -> Iterator[vy.Client]:
    """A daemon of one's own."""
    with vy.connect(home=home) as client:
        yield client


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("VECTORY_IDLE", "2m")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # must not be used
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    yield str(tmp_path / "home")
    if (tmp_path / "home").exists():
        with vy.connect(home=str(tmp_path / "home")) as client:
            client.stop()


def matrix(seed: int, rows: int = 300, dims: int = 16) -> Any:
    return np.random.default_rng(seed).normal(size=(rows, dims)).astype(np.float32)


def test_the_daemon_is_killed_during_200_logs(fresh: vy.Client) -> None:
    client = fresh
    kept, killed = [], 0
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for step in range(200):
            if step in (40, 41, 120, 199):
                os.kill(client.status()["pid"], signal.SIGKILL)
                killed += 1
            space = client.log(f"run/{step}", matrix(step), experiment="run", step=step)
            if space is not None:
                kept.append((space.name, space.sha256))
    there = {s.name: s.sha256 for s in client.spaces()}
    assert killed == 4
    assert len(kept) == 200, [str(w.message) for w in told]
    assert not told
    assert {name: there.get(name) for name, _ in kept} == dict(kept)
    assert client.neighbours("run/7", row=0, k=1).rows.shape == (1,)


def test_a_daemon_that_cannot_be_started_costs_one_warning_and_few_tries(
    home: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "vectory"
    starts = tmp_path / "starts"
    broken.write_text(
        f"#!/bin/sh\necho start >> {starts}\necho 'vectory: the home is not ours' >&2\nexit 1\n"
    )
    broken.chmod(0o755)
    monkeypatch.setenv("VECTORY_BIN", str(broken))
    run = vy.Client(home=home)
    now = 1000.0
    monkeypatch.setattr("vectory._guard.time.monotonic", lambda: now)
    x = matrix(0)
    with pytest.warns(UserWarning, match="the run goes on: the home is not ours") as told:
        for step in range(500):  # of a run that takes 50 s
            now += 0.1
            assert run.log(f"run/{step}", x, step=step) is None
    assert len(told) == 1
    assert told[0].filename == __file__
    assert len(run.lost) == 500
    # It was tried after 2, 4, 8, 16 seconds; each time twice: a daemon that has gone is looked for once more.
    assert starts.read_text() == "start\n" * 5
    with pytest.raises(vy.UnavailableError, match="not ours"):
        run.log("run/x", matrix(0), strict=True)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk(home: str, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        client = vy.connect(home=str(disk / "home"))
        kept = []
        with pytest.warns(UserWarning) as told:
            for step in range(40):
                space = client.log(f"run/{step}", matrix(step, 20_000, 16), experiment="run", step=step)
                kept += [] if space is None else [space.name]
        assert len(told) == 1, [str(w.message) for w in told]
        assert "full" in str(told[0].message)
        assert 1 <= len(kept) < 40
        assert len(client.lost) == 40 - len(kept)
        assert {s.name for s in client.spaces()} == set(kept)
        client.stop()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def _rank(home: str, rank: int, steps: int) -> tuple[list[str], list[str]]:
    client = vy.connect(home=home)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for step in range(steps):
            same = client.log(f"same/{step}", matrix(step), experiment="same", step=step)
            assert same is not None
            client.log(f"other/{step}", matrix(100 * rank + step), experiment="other", step=step)
    return [str(w.message) for w in told], client.lost


def test_two_ranks_log_at_once(home: str, fresh: vy.Client) -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        ranks = [pool.submit(_rank, home, rank, 20) for rank in (1, 2)]
        found = [rank.result() for rank in ranks]
    names = {s.name for s in fresh.spaces()}
    assert {f"same/{step}" for step in range(20)} | {f"other/{step}" for step in range(20)} == names
    lost = [name for _, names in found for name in names]
    assert sorted(lost) == sorted(f"other/{step}" for step in range(20))  # each has one winner
    assert all(len(told) <= 1 for told, _ in found)


def test_forked_loaders_leave_the_connection_alone(fresh: vy.Client) -> None:
    client = fresh
    assert client.log("run/0", matrix(0), step=0) is not None
    for step in range(1, 20):
        child = os.fork()
        if child == 0:
            try:  # a loader that dies while it has our connection
                os._exit(0 if client.log(f"child/{step}", matrix(step)) is not None else 1)
            finally:
                os._exit(2)
        assert client.log(f"run/{step}", matrix(step), step=step) is not None
        assert os.waitpid(child, 0)[1] == 0
    assert len(client.spaces()) == 39


def test_a_run_is_followed(fresh: vy.Client) -> None:
    client = fresh
    client.add_dataset("digits", DATA / "items.csv")
    pixels, last = np.load(DATA / "pixels.npy"), np.load(DATA / "epoch20.npy")
    client.log("digits/pixels", pixels, dataset="digits", strict=True)
    asked = 0

    def embed() -> Any:
        nonlocal asked
        asked += 1
        return np.load(DATA / f"epoch{(0, 5, 20)[asked - 1]:02d}.npy")

    said = {"every": 10, "reference": "digits/pixels", "params": {"lr": 0.1}, "wait": WAIT_S}
    with client.watch("net", "digits", **said) as run:
        for step in range(30):
            run(step, embed)
    assert asked == 3
    assert run.alerts == []
    assert run.lost == []
    line = run.timeline
    assert line.steps == [0, 10, 20]
    assert line.spaces == ["net/step-0", "net/step-10", "net/step-20"]
    previous, reference = line.columns["previous"], line.columns["reference"]
    assert previous[0] is None
    assert previous[2] == client.compare("net/step-10", "net/step-20").mean
    assert reference[2] == client.compare("digits/pixels", "net/step-20").mean
    assert line.columns["effective_rank"][2] == client.grade("net/step-20")["effective_rank"]
    assert client.experiments()["net"].params == {"lr": 0.1}
    assert client.timeline("net").columns["previous"] == pytest.approx(previous, nan_ok=True)
    with client.watch("net", "digits") as again:  # the same run once more, with other vectors
        space = again(20, last + 1)
    assert space is not None
    assert client.spaces()["net/step-20"].sha256 == space.sha256


def sick(kind: str) -> Any:
    x = matrix(0, 400, 16)
    if kind == "not finite":
        x[3, 5] = np.nan
    elif kind == "duplicates":
        x[:200] = x[200:]
    elif kind == "collapse":
        x[:] = x[0]
    elif kind == "zero rows":
        x[:9] = 0
    elif kind == "anisotropy":
        x += 30
    elif kind == "hubness":  # points at the rim of a ball in many dimensions, and its centre
        x = matrix(1, 400, 500)
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        x[0] = 0.001
    return x


@pytest.mark.parametrize(
    "kind", ["not finite", "duplicates", "collapse", "zero rows", "anisotropy", "hubness"]
)
def test_a_sick_space_is_told_once(client: vy.Client, kind: str) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with client.watch(f"sick{hash(kind)}", metric="euclidean", wait=WAIT_S) as run:
            for step in range(3):
                run(step, sick(kind))
    assert {w.category for w in told} == {vy.HealthWarning}
    assert {w.filename for w in told} == {__file__}
    assert len([w for w in told if f" {kind}: " in str(w.message)]) == 1
    assert [step for step, said, _ in run.alerts if said == kind] == [0, 1, 2]
    assert kind in repr(run)
    assert kind in run._repr_html_()


def test_a_run_goes_on_where_warnings_are_errors(
    client: vy.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert client.log("errors/nan", sick("not finite")) is None
        with client.watch("errors", metric="euclidean", wait=WAIT_S) as run:
            for step in range(2):
                run(step, sick("collapse"))
            run(2, lambda: 1 / 0)
    told = capsys.readouterr().err
    assert told.count("the run goes on: row 3, column 5 is nan") == 1
    assert told.count("division by zero") == 1
    assert [s for s in run.timeline.spaces] == ["errors/step-0", "errors/step-1"]
    assert run.lost == ["errors/step-2"]


def test_an_embedding_that_fails_does_not_end_the_run(client: vy.Client) -> None:
    def embed() -> Any:
        raise RuntimeError("out of memory")

    with pytest.warns(UserWarning, match="out of memory") as told:
        with client.watch("failing") as run:
            assert [run(step, embed) for step in range(3)] == [None, None, None]
    assert len(told) == 1
    assert run.lost == ["failing/step-0", "failing/step-1", "failing/step-2"]
    with pytest.raises(ZeroDivisionError):  # what the run itself raises is not ours to hide
        with client.watch("failing"):
            raise ZeroDivisionError


def test_only_the_first_rank_logs(client: vy.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    assert client.watch("ranks")(0, matrix(0)) is None
    monkeypatch.setenv("RANK", "0")
    assert client.watch("ranks")(0, matrix(0)) is not None


@pytest.mark.parametrize("name", ["keras", "lightning", "pytorch", "transformers"])
def test_a_hook_imports_no_library(name: str) -> None:
    program = f"import vectory.callbacks.{name}, sys; print(sorted({{m.split('.')[0] for m in sys.modules}}))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert not {"keras", "torch", "lightning", "pytorch_lightning", "transformers", "tensorflow"} & set(
        json.loads(loaded.replace("'", '"'))
    )


def test_importing_starts_nothing(home: str) -> None:
    program = "import vectory, threading; print(threading.active_count())"
    env = {**os.environ, "VECTORY_HOME": home}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=env
    )
    assert done.stdout == "1\n"
    assert not Path(home).exists()
    assert find_program()
