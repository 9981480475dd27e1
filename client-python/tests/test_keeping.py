"""The doctor and a backup, while spaces come and go."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import numpy as np
import vectory as vy

PROGRAM = os.environ.get("VECTORY_BIN") or shutil.which("vectory") or "vectory"


def vectory(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "VECTORY_HOME": str(home), "VECTORY_IDLE": "2m"}
    return subprocess.run([PROGRAM, *args], env=env, capture_output=True, text=True)


def sound(home: Path) -> dict[str, Any]:
    done = vectory(home, "doctor", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_nothing_is_wrong_while_spaces_come_and_go(tmp_path: Path) -> None:
    home = tmp_path / "home"
    client = vy.connect(home=str(home))
    random = np.random.default_rng(0)
    enough = threading.Event()
    failed: list[BaseException] = []

    def come_and_go() -> None:
        try:
            for i in itertools.count():
                if enough.is_set():
                    return
                client.log(f"s{i}", random.normal(size=(50, 8)), strict=True)
                if i % 7 == 3:
                    client.delete(f"s{i - 2}")
        except BaseException as error:  # told by the test, not by the thread
            failed.append(error)

    worker = threading.Thread(target=come_and_go)
    worker.start()
    try:
        for i in range(6):
            sound(home)
            done = vectory(home, "backup", str(tmp_path / f"backup{i}"))
            assert done.returncode == 0, done.stderr
            assert worker.is_alive(), failed
    finally:
        enough.set()
        worker.join()
    assert not failed
    client.stop()
    for i in (0, 3, 5):
        copy = tmp_path / f"copy{i}"
        assert vectory(copy, "restore", str(tmp_path / f"backup{i}")).returncode == 0
        assert i == 0 or sound(copy)["files"] > 0
        vectory(copy, "stop")
