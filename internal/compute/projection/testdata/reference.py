"""Makes reference.json: what umap-learn computes, stage by stage, on digits/epoch20 of the demo with exact neighbours.

Run in this folder, with umap-learn and scikit-learn: python reference.py
"""

import json

import numpy as np
import umap
from sklearn.neighbors import NearestNeighbors
from umap.umap_ import find_ab_params, fuzzy_simplicial_set, smooth_knn_dist

x = np.load("../../../demo/data/digits/epoch20.npy")
k = 15
distances, indices = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(x.astype(np.float64)).kneighbors()
# umap-learn counts the row itself
indices = np.column_stack([np.arange(len(x)), indices[:, : k - 1]]).astype(np.int32)
distances = np.column_stack([np.zeros(len(x)), distances[:, : k - 1]]).astype(np.float32)
sigmas, rhos = smooth_knn_dist(distances, float(k))
graph = fuzzy_simplicial_set(x, k, np.random.RandomState(1), "euclidean", knn_indices=indices, knn_dists=distances)[0]
graph = graph.tocsr()
rows = range(0, len(x), 100)
out = {
    "version": umap.__version__,
    "curves": {str(d): list(map(float, find_ab_params(1.0, d))) for d in (0.01, 0.1, 0.5)},
    "rho": {i: float(rhos[i]) for i in rows},
    "sigma": {i: float(sigmas[i]) for i in rows},
    "edges": int(graph.nnz),
    "weight": float(graph.sum()),
    "graph": {i: {int(j): float(graph[i, j]) for j in graph[i].indices} for i in rows},
}
with open("reference.json", "w") as f:
    json.dump(out, f, indent=1)
    f.write("\n")
