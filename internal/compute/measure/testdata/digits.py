"""Makes digits.json: every registered measure of the digits of the demo by packages or by its plain definition, k = 10.

Run in this folder, with numpy, scipy and scikit-learn: python digits.py. Pairs and rows are those of pixels with epoch20 (moved and
moved_cosine: of epoch05 with epoch20, which share coordinates), spaces those of the pixels (clusters: the
scores of the labels with their rest by 4), drift that of the first 900 rows of
the pixels to the others. Of a measure of rows the mean and the mean of the squares stand here.
"""

import csv
import json

import adversarial
import labels as of_labels
import numpy as np
import scipy
import sklearn
from scipy.spatial.distance import cdist, pdist, squareform
from scipy.stats import spearmanr
from sklearn.metrics import (
    adjusted_mutual_info_score,
    adjusted_rand_score,
    ndcg_score,
    roc_auc_score,
    silhouette_samples,
    v_measure_score,
)

K = adversarial.K = 10
DIGITS = of_labels.DIGITS
NUMPY, SCIPY, SKLEARN = "NumPy, by definition", "SciPy", "scikit-learn"


def lists(x: np.ndarray) -> np.ndarray:
    d = np.array([((x - row) ** 2).sum(axis=1) for row in x])
    np.fill_diagonal(d, np.inf)
    return np.lexsort((np.tile(np.arange(len(x)), (len(x), 1)), d), axis=1)[:, :K]


def rank_of(x: np.ndarray, i: int, j: int) -> int:
    d = ((x - x[i]) ** 2).sum(axis=1)
    nearer = (d < d[j]) | ((d == d[j]) & (np.arange(len(x)) < j))
    nearer[[i, j]] = False
    return 1 + int(nearer.sum())


adversarial.lists, adversarial.rank_of = lists, rank_of  # the same, in less memory


def second_order(x: np.ndarray, y: np.ndarray, a: np.ndarray, b: np.ndarray) -> dict[str, float]:
    out: dict[str, list[float]] = {"second_order_cosine": [], "second_order_similarity": [], "neighbour_distances": []}
    u, v = (z / np.linalg.norm(z, axis=1, keepdims=True) for z in (x, y))
    for i in range(len(x)):
        union = np.union1d(a[i], b[i])
        s, t = u[union] @ u[i], v[union] @ v[i]
        cosine = lambda p, q: p @ q / np.linalg.norm(p) / np.linalg.norm(q)
        out["second_order_cosine"].append(cosine(1 - s, 1 - t))
        out["second_order_similarity"].append(cosine(s, t))
        gaps = ((z[union] - z[i]) ** 2 for z in (x, y))
        out["neighbour_distances"].append(spearmanr(*(np.sqrt(g.sum(axis=1)) for g in gaps))[0])
    return {name: float(np.mean(values)) for name, values in out.items()}


def rows_of(x: np.ndarray, y: np.ndarray, a: np.ndarray, b: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    n = len(x)
    cx, cy = x - x.mean(0), y - y.mean(0)
    kx, ky = cx @ cx.T, cy @ cy.T
    both = (kx * ky).sum(axis=1)
    out = {"alignment": both / np.linalg.norm(kx, axis=1) / np.linalg.norm(ky, axis=1), "cka_share": both / (kx * ky).sum()}
    px = cx / np.linalg.norm(cx)
    py = np.pad(cy / np.linalg.norm(cy), ((0, 0), (0, x.shape[1] - y.shape[1])))
    turn, _ = scipy.linalg.orthogonal_procrustes(px, py)
    out["procrustes_residual"] = np.sqrt(n) * np.linalg.norm(px @ turn - py, axis=1)
    for side, z, near in (("a", x, a), ("b", y, b)):
        d = np.sqrt(np.array([((z[near[i]] - z[i]) ** 2).sum(axis=1) for i in range(n)]))
        out["occurrences_" + side] = np.bincount(near.ravel(), minlength=n).astype(float)
        out["reach_" + side] = d[:, -1]
        out["dimension_" + side] = (K - 1) / np.log(d[:, -1:] / d[:, :-1]).sum(axis=1)
        same = labels[near] == labels[:, None]
        out["purity_" + side] = same.mean(axis=1)
        other = [np.bincount(row[~own], minlength=10).max() for row, own in zip(labels[near], same)]
        out["margin_" + side] = (same.sum(axis=1) - np.array(other)) / K
        out["silhouette_" + side] = silhouette_samples(z, labels, metric="cosine")
        out["nearest_" + side] = (labels[near[:, 0]] == labels).astype(float)
    out["sparser"] = np.log(out["reach_a"] / np.median(out["reach_a"])) - np.log(out["reach_b"] / np.median(out["reach_b"]))
    out["flip"] = out.pop("nearest_b") - out.pop("nearest_a")
    return out


def space(x: np.ndarray, labels: np.ndarray) -> dict[str, tuple[float, str]]:
    found = {name: (v, SCIPY if name == "hubness_skew" else NUMPY) for name, v in adversarial.space(x).items()}
    values = np.linalg.svd(x - x.mean(0), compute_uv=False) ** 2
    values = values[values > 1e-13 * values[0]][:100]
    place = np.arange(1, len(values) + 1)
    some = place >= 6
    line = np.polyfit(np.log(place[some]), np.log(values[some]), 1, w=np.sqrt(1 / place[some]))
    found["alpha_req"] = (float(-line[0]), "NumPy polyfit")
    near = lists(x)
    d = np.sqrt(np.array([((x[near[i]] - x[i]) ** 2).sum(axis=1) for i in range(len(x))]))
    logs = np.sort(np.log(d[:, 1] / d[:, 0]))
    n = len(x)
    found["dimension_twonn"] = ((n - 1) / logs.sum(), NUMPY)
    found["dimension_twonn_bayes"] = ((2 + n) / (5 + logs.sum()), NUMPY)
    kept = n * 9 // 10
    wanted = -np.log(1 - np.arange(1, kept + 1) / n)
    found["dimension_twonn_fit"] = (float(np.linalg.lstsq(logs[:kept, None], wanted, rcond=None)[0][0]), "NumPy lstsq")
    found["dimension_mle"] = (float(1 / (np.log(d[:, -1:] / d[:, :-1]).sum(axis=1) / (K - 1)).mean()), NUMPY)
    found["dimension_gride"] = (of_labels.gride(x, K // 2, K), "SciPy minimize_scalar of the likelihood")
    same = labels[near] == labels[:, None]
    found["label_purity"] = (float(same.mean()), NUMPY)
    found["label_precision_at_1"] = (float(same[:, 0].mean()), NUMPY)
    found["label_recall"] = (float(same.any(axis=1).mean()), NUMPY)
    votes = [np.bincount(row, minlength=10) for row in labels[near]]
    best = [next(label for label in row if v[label] == v.max()) for row, v in zip(labels[near], votes)]
    found["label_accuracy"] = (float((np.array(best) == labels).mean()), NUMPY)
    # All ten places of every list could be relevant, as each digit has more than ten others.
    gains = [ndcg_score([np.r_[row, np.ones(K)]], [np.r_[np.arange(2 * K, K, -1), np.zeros(K)]], k=K) for row in same.astype(float)]
    found["label_ndcg"] = (float(np.mean(gains)), SKLEARN)
    precision, average = of_labels.retrieval(squareform(pdist(x)), labels)
    found["label_r_precision"], found["label_map_at_r"] = (precision, NUMPY), (average, NUMPY)
    found["label_silhouette"] = (float(silhouette_samples(x, labels, metric="cosine").mean()), SKLEARN)
    found["label_probe"] = (of_labels.probe(x, labels), "scikit-learn Ridge")
    return found


def clusters(labels: np.ndarray) -> dict[str, tuple[float, str]]:
    """The scores of a partition that is given: where k-means ends hangs on where it starts."""
    scores = {"ami": adjusted_mutual_info_score, "ari": adjusted_rand_score, "v": v_measure_score}
    return {"cluster_" + name: (float(score(labels, labels % 4)), "scikit-learn, of the rest by 4") for name, score in scores.items()}


def discriminated(x: np.ndarray, y: np.ndarray) -> float:
    scale = np.concatenate([x, y]).std(axis=0)
    scale[scale == 0] = 1
    folds = [np.array(adversarial.permutation(seed, len(z))) % 5 for seed, z in ((0x666F6C64, x), (0x666F6C65, y))]
    scores = [np.zeros(len(x)), np.zeros(len(y))]
    for f in range(5):
        kept = [z[fold != f] / scale for z, fold in zip((x, y), folds)]
        means = [z.mean(axis=0) for z in kept]
        within = sum((z - m).T @ (z - m) for z, m in zip(kept, means))
        ridge = 1e-6 * np.trace(within) / x.shape[1] + sum(map(len, kept)) * 1e-9
        w = scipy.linalg.solve(within + ridge * np.eye(x.shape[1]), means[1] - means[0], assume_a="pos")
        for score, z, fold in zip(scores, (x, y), folds):
            score[fold == f] = (z[fold == f] / scale - (means[0] + means[1]) / 2) @ w
    return float(roc_auc_score(np.r_[np.zeros(len(x)), np.ones(len(y))], np.concatenate(scores)))


def drift(x: np.ndarray, y: np.ndarray) -> dict[str, tuple[float, str]]:
    xx, yy, xy = cdist(x, x), cdist(y, y), cdist(x, y)
    gap, a, b = x.mean(0) - y.mean(0), np.cov(x.T), np.cov(y.T)
    reach = [np.sort(d, axis=1)[:, 5] for d in (xx, yy)]
    inside, outside = xy < reach[0][:, None], xy < reach[1][None]
    roots = np.sqrt(np.linalg.eigvals(a @ b).real.clip(0)).sum()
    return {
        "drift_auc": (discriminated(x, y), "scikit-learn roc_auc_score, SciPy solve"),
        "drift_energy": (float(2 * xy.mean() - xx.mean() - yy.mean()), SCIPY),
        "drift_mean": (float(np.linalg.norm(gap) / np.sqrt((np.trace(a) + np.trace(b)) / 2)), NUMPY),
        "drift_frechet": (float(gap @ gap + np.trace(a + b) - 2 * roots), "NumPy eigvals"),
        "drift_precision": (float(inside.any(axis=0).mean()), NUMPY),
        "drift_recall": (float(outside.any(axis=1).mean()), NUMPY),
        "drift_density": (float(inside.sum() / 5 / len(y)), NUMPY),
        "drift_coverage": (float(inside.any(axis=1).mean()), NUMPY),
    }


def main() -> None:
    with open(DIGITS + "items.csv") as f:
        labels = np.array([int(row["label"]) for row in csv.DictReader(f)])
    x, five, y = (np.load(f"{DIGITS}{n}.npy").astype(np.float64) for n in ("pixels", "epoch05", "epoch20"))
    a, b = lists(x), lists(y)
    scipys = {"rsa": "SciPy spearmanr of pdist", "distance_correlation": "SciPy pdist, U-centred", "cka_rbf": "SciPy pdist, unbiased HSIC"}
    scipys |= dict.fromkeys(("linear_a_to_b", "linear_b_to_a"), "scikit-learn LinearRegression")
    out: dict = {"versions": {m.__name__: m.__version__ for m in (np, scipy, sklearn)}, "measures": {}}
    found = {name: (v, scipys.get(name, NUMPY)) for name, v in adversarial.pair(x, y).items()}
    found |= {name: (v, "SciPy spearmanr" if name == "neighbour_distances" else NUMPY) for name, v in second_order(x, y, a, b).items()}
    found["moved"] = (float((np.linalg.norm(five - y, axis=1) / np.linalg.norm(five, axis=1)).mean()), NUMPY)
    found["moved_cosine"] = (float(np.mean([1 - scipy.spatial.distance.cosine(p, q) for p, q in zip(five, y)])), SCIPY)
    found |= space(x, labels) | clusters(labels) | drift(x[:900], x[900:])
    for name, (value, by) in found.items():
        out["measures"][name] = {"value": float(value), "by": by}
    for name, values in rows_of(x, y, a, b, labels).items():
        by = "SciPy orthogonal_procrustes" if name == "procrustes_residual" else SKLEARN if "silhouette" in name else NUMPY
        out["measures"][name] = {"value": float(values.mean()), "squares": float((values**2).mean()), "by": by}
    with open("digits.json", "w") as f:
        json.dump(out, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
