"""Our exact neighbours against the peers: CPU seconds, wall, peak memory, recall and ratios.

Each run is a process of its own; peers that search exactly answer all queries, or at a million rows
as many as fit a budget, and then their times are scaled to all rows (marked *). Loading and generating data is not timed.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
K = 10


def clustered(n: int, d: int) -> np.ndarray:
    """Embedding-like: clusters, eigenvalues like 1/r, a mean that is not zero, unit rows."""
    r = np.random.default_rng(1)
    spread = (1 / np.sqrt(1 + np.arange(d))).astype(np.float32)
    turn = np.linalg.qr(r.standard_normal((d, d)))[0].astype(np.float32)
    centres = r.standard_normal((max(10, n // 200), d)).astype(np.float32) * spread
    label = r.integers(0, len(centres), n)
    x = np.empty((n, d), np.float32)
    for i in range(0, n, 20000):
        own = label[i : i + 20000]
        x[i : i + 20000] = (
            centres[own] + 0.7 * r.standard_normal((len(own), d), dtype=np.float32) * spread
        ) @ turn
    x += 0.5 * turn[0]
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def network(n: int, d: int) -> np.ndarray:
    """Rows of a random two-layer network of 20 hidden numbers, with 3 % noise, unit rows."""
    r = np.random.default_rng(1)
    z = r.standard_normal((n, 20), dtype=np.float32)
    first = r.standard_normal((20, 256), dtype=np.float32) / 4.5
    second = r.standard_normal((256, d), dtype=np.float32) / 16
    x = np.empty((n, d), np.float32)
    for i in range(0, n, 50000):
        x[i : i + 50000] = np.tanh(np.tanh(z[i : i + 50000] @ first) @ second)
    x += 0.03 * x.std() * r.standard_normal(x.shape, dtype=np.float32)
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def noise(n: int, d: int) -> np.ndarray:
    """Isotropic noise: nothing to exploit."""
    return np.random.default_rng(1).standard_normal((n, d), dtype=np.float32)


def near_copies(n: int, d: int) -> np.ndarray:
    """Half the rows within 1e-3 of another."""
    x = clustered(n, d)
    step = 1e-3 / np.sqrt(d) * np.random.default_rng(2).standard_normal((n - n // 2, d))
    x[n // 2 :] = x[: n - n // 2] + step.astype(np.float32)
    return x


def glosses(name: str) -> np.ndarray:
    """Real: 4,000 dictionary glosses of the demo."""
    return np.load(ROOT / f"internal/demo/data/words/{name}.npy").astype(np.float32)


def prose(rows: int) -> np.ndarray:
    """Real, with a flat spectrum: TF-IDF of paragraphs of the peers' own documentation."""
    import scipy
    import sklearn
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts: dict[str, None] = {}
    for package in (sklearn, scipy, np):
        for file in sorted(Path(package.__path__[0]).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_bytes())):
                if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                    continue
                for paragraph in (ast.get_docstring(node) or "").split("\n\n"):
                    if len(re.findall("[a-z]{3,}", paragraph)) >= 12:
                        texts[" ".join(paragraph.split())] = None
    some = list(texts)[:: len(texts) // rows][:rows]
    counts = TfidfVectorizer(stop_words="english", min_df=2).fit_transform(some)
    x = TruncatedSVD(256, random_state=0).fit_transform(counts).astype(np.float32)
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)


QUICK = {
    "glosses minilm 4k×384": lambda: glosses("minilm"),
    "glosses tfidf 4k×256": lambda: glosses("tfidf"),
    "prose tfidf 7.6k×256": lambda: prose(7_600),
    "clustered 10k×512": lambda: clustered(10_000, 512),
    "noise 20k×384": lambda: noise(20_000, 384),
}
FULL = QUICK | {
    "network 60k×784": lambda: network(60_000, 784),
    "clustered 100k×384": lambda: clustered(100_000, 384),
    "near copies 100k×384": lambda: near_copies(100_000, 384),
    "clustered 100k×384 k=100": lambda: clustered(100_000, 384),
    "network 1M×128": lambda: network(1_000_000, 128),
}


def cpu() -> float:
    """CPU seconds of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_mb() -> int:
    """Peak memory of this process; ru_maxrss would count the parent's too."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def faiss_flat(x: np.ndarray, q: int, k: int, threads: int) -> Any:
    """IndexFlatL2; the row itself is among the answers."""
    import faiss

    faiss.omp_set_num_threads(threads)
    index = faiss.IndexFlatL2(x.shape[1])
    index.add(x)
    return lambda: index.search(x[:q], k + 1)[1]


def sklearn_brute(x: np.ndarray, q: int, k: int, threads: int) -> Any:
    """NearestNeighbors(algorithm="brute")."""
    from sklearn.neighbors import NearestNeighbors

    model = NearestNeighbors(n_neighbors=k + 1, algorithm="brute", n_jobs=threads).fit(x)
    return lambda: model.kneighbors(x[:q], return_distance=False)


def usearch_exact(x: np.ndarray, q: int, k: int, threads: int) -> Any:
    """Exact search of usearch."""
    from usearch.index import MetricKind, search

    return lambda: search(x, x[:q], k + 1, MetricKind.L2sq, exact=True, threads=threads).keys


def pynndescent_graph(x: np.ndarray, q: int, k: int, threads: int) -> Any:
    """NNDescent, compiled beforehand."""
    from pynndescent import NNDescent

    NNDescent(x[:2000], n_neighbors=k + 1, n_jobs=threads, random_state=1)  # compiles
    return lambda: NNDescent(x, n_neighbors=k + 1, n_jobs=threads, random_state=1).neighbor_graph[0]


def hnsw(x: np.ndarray, q: int, k: int, threads: int) -> Any:
    """Hnswlib, M 16, ef 200: build and query all."""
    import hnswlib

    def run() -> np.ndarray:
        index = hnswlib.Index(space="l2", dim=x.shape[1])
        index.init_index(max_elements=len(x), M=16, ef_construction=200)
        index.set_num_threads(threads)
        index.add_items(x)
        index.set_ef(max(200, 2 * k))
        return index.knn_query(x, k=k + 1)[0]

    return run


PEERS = {
    "faiss IndexFlatL2": (faiss_flat, True),
    "scikit-learn brute": (sklearn_brute, True),
    "usearch exact": (usearch_exact, True),
    "pynndescent": (pynndescent_graph, False),
    "hnswlib": (hnsw, False),
}


def worker(path: str, peer: str, k: int, threads: int) -> None:
    """Run one peer in this process and print what it took."""
    x = np.load(path)
    n, d = x.shape
    make, exact = PEERS[peer]
    budget = 4e10 if peer == "usearch exact" else 8e12  # products: about a minute of faiss on two cores
    q = min(n, max(1000, int(budget / (2 * n * d)))) if exact else n
    run = make(x, q, k, threads)
    began, before = time.perf_counter(), cpu()
    found = np.asarray(run())
    wall, spent = time.perf_counter() - began, cpu() - before
    rows = np.linspace(0, q - 1, min(q, 1000)).astype(int)
    ids = [[int(j) for j in found[i] if j != i][:k] for i in rows]
    peak = peak_mb()
    print(
        json.dumps(
            {
                "wall": wall * n / q,
                "cpu": spent * n / q,
                "peak_mb": peak,
                "scaled": q < n,
                "rows": rows.tolist(),
                "ids": ids,
            }
        )
    )


def products(path: str, threads: int) -> None:
    """Time numpy's three products of two centred spaces of float64, and nothing else."""
    x = np.load(path).astype(np.float64)
    x -= x.mean(axis=0)
    y = x.copy()
    began, before = time.perf_counter(), cpu()
    x.T @ x, y.T @ y, x.T @ y
    print(json.dumps({"wall": time.perf_counter() - began, "cpu": cpu() - before, "peak_mb": peak_mb()}))


def sums(rows: int, dims: int, data: Path, join: str, threads: int) -> None:
    """Print the table of the sums that CKA, CCA and the like are read from."""
    path = data / f"moments-{rows}x{dims}.npy"
    if not path.exists():
        np.save(path, np.random.default_rng(3).normal(size=(rows, dims)).astype(np.float32))
    print(f"\n### moments of two spaces {rows}x{dims}: centring and three products\n")
    print("| who | threads | wall s | CPU s | peak MB | wall ÷ ours |")
    print("|---|---:|---:|---:|---:|---:|")
    worker = [sys.executable, __file__, "--worker", "products", "--path", str(path)]
    ours = 0.0
    for who, command in (
        ("vectory", [join, str(path), "moments", "1", str(threads), ""]),
        ("vectory avx2", [join, str(path), "moments", "1", str(threads), "avx2"]),
        ("numpy float64, products only", [*worker, "--threads", str(threads)]),
    ):
        run = measure(command, threads)
        if "failed" in run:
            print(f"| {who} | {threads} | failed: {run['failed']} | | | |", flush=True)
            continue
        ours = ours or run["wall"]
        print(
            f"| {who} | {threads} | {run['wall']:.3f} | {run['cpu']:.3f} | {run['peak_mb']}"
            f" | {run['wall'] / ours:.2f} |",
            flush=True,
        )


def measure(command: list[str], threads: int) -> dict[str, Any]:
    """Run a command that prints one JSON line."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    env = {**os.environ, **dict.fromkeys(names, str(threads))}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        return {"failed": done.stderr.strip().splitlines()[-1:]}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def recall(found: dict[str, Any], ours: np.ndarray, k: int) -> float:
    """Share of our neighbours that a peer found, over the rows that it tells."""
    hits = [len(set(ids) & set(ours[i].tolist())) for i, ids in zip(found["rows"], found["ids"], strict=True)]
    return float(np.mean(hits)) / k


def compare(name: str, path: Path, join: str, peers: list[str], threads: int) -> None:
    """Print the table of one shape."""
    k = 100 if "k=100" in name else K
    rows = np.load(path, mmap_mode="r").shape[0]
    ours: dict[int, dict[str, Any]] = {}
    print(f"\n### {name}\n")
    print("| who | threads | wall s | CPU s | peak MB | recall | wall ÷ ours | CPU ÷ ours |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    table = np.empty(0)

    def line(who: str, t: int, run: dict[str, Any], share: float) -> None:
        if "failed" in run:
            print(f"| {who} | {t} | failed: {run['failed']} | | | | | |", flush=True)
            return
        star = "*" if run.get("scaled") else ""
        print(
            f"| {who} | {t} | {run['wall']:.3f}{star} | {run['cpu']:.3f}{star} | {run['peak_mb']}"
            f" | {share:.4f} | {run['wall'] / ours[t]['wall']:.1f} | {run['cpu'] / ours[t]['cpu']:.1f} |",
            flush=True,
        )

    for t in sorted({1, threads}):
        for kernel in ("", "avx2", "go") if rows <= 20_000 else ("", "avx2"):
            run = measure([join, str(path), "euclidean", str(k), str(t), kernel], t)
            if kernel == "":
                ours[t] = run
                table = np.array(run["ids"]).reshape(rows, k)
            line(f"vectory {kernel}".strip(), t, run, 1.0)
        for peer in ["faiss IndexFlatL2"] if t == 1 and threads > 1 else peers:
            command = [sys.executable, __file__, "--worker", peer, "--path", str(path), "--k", str(k)]
            run = measure([*command, "--threads", str(t)], t)
            line(peer, t, run, 0.0 if "failed" in run else recall(run, table, k))


def main() -> None:
    """Read the arguments; run one peer, or print every table."""
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--quick", action="store_true", help="the small shapes only")
    p.add_argument("--shape", help="only shapes whose name holds this")
    p.add_argument("--peers", default=",".join(PEERS), help="which peers, separated by commas")
    p.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    p.add_argument("--join")
    p.add_argument("--data", type=Path)
    p.add_argument("--worker")
    p.add_argument("--path")
    p.add_argument("--k", type=int, default=K)
    a = p.parse_args()
    if a.worker == "products":
        products(a.path, a.threads)
        return
    if a.worker:
        worker(a.path, a.worker, a.k, a.threads)
        return
    import faiss
    import sklearn

    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")
    print(f"{model or platform.processor()}, {os.cpu_count()} cores; Python {platform.python_version()},")
    print(f"numpy {np.__version__}, faiss-cpu {faiss.__version__}, scikit-learn {sklearn.__version__};")
    print(f"k={K} unless said; * scaled from fewer queries")
    for name, make in (QUICK if a.quick else FULL).items():
        if a.shape and a.shape not in name:
            continue
        path = a.data / f"{name.replace(' ', '-')}.npy"
        if not path.exists():
            np.save(path, make())
        compare(name, path, a.join, a.peers.split(","), a.threads)
    if not a.shape or a.shape in "moments":
        sums(20_000 if a.quick else 200_000, 384, a.data, a.join, a.threads)


if __name__ == "__main__":
    main()
