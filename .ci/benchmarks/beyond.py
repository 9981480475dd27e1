"""Two spaces larger than the memory of their daemon, loaded into Elasticsearch and compared there.

The daemon runs in a memory cgroup (as root; page cache counts too), so that each file has to be read in
chunks that are given up again. Prints the rates and the most memory, and whether the sampled score by the
cluster is the one that a daemon without a limit computes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
from bench import ROOT, clustered
from elastic import Door, Vectory, clock

ROWS, DIMS, SHARDS, SAMPLE = 120_000, 384, 3, 300
LIMIT = 128 << 20  # bytes, of a daemon whose spaces are 184 MB each
SCRIPT = ["bash", str(ROOT / ".ci/elasticsearch")]


class Cage:
    """A memory cgroup, version 1 or 2."""

    def __init__(self, limit: int) -> None:
        """Make it."""
        root = Path("/sys/fs/cgroup")
        first = (root / "memory").is_dir()
        self.folder = (root / "memory" if first else root) / f"vectory-bench-{os.getpid()}"
        self.most = self.folder / ("memory.max_usage_in_bytes" if first else "memory.peak")
        self.folder.mkdir()
        (self.folder / ("memory.limit_in_bytes" if first else "memory.max")).write_text(str(limit))

    def put(self, pid: int) -> None:
        """Hold a process, from now on."""
        (self.folder / "cgroup.procs").write_text(str(pid))

    def close(self) -> None:
        """Remove it, once its processes have ended."""
        for _ in range(50):
            if not (self.folder / "cgroup.procs").read_text():
                self.folder.rmdir()
                return
            time.sleep(0.1)


def run(program: str, node: str) -> bool:
    """Load and compare; says whether the scores are equal."""
    cage = Cage(LIMIT)
    with tempfile.TemporaryDirectory() as folder:
        Path(f"{folder}/x.csv").write_text("id\n" + "".join(f"r{i}\n" for i in range(ROWS)))
        x = clustered(ROWS, DIMS)
        np.save(f"{folder}/a.npy", x)
        x += 0.02 * np.random.default_rng(5).standard_normal(x.shape, dtype=np.float32)
        np.save(f"{folder}/b.npy", x)
        size = x.nbytes
        del x
        compare = ["compare", "a", "b", "--sample", str(SAMPLE), "--measure", "overlap"]
        os.environ["VECTORY_MEMORY"] = "64MB"
        with Vectory(program, node) as here:
            cage.put(here.pid)
            for name in "ab":
                files = ["-i", f"{folder}/x.csv", "-e", f"{folder}/{name}.npy"]
                here.says("add", *files, "--space-name", name, "--metric", "euclidean")
            print(
                f"spaces of {size >> 20} MB, a daemon of at most {LIMIT >> 20} MB, {SHARDS} shards",
                flush=True,
            )
            for name in "ab":
                load = ["embeddings", "load", name, name, "-n", str(SHARDS)]
                took, ix = clock(partial(here.says, *load))
                rate = ix["rows"] / took
                print(
                    f"{name}: {ix['rows']} rows {ix['state']} in {took:.0f} s, {rate:.0f} rows/s", flush=True
                )
            took, there = clock(lambda: here.says(*compare, "--engine", "elasticsearch"))
            print(f"compared by {SAMPLE} rows in {took:.0f} s: {there['jaccard']['mean']:.6f}", flush=True)
            here.says("embeddings", "delete-all-indices", "--yes")
            print(
                f"the daemon had {int(cage.most.read_text()) >> 20} MB at most, with the pages of its files"
            )
        cage.close()
        del os.environ["VECTORY_MEMORY"]
        with Vectory(program, node) as free:
            for name in "ab":
                files = ["-i", f"{folder}/x.csv", "-e", f"{folder}/{name}.npy"]
                free.says("add", *files, "--space-name", name, "--metric", "euclidean")
            local = free.says(*compare)
        print(f"without a limit, by the daemon itself: {local['jaccard']['mean']:.6f}")
    return bool(local["jaccard"]["mean"] == there["jaccard"]["mean"])


def main() -> None:
    """Start a node unless one is named, and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectory", required=True)
    parser.add_argument("--node", help="a node that runs")
    wanted = parser.parse_args()
    same = False
    if wanted.node:
        same = run(wanted.vectory, wanted.node)
    else:
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            Path(folder).chmod(0o755)
            env = {"HEAP": "1g", **os.environ}
            start = [*SCRIPT, "start", f"{folder}/node"]
            url = subprocess.run(start, check=True, stdout=subprocess.PIPE, env=env).stdout.decode().strip()
            try:
                Door(url)
                same = run(wanted.vectory, url)
            finally:
                subprocess.run([*SCRIPT, "stop", f"{folder}/node"], check=True)
    if not same:
        sys.exit("the scores differ")


if __name__ == "__main__":
    main()
