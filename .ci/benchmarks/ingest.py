"""What taking in a matrix costs beside `dd conv=fsync` of the same file, by every way in.

    python .ci/benchmarks/ingest.py [--rows 350000] [--dims 768] [--ways file,socket,fortran,npz,parquet]

Each way is run between two dd of the same bytes on the same disk; what was kept is removed between, so that
it is written anew. Peak is the daemon's resident memory at its highest (VmHWM, put back before each way)
above what a fresh daemon has. VECTORY_BIN names the program; on a machine that does other work, `chrt -r 1`
in front.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

PROGRAM = os.environ["VECTORY_BIN"]
BLOCK = 10_000  # rows


def vectory(*args: str) -> str:
    """Run the program and give what it prints."""
    return subprocess.run([PROGRAM, *args], check=True, stdout=subprocess.PIPE, text=True).stdout


def blocks(rows: int, dims: int) -> Iterator[np.ndarray]:
    """The same rows at each call, a block at a time."""
    for first in range(0, rows, BLOCK):
        shape = (min(BLOCK, rows - first), dims)
        yield np.random.default_rng(first).standard_normal(shape, dtype=np.float32)


def write_npy(path: Path, rows: int, dims: int, order: str = "C") -> Path:
    """Write the rows as an .npy, never as a whole in memory."""
    out = np.lib.format.open_memmap(path, "w+", np.float32, (rows, dims), fortran_order=order == "F")
    for i, block in enumerate(blocks(rows, dims)):
        out[i * BLOCK :][: len(block)] = block
    out.flush()
    return path


def write_npz(path: Path, rows: int, dims: int) -> Path:
    """Write the rows as numpy.savez does."""
    np.savez(path, x=np.load(write_npy(path.with_suffix(".tmp.npy"), rows, dims), mmap_mode="r"))
    path.with_suffix(".tmp.npy").unlink()
    return path


def write_columns(path: Path, rows: int, dims: int) -> Path:
    """Write the rows as a column of lists of one length."""
    import pyarrow as pa
    import pyarrow.feather
    import pyarrow.parquet

    kind = pa.list_(pa.float32(), dims)
    schema = pa.schema([("vector", kind)])
    if path.suffix == ".parquet":
        writer = pa.parquet.ParquetWriter(path, schema, compression="none", use_dictionary=False)
    else:
        writer = pa.ipc.new_file(path, schema)
    with writer:
        for block in blocks(rows, dims):
            column = pa.FixedSizeListArray.from_arrays(pa.array(block.ravel()), dims)
            writer.write_table(pa.table({"vector": column}, schema))
    return path


def dd(path: Path) -> float:
    """Seconds of a durable copy."""
    copy = path.with_suffix(".copy")
    began = time.perf_counter()
    subprocess.run(
        ["dd", f"if={path}", f"of={copy}", "bs=1M", "conv=fsync"], check=True, stderr=subprocess.DEVNULL
    )
    took = time.perf_counter() - began
    copy.unlink()
    return took


def memory(pid: int, what: str) -> float:
    """MB of another process."""
    line = next(
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith(what)
    )
    return int(line.split()[1]) * 1024 / 1e6


def send(path: Path) -> None:
    """Bring the bytes themselves, as a client elsewhere does."""
    run = json.loads(vectory("up", "--json"))
    token = json.loads(next(Path(os.environ["VECTORY_HOME"]).glob("daemon*.json")).read_text())["token"]
    door = http.client.HTTPConnection(urlsplit(run["url"]).netloc, blocksize=1 << 20)
    with path.open("rb") as body:
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/octet-stream",
            "Content-Length": str(path.stat().st_size),
        }
        door.request("PUT", "/api/v1/spaces/x?dataset=items", body, headers)
    answer = door.getresponse()
    assert answer.status == 201, answer.read()


def name(path: Path) -> None:
    """Name the file to the daemon, as the command line does."""
    vectory("add", "--dataset-name", "items", "-e", str(path), "--space-name", "x")


WAYS: dict[str, tuple[str, Callable[..., Path], Callable[[Path], None]]] = {
    "file": ("x.npy", write_npy, name),
    "socket": ("x.npy", write_npy, send),
    "fortran": ("f.npy", lambda *of: write_npy(*of, order="F"), name),
    "npz": ("x.npz", write_npz, name),
    "npz-socket": ("x.npz", write_npz, send),
    "parquet": ("x.parquet", write_columns, name),
    "feather": ("x.feather", write_columns, name),
}


def main() -> None:
    """Print a line a way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=350_000)
    parser.add_argument("--dims", type=int, default=768)
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--home", type=Path, help="a folder of the disk that is meant")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=said.home) as folder:
        os.environ["VECTORY_HOME"] = f"{folder}/home"
        ids = Path(folder, "items.csv")
        ids.write_text("id\n" + "".join(f"item-{i}\n" for i in range(said.rows)))
        first = write_npy(Path(folder, "ids.npy"), said.rows, 1)
        vectory("add", "-i", str(ids), "--dataset-name", "items", "-e", str(first), "--space-name", "first")
        vectory("embeddings", "delete", "first", "--yes")
        vectory("stop")
        vectory("up")
        idle = memory(json.loads(vectory("status", "--json"))["pid"], "VmRSS")
        print(f"{said.rows}×{said.dims} float32; load {os.getloadavg()[0]:.1f}")
        try:
            for way in said.ways.split(","):
                measure(Path(folder), way, said.rows, said.dims, idle)
        finally:
            vectory("stop")


def measure(folder: Path, way: str, rows: int, dims: int, idle: float) -> None:
    """Print what one way costs."""
    file, write, take = WAYS[way]
    path = folder / file
    if not path.exists():
        for old in [*folder.glob("?.*")]:
            old.unlink()
        write(path, rows, dims)
    vectory("gc", "--all")
    pid = json.loads(vectory("status", "--json"))["pid"]
    before = dd(path)
    time.sleep(1)
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    began = time.perf_counter()
    take(path)
    took = time.perf_counter() - began
    peak = memory(pid, "VmHWM")
    vectory("embeddings", "delete", "x", "--yes")
    vectory("gc", "--all")
    raw = (before + dd(path)) / 2
    size = path.stat().st_size / 1e6
    print(
        f"{way:11s} {size:5.0f} MB  dd {raw:5.1f} s ({size / raw:4.0f} MB/s)  "
        f"vectory {took:5.1f} s ({size / took:4.0f} MB/s), {100 * raw / took:3.0f} % of dd; "
        f"memory {idle:.0f} MB idle, {peak:.0f} MB peak: {peak - idle:+.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
