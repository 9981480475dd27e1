"""Our layouts against umap-learn, openTSNE and pacmap: wall, CPU seconds, peak memory, quality and ratios.

Each run is a process of its own, back to back on the same data, neighbours included. The peers are timed
warm: they have laid out a small part of the data before, so that nothing is compiled any more. Quality
is measured by one piece of code for all, against exact euclidean neighbours of 1000 rows.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from bench import ROOT, clustered, cpu, glosses, measure, network, peak_mb

SEED = 42
WARM = 4_500  # rows: from 4096 on umap-learn searches neighbours by what has to be compiled first


def digits() -> np.ndarray:
    """Real: 1,797 digits of 64 pixels."""
    return np.load(ROOT / "internal/demo/data/digits/pixels.npy").astype(np.float32)


def cluster_labels(n: int, d: int) -> np.ndarray:
    """The clusters of `clustered`: the same draws again."""
    r = np.random.default_rng(1)
    r.standard_normal((d, d))
    count = max(10, n // 200)
    r.standard_normal((count, d))
    return r.integers(0, count, n)


def column(path: str, name: str) -> np.ndarray:
    """A column of the demo's items."""
    with open(ROOT / path, newline="") as f:
        return np.unique([row[name] for row in csv.DictReader(f)], return_inverse=True)[1]


LABELS = {
    "digits": lambda x: column("internal/demo/data/digits/items.csv", "label"),
    "glosses": lambda x: column("internal/demo/data/words/items.csv", "category"),
    "clustered": lambda x: cluster_labels(*x.shape),
}
QUICK = {
    "digits 1.8k×64": digits,
    "glosses minilm 4k×384": lambda: glosses("minilm"),
    "clustered 7.6k×384": lambda: clustered(7_600, 384),
}
FULL = QUICK | {
    "clustered 12k×384": lambda: clustered(12_000, 384),
    "network 60k×784": lambda: network(60_000, 784),
}
LARGE = {
    "clustered 100k×384": lambda: clustered(100_000, 384),
    "clustered 500k×384": lambda: clustered(500_000, 384),
}
ALONE = 200_000  # rows above which ours is timed alone: umap-learn would take a quarter of an hour and 8 GB


def umap_learn(x: np.ndarray, threads: int) -> np.ndarray:
    """Seeded: it runs on one thread then."""
    import umap

    return umap.UMAP(random_state=SEED, n_jobs=1).fit_transform(x)


def umap_learn_free(x: np.ndarray, threads: int) -> np.ndarray:
    """Without a seed: on all threads, another picture each time."""
    import umap

    return umap.UMAP(n_jobs=threads).fit_transform(x)


def open_tsne(x: np.ndarray, threads: int) -> np.ndarray:
    """Its defaults."""
    import openTSNE

    return np.asarray(openTSNE.TSNE(random_state=SEED, n_jobs=threads).fit(x))


def pacmap_default(x: np.ndarray, threads: int) -> np.ndarray:
    """Its defaults."""
    import pacmap

    return pacmap.PaCMAP(random_state=SEED).fit_transform(x.copy())


PEERS = {
    "umap": {"umap-learn, seeded": umap_learn, "umap-learn, no seed": umap_learn_free},
    "tsne": {"openTSNE": open_tsne},
    "pacmap": {"pacmap": pacmap_default},
}
WORKERS = {who: run for of in PEERS.values() for who, run in of.items()}


def worker(path: str, peer: str, threads: int, out: str, other: str) -> None:
    """Run one peer in this process, warm, and print what it took."""
    x = np.load(path)
    if peer == "AlignedUMAP":
        y = np.load(other)
        aligned(x[:WARM], y[:WARM])
        began, before = time.perf_counter(), cpu()
        layout = aligned(x, y)
    else:
        run = WORKERS[peer]
        run(x[:WARM] if "umap" in peer else x[:600], threads)
        began, before = time.perf_counter(), cpu()
        layout = run(x, threads)
    told = {"wall": time.perf_counter() - began, "cpu": cpu() - before, "peak_mb": peak_mb()}
    np.save(out, np.asarray(layout, np.float32))
    print(json.dumps(told))


def aligned(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """AlignedUMAP of two spaces of the same rows: its default regularisation."""
    import umap

    same = {i: i for i in range(len(x))}
    return np.concatenate(umap.AlignedUMAP(random_state=SEED).fit([x, y], relations=[same]).embeddings_)


def near(y: np.ndarray, rows: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Squared distances of some rows to all, themselves infinitely far, and the nearest of each in order."""
    norms = (y * y).sum(axis=1)
    d = norms[rows, None] + norms - 2 * y[rows] @ y.T
    d[np.arange(len(rows)), rows] = np.inf
    some = np.argpartition(d, most, axis=1)[:, :most]
    return d, np.take_along_axis(some, np.take_along_axis(d, some, 1).argsort(axis=1, kind="stable"), 1)


def beyond(d: np.ndarray, others: np.ndarray, k: int) -> int:
    """The sum of the ranks beyond k that some rows have in these distances."""
    ranks = [(d < d[np.arange(len(d)), others[:, j], None]).sum(axis=1) + 1 for j in range(others.shape[1])]
    return int(np.maximum(np.array(ranks) - k, 0).sum())


def quality(x: np.ndarray, y: np.ndarray, labels: np.ndarray | None, k: int = 15) -> dict[str, float]:
    """Six figures of 1000 rows; R_NX is over depths up to 15, labels are known by the 10 nearest."""
    r = np.random.default_rng(7)
    n, rows = len(x), np.sort(r.permutation(len(x))[:1000])
    spaces = x.astype(np.float64), y.astype(np.float64)
    intruding = torn = known = 0
    shared = np.zeros(50)
    for part in np.array_split(rows, 20):
        (there, theirs), (here, ours) = (near(z, part, 50) for z in spaces)
        intruding, torn = intruding + beyond(there, ours[:, :k], k), torn + beyond(here, theirs[:, :k], k)
        for p, q in zip(theirs, ours, strict=True):
            place = {int(row): at for at, row in enumerate(q)}
            later = np.array([max(at, place.get(int(row), 50)) for at, row in enumerate(p)])
            shared += (later[:, None] <= np.arange(50)).sum(axis=0)
        if labels is not None:
            known += sum(
                int(np.bincount(labels[q[:10]]).argmax() == labels[row])
                for row, q in zip(part, ours, strict=True)
            )
    norm = 2 / (len(rows) * k * (2 * n - 3 * k - 1))
    depth = np.arange(1, 51)
    recall = shared / (depth * len(rows))
    better = ((n - 1) * recall - depth) / (n - 1 - depth)
    i, a, b = r.integers(0, n, (3, 50_000))
    closer = [((z[i] - z[a]) ** 2).sum(axis=1) < ((z[i] - z[b]) ** 2).sum(axis=1) for z in spaces]
    return {
        "trust": 1 - norm * intruding,
        "continuity": 1 - norm * torn,
        "recall@5": recall[4],
        "recall@15": recall[14],
        "recall@50": recall[49],
        "labels": known / len(rows) if labels is not None else float("nan"),
        "triplets": float(np.mean(closer[0] == closer[1])),
        "R_NX AUC": float(np.average(better[:15], weights=1 / depth[:15])),
    }


FIGURES = ("trust", "continuity", "recall@5", "recall@15", "recall@50", "labels", "triplets", "R_NX AUC")


def line(
    who: str, run: dict[str, Any], x: np.ndarray, labels: np.ndarray | None, out: Path, ours: dict[str, Any]
) -> None:
    """Print a row of the table."""
    if "failed" in run:
        print(f"| {who} | failed: {run['failed']} {14 * '| '}|", flush=True)
        return
    q = quality(x, np.load(out), labels)
    seen = " | ".join(f"{run[when]:.2f}" if when in run else "" for when in ("first", "usable"))
    print(
        f"| {who} | {seen} | {run['wall']:.2f} | {run['cpu']:.2f} | {run['peak_mb']} |"
        f" {' | '.join('' if np.isnan(q[name]) else f'{q[name]:.4f}' for name in FIGURES)}"
        f" | {run['wall'] / ours['wall']:.1f} | {run['cpu'] / ours['cpu']:.1f} |",
        flush=True,
    )


def shape(name: str, path: Path, lay: str, threads: int, methods: list[str]) -> None:
    """Print the table of one data set."""
    x, out = np.load(path), path.with_suffix(".layout.npy")
    labels = LABELS[name.split()[0]](x) if name.split()[0] in LABELS else None
    print(f"\n### {name}, {threads} threads\n")
    print(
        f"| who | first picture s | one of use s | done s | CPU s | peak MB | {' | '.join(FIGURES)}"
        " | wall ÷ ours | CPU ÷ ours |"
    )
    print("|---" + 15 * "|---:" + "|")
    for method in methods:
        ours = measure([lay, str(path), method, str(threads), str(out)], threads)
        line(f"vectory {method}", ours, x, labels, out, ours)
        for peer in PEERS.get(method, {}) if len(x) <= ALONE else {}:
            own = [sys.executable, __file__, "--worker", peer, "--path", str(path), "--out", str(out)]
            run = measure([*own, "--threads", str(threads)], threads)
            line(peer, run, x, labels, out, ours)


def joint(lay: str, data: Path, threads: int) -> None:
    """Print the table of two spaces laid out together: what did not move must not, what did must."""
    r = np.random.default_rng(5)
    a = clustered(7_600, 384)
    turn = np.linalg.qr(r.standard_normal((384, 384)))[0].astype(np.float32)
    b = a @ turn + 0.005 * r.standard_normal(a.shape, dtype=np.float32)
    movers = r.permutation(len(a))[: len(a) // 20]
    b[movers] = b[r.permutation(movers)] + 0.005 * r.standard_normal((len(movers), 384), dtype=np.float32)
    paths = data / "joint-a.npy", data / "joint-b.npy"
    np.save(paths[0], a)
    np.save(paths[1], b)
    out = data / "joint.layout.npy"
    moved = np.zeros(len(a), bool)
    moved[movers] = True
    print("\n### two spaces of 7.6k×384 together: the second is the first turned, 5 % of the rows moved\n")
    print(
        "| who | done s | CPU s | peak MB | median move of those left | AUC of the moved | trust A | trust B"
        " | wall ÷ ours | CPU ÷ ours |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    own = [
        sys.executable,
        __file__,
        "--worker",
        "AlignedUMAP",
        "--path",
        str(paths[0]),
        "--other",
        str(paths[1]),
    ]
    ours: dict[str, Any] = {}
    for who, command in (
        ("vectory joint-umap", [lay, str(paths[0]), "joint", str(threads), str(out), str(paths[1])]),
        ("AlignedUMAP", [*own, "--threads", str(threads), "--out", str(out)]),
    ):
        run = measure(command, threads)
        if "failed" in run:
            print(f"| {who} | failed: {run['failed']} | | | | | | | | |", flush=True)
            continue
        ours = ours or run
        p, q = np.split(np.load(out), 2)
        gaps = np.linalg.norm(p - q, axis=1) / np.sqrt(((p - p.mean(axis=0)) ** 2).sum(axis=1).mean())
        auc = float(np.mean(gaps[moved][:, None] > gaps[~moved][None]))
        print(
            f"| {who} | {run['wall']:.2f} | {run['cpu']:.2f} | {run['peak_mb']}"
            f" | {np.median(gaps[~moved]):.4f} | {auc:.4f}"
            f" | {quality(a, p, None)['trust']:.4f} | {quality(b, q, None)['trust']:.4f}"
            f" | {run['wall'] / ours['wall']:.1f} | {run['cpu'] / ours['cpu']:.1f} |",
            flush=True,
        )


def placing(lay: str, data: Path, threads: int, rows: int) -> None:
    """Print how long new rows take."""
    x = clustered(rows + 1000, 384)
    old, new, out = data / "old.npy", data / "new.npy", data / "new.layout.npy"
    np.save(old, x[:rows])
    np.save(new, x[rows:])
    run = measure([lay, str(old), "place", str(threads), str(out), str(new)], threads)
    if "failed" in run:
        print(f"\nnew rows: failed: {run['failed']}")
        return
    print(f"\n### new rows placed in a map of {rows}×384")
    print(
        f"one {1000 * run['one']:.1f} ms ({1000 * run['one_cpu']:.1f} of CPU), 1000 {run['all']:.3f} s ({run['all_cpu']:.3f}); its codes, once, {run.get('codes', 0):.3f} s"
    )


def main() -> None:
    """Read the arguments; run one peer, or print every table."""
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--quick", action="store_true", help="up to 7.6k rows")
    p.add_argument("--large", action="store_true", help="100k and 500k rows only")
    p.add_argument("--shape", default="", help="only tables whose name holds this")
    p.add_argument("--methods", default="pca,umap,tsne,pacmap", help="which methods, separated by commas")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--lay")
    p.add_argument("--data", type=Path)
    p.add_argument("--worker")
    p.add_argument("--path")
    p.add_argument("--other", default="")
    p.add_argument("--out")
    a = p.parse_args()
    if a.worker:
        worker(a.path, a.worker, a.threads, a.out, a.other)
        return
    names = ("umap-learn", "openTSNE", "pacmap", "numpy")
    print(f"Python {sys.version.split()[0]}, " + ", ".join(f"{name} {version(name)}" for name in names))
    for name, make in (LARGE if a.large else QUICK if a.quick else FULL).items():
        if a.shape not in name:
            continue
        path = a.data / f"{name.replace(' ', '-')}.npy"
        if not path.exists():
            np.save(path, make())
        shape(name, path, a.lay, a.threads, a.methods.split(","))
    if a.large:
        return
    if a.shape in "two spaces together":
        joint(a.lay, a.data, a.threads)
    if a.shape in "new rows":
        placing(a.lay, a.data, a.threads, 7_600 if a.quick else 60_000)


if __name__ == "__main__":
    main()
