"""Reaching a daemon: settings, a tunnel, a restart, Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
import vectory as vy
from vectory._progress import Progress


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[vy.Client]:
    monkeypatch.setenv("VECTORY_IDLE", "2m")
    with vy.connect(home=str(tmp_path / "home")) as client:
        yield client
        client.stop()


def test_the_settings_name_a_daemon(fresh: vy.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VECTORY_URL", fresh._transport.url)
    monkeypatch.setenv("VECTORY_TOKEN", fresh._transport._token)
    monkeypatch.setenv("VECTORY_BIN", "/nowhere")
    program = "import vectory as vy; vy.log('x', [[1, 2], [3, 4]], strict=True); print(vy.spaces()['x'].rows)"
    env = {k: v for k, v in os.environ.items() if k != "VECTORY_HOME"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=env)
    assert (done.stdout, done.stderr) == ("2\n", "")
    assert fresh.spaces()["x"].dims == 2


def test_through_a_tunnel_that_breaks(fresh: vy.Client) -> None:
    """What `ssh -L` does: bytes go to and fro by a socket of its own, here on another loopback address."""
    port = urlsplit(fresh._transport.url).port
    assert port is not None
    tunnel = socket.create_server(("::1", port), family=socket.AF_INET6)
    open_ends: list[socket.socket] = []

    def pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(1 << 16):
                sink.sendall(data)
        except OSError:
            pass
        finally:
            sink.close()

    def serve() -> None:
        while True:
            try:
                near, _ = tunnel.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", port))
            open_ends.extend([near, far])
            for ends in ((near, far), (far, near)):
                threading.Thread(target=pump, args=ends, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    with vy.connect(f"http://[::1]:{port}", token=fresh._transport._token) as client:
        x = np.arange(40_000, dtype=np.float32).reshape(-1, 4)
        assert client.log("far", x, strict=True) is not None
        for end in open_ends:  # the network is gone for a moment
            with contextlib.suppress(OSError):  # that one has gone already
                end.shutdown(socket.SHUT_RDWR)
        assert client.spaces()["far"].rows == 10_000
    tunnel.close()


def test_a_restarted_daemon_is_found_again(fresh: vy.Client) -> None:
    fresh.log("x", np.eye(3), strict=True)
    os.kill(fresh.status()["pid"], signal.SIGKILL)
    assert fresh.spaces()["x"].rows == 3
    with vy.connect(fresh._transport.url, token=fresh._transport._token) as plain:
        os.kill(fresh.status()["pid"], signal.SIGKILL)
        with pytest.raises(vy.UnavailableError, match="vectory up"):
            plain.spaces()  # by address only: nobody told how to start it
    assert fresh.neighbours("x", row=0, k=1).rows.tolist() == [1]


def test_control_c_cancels_the_job(fresh: vy.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    for name in ("a", "b"):
        fresh.log(name, random.normal(size=(60_000, 256)).astype(np.float32), strict=True)
    # A shell starts a job in the background with SIGINT ignored, and Python leaves it so.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr(Progress, "__enter__", lambda _: os.kill(os.getpid(), signal.SIGINT))
    try:
        with pytest.raises(KeyboardInterrupt):
            fresh.compare("a", "b", k=50, exact=True)
    finally:
        signal.signal(signal.SIGINT, before)
    (job,) = (job for job in fresh._ask("GET", "jobs")["jobs"] if job["kind"] == "compare")
    while job["state"] in ("queued", "running"):  # what it computes is given up between two blocks of rows
        job = fresh._ask("GET", f"jobs/{job['id']}", {"wait": 20})
    assert job["state"] == "canceled"
    assert fresh.status()["running"]
