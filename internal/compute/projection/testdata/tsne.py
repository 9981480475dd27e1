"""Makes tsne.json: what openTSNE computes, by default, of the digits' pixels of the demo with exact neighbours.

Run in this folder, with openTSNE and scikit-learn: python tsne.py
"""

import json

import numpy as np
import openTSNE
from sklearn.manifold import trustworthiness

x = np.load("../../../demo/data/digits/pixels.npy").astype(np.float64)
affinity = openTSNE.affinity.PerplexityBasedNN(x, perplexity=30, method="exact")
p = affinity.P.tocsr()


def divergence(y: np.ndarray) -> float:
    """The Kullback-Leibler divergence, every pair counted."""
    w = 1 / (1 + ((y[:, None] - y[None]) ** 2).sum(-1))
    np.fill_diagonal(w, 0)
    q = w / w.sum()
    return float((p.data * np.log(p.data / q[p.nonzero()])).sum())


runs = [np.asarray(openTSNE.TSNE(random_state=seed, neighbors="exact").fit(x)) for seed in (1, 2, 3)]
rows = range(0, len(x), 200)
out = {
    "version": openTSNE.__version__,
    "edges": int(p.nnz),
    "entropy": float(-(p.data * np.log(p.data)).sum()),
    "affinities": {i: {int(j): float(p[i, j]) for j in p[i].indices[:5]} for i in rows},
    "divergences": [divergence(y) for y in runs],
    "trust": [float(trustworthiness(x, y, n_neighbors=15)) for y in runs],
}
with open("tsne.json", "w") as f:
    json.dump(out, f, indent=1)
    f.write("\n")
