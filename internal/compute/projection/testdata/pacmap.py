"""Makes pacmap.json: how good the layouts of pacmap, by default, are of two of the demo's digits spaces.

Run in this folder, with pacmap and scikit-learn: python pacmap.py (the folder must not come first on the path:
python -P pacmap.py)
"""

import json
from importlib.metadata import version

import numpy as np
import pacmap
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

labels = np.genfromtxt("../../../demo/data/digits/items.csv", delimiter=",", names=True)["label"].astype(int)


def neighbours(x: np.ndarray, k: int) -> np.ndarray:
    """The k nearest other rows of each."""
    return NearestNeighbors(n_neighbors=k, algorithm="brute").fit(x).kneighbors(return_distance=False)


def quality(x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Quality of layout y of x."""
    pairs = zip(neighbours(x, 15), neighbours(y, 15), strict=True)
    votes = [np.bincount(labels[ids], minlength=10).argmax() for ids in neighbours(y, 10)]
    r = np.random.default_rng(1).integers(0, len(x), (50_000, 3))
    i, a, b = r[(r[:, 0] != r[:, 1]) & (r[:, 1] != r[:, 2]) & (r[:, 0] != r[:, 2])].T
    nearer = [np.linalg.norm(z[i] - z[a], axis=1) < np.linalg.norm(z[i] - z[b], axis=1) for z in (x, y)]
    return {
        "trust": float(trustworthiness(x, y, n_neighbors=15)),
        "continuity": float(trustworthiness(y, x, n_neighbors=15)),
        "recall": float(np.mean([len(set(p) & set(q)) / 15 for p, q in pairs])),
        "triplets": float(np.mean(nearer[0] == nearer[1])),
        "labels": float(np.mean(np.array(votes) == labels)),
    }


out: dict[str, object] = {"version": version("pacmap"), "spaces": {}}
for name in ("pixels", "epoch20"):
    x = np.load(f"../../../demo/data/digits/{name}.npy").astype(np.float64)
    out["spaces"]["digits_" + name] = [
        quality(x, pacmap.PaCMAP(random_state=seed).fit_transform(x.copy())) for seed in (1, 2, 3)
    ]
with open("pacmap.json", "w") as f:
    json.dump(out, f, indent=1)
    f.write("\n")
