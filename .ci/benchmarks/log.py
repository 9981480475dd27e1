"""What `vectory.log` costs beside a raw copy of the same bytes.

    python .ci/benchmarks/log.py [--rows 1000000] [--dims 128] [--pairs 5]

The raw copy sends the matrix over loopback to another process, which writes it to a file, fsyncs that
and answers. Both are run in turn, on the same disk, in the same minute: the ratio of a pair says more than
either number. On a machine that does other work as well, `chrt -r 1` in front gives both sides the
processors. VECTORY_BIN names the program.
"""

from __future__ import annotations

import argparse
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "client-python"))
import vectory as vy  # noqa: E402

BUFFER = 1 << 20


def receive(path: str) -> None:
    """Take connections: the length, then the bytes, into a file made durable before the answer."""
    buffer = memoryview(bytearray(BUFFER))
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            peer, _ = server.accept()
            with peer, open(path, "wb", buffering=0) as out:
                left = int.from_bytes(peer.recv(8, socket.MSG_WAITALL), "little")
                if left == 0:
                    return
                while left:
                    n = peer.recv_into(buffer[: min(BUFFER, left)])
                    out.write(buffer[:n])
                    left -= n
                os.fsync(out.fileno())
                peer.sendall(b"k")
            os.remove(path)


def copy(x: np.ndarray, port: int) -> None:
    """Send the matrix to the other process and wait until it is on the disk."""
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.sendall(x.nbytes.to_bytes(8, "little"))
        peer.sendall(x.data.cast("B"))
        assert peer.recv(1) == b"k"


def cpu_of(pid: int) -> float:
    """CPU seconds of another process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(work: object, other: int) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds of this process and of the other one."""
    usage, theirs, began = resource.getrusage(resource.RUSAGE_SELF), cpu_of(other), time.perf_counter()
    work()  # type: ignore[operator]
    wall = time.perf_counter() - began
    now = resource.getrusage(resource.RUSAGE_SELF)
    return wall, now.ru_utime + now.ru_stime - usage.ru_utime - usage.ru_stime, cpu_of(other) - theirs


def main() -> None:
    """Print a line a pair, and the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--dims", type=int, default=128)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--home", type=Path, help="a folder of the disk that is meant")
    said = parser.parse_args()
    x = np.random.default_rng(1).standard_normal((said.rows, said.dims), dtype=np.float32)
    with tempfile.TemporaryDirectory(dir=said.home) as home:
        command = [sys.executable, __file__, "--receive", f"{home}/copy"]
        receiver = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        port = int(receiver.stdout.readline())  # type: ignore[union-attr]
        client = vy.connect(home=f"{home}/home")
        daemon = client.status()["pid"]
        try:
            pairs(said.pairs, x, port, receiver.pid, client, daemon)
        finally:
            client.stop()
            with socket.create_connection(("127.0.0.1", port)) as peer:
                peer.sendall(bytes(8))
            receiver.wait()


def pairs(n: int, x: np.ndarray, port: int, receiver: int, client: vy.Client, daemon: int) -> None:
    """Run n pairs after one that is not counted."""
    megabytes, ratios, cpus = x.nbytes / 1e6, [], []
    print(f"{x.shape[0]}×{x.shape[1]} float32, {megabytes:.0f} MB; load {os.getloadavg()[0]:.1f}")
    print("raw copy s (CPU here + there) | vectory.log s (CPU here + daemon) | log at … of the raw rate")
    for i in range(n + 1):
        x[0, 0] = i  # other content: what is kept already is not written again
        raw = timed(lambda: copy(x, port), receiver)
        ours = timed(lambda: client.log(f"matrix-{i}", x, strict=True, metric="euclidean"), daemon)  # noqa: B023
        client.delete(f"matrix-{i}")
        # Gone for good, as the copy is: memory that was just given back is cheaper to write to.
        client._ask("POST", "gc", {"all": True})
        if i == 0:
            continue
        ratios.append(raw[0] / ours[0])
        cpus.append(sum(raw[1:]) / sum(ours[1:]))
        print(
            f"{raw[0]:.2f} ({raw[1]:.2f} + {raw[2]:.2f}) | {ours[0]:.2f} ({ours[1]:.2f} + {ours[2]:.2f}) | "
            f"{100 * ratios[-1]:.0f} %, {megabytes / ours[0]:.0f} MB/s; by CPU {100 * cpus[-1]:.0f} %",
            flush=True,
        )
    print(f"median {100 * statistics.median(ratios):.0f} %; by CPU {100 * statistics.median(cpus):.0f} %")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--receive"]:
        receive(sys.argv[2])
    else:
        main()
