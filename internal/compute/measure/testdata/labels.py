"""Makes labels.json: what independent packages give for the measures of labels, on the digits of the demo.

Run in this folder, with numpy, scipy and scikit-learn: python labels.py
"""

import csv
import json

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize_scalar
from scipy.stats import spearmanr
from sklearn.linear_model import Ridge
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score
from sklearn.metrics.pairwise import cosine_distances
from sklearn.neighbors import NearestNeighbors

DIGITS = "../../../demo/data/digits/"


def permutation(seed: int, n: int) -> list[int]:
    """The order of package random: splitmix64, Lemire's bounded numbers, Fisher and Yates."""
    mask = (1 << 64) - 1
    state = seed
    order = [0] * n
    for i in range(n):
        bound = i + 1
        while True:
            state = (state + 0x9E3779B97F4A7C15) & mask
            z = state
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
            z ^= z >> 31
            product = z * bound
            if (product & mask) >= ((1 << 64) - bound) % bound:
                break
        j = product >> 64
        order[i] = order[j]
        order[j] = i
    return order


def retrieval(distances: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    precisions, averages = [], []
    for i, row in enumerate(distances):
        others = np.delete(np.arange(len(row)), i)
        relevant = labels[others] == labels[i]
        r = relevant.sum()
        order = np.lexsort((others, row[others]))
        precisions.append(relevant[order][:r].mean())
        hits = relevant[order][:r]
        averages.append((np.cumsum(hits) / np.arange(1, r + 1) * hits).sum() / r)
    return float(np.mean(precisions)), float(np.mean(averages))


def gride(x: np.ndarray, n1: int, n2: int) -> float:
    near = NearestNeighbors(n_neighbors=n2 + 1, algorithm="brute").fit(x).kneighbors(x)[0][:, 1:]
    mu = near[:, n2 - 1] / near[:, n1 - 1]
    mu = mu[mu > 1]

    def loss(d: float) -> float:
        terms = (n2 - n1 - 1) * np.log(np.expm1(d * np.log(mu))) - ((n2 - 1) * d + 1) * np.log(mu)
        return -((len(mu) - 1) * np.log(d) + terms.sum())

    return float(minimize_scalar(loss, bounds=(0.5, 60), method="bounded", options={"xatol": 1e-10}).x)


def probe(x: np.ndarray, labels: np.ndarray) -> float:
    fold = np.array(permutation(0x666F6C64, len(x))) % 5
    right = 0
    for f in range(5):
        train, test = fold != f, fold == f
        centred = x[train] - x[train].mean(axis=0)
        model = Ridge(alpha=1e-3 * (centred**2).sum() / x.shape[1], solver="svd")
        model.fit(x[train], np.eye(10)[labels[train]])
        right += (model.predict(x[test]).argmax(axis=1) == labels[test]).sum()
    return float(right / len(x))


def spacing(x: np.ndarray, y: np.ndarray, k: int) -> float:
    values = []
    lists = [NearestNeighbors(n_neighbors=k + 1, algorithm="brute").fit(z).kneighbors(z)[1][:, 1:] for z in (x, y)]
    for i in range(len(x)):
        union = np.union1d(lists[0][i], lists[1][i])
        values.append(spearmanr(np.linalg.norm(x[union] - x[i], axis=1), np.linalg.norm(y[union] - y[i], axis=1))[0])
    return float(np.mean(values))


def main() -> None:
    with open(DIGITS + "items.csv") as f:
        labels = np.array([int(row["label"]) for row in csv.DictReader(f)])
    space = {n: np.load(f"{DIGITS}{n}.npy").astype(np.float64) for n in ("pixels", "epoch05", "epoch20")}
    out: dict = {"versions": {m.__name__: m.__version__ for m in (np, scipy, sklearn)}, "spaces": {}, "partitions": []}
    for name, x in space.items():
        euclidean = np.sqrt(((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2))
        found = {}
        found["euclidean"] = dict(zip(("label_r_precision", "label_map_at_r"), retrieval(euclidean, labels)))
        if name != "pixels":  # exact ties are broken by rounding there
            found["cosine"] = dict(zip(("label_r_precision", "label_map_at_r"), retrieval(cosine_distances(x), labels)))
        found["dimension_gride_k10"], found["label_probe"] = gride(x, 5, 10), probe(x, labels)
        out["spaces"][name] = found
    out["neighbour_distances_epoch05_epoch20_k10"] = spacing(space["epoch05"], space["epoch20"], 10)
    for a, b in (([0, 0, 1, 1], [0, 0, 1, 2]), (labels, labels // 3), (labels, labels % 4), (labels, np.arange(len(labels)) % 7)):
        out["partitions"].append(
            {"a": np.asarray(a).tolist()[:200], "b": np.asarray(b).tolist()[:200],
             "cluster_ami": adjusted_mutual_info_score(a[:200], b[:200]), "cluster_ari": adjusted_rand_score(a[:200], b[:200]),
             "cluster_v": v_measure_score(a[:200], b[:200])})  # fmt: skip
    with open("labels.json", "w") as f:
        json.dump(out, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
