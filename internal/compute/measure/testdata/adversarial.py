"""Makes adversarial.json: twelve awkward pairs of spaces, and what numpy and scipy give for them.

Run in this folder, with numpy, scipy and scikit-learn: python adversarial.py

Every number is a multiple of 1/64 (float32 holds it exactly) and travels as an integer. Formulas are written here
from their definitions, in the plain N×N form; the program under test never makes an N×N matrix of a space.
"""

import json

import numpy as np
import scipy
import sklearn
from scipy.spatial.distance import cdist, pdist, squareform
from scipy.stats import spearmanr
from sklearn.linear_model import LinearRegression

K = 5
rng = np.random.default_rng(20261126)


def noisy(x: np.ndarray, d: int, noise: float) -> np.ndarray:
    """Map the rows to d dimensions at random and add noise."""
    return x @ rng.normal(size=(x.shape[1], d)) / np.sqrt(x.shape[1]) + noise * rng.normal(size=(len(x), d))


def pairs() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    n = 60
    base = rng.normal(size=(n, 8))
    hubs = rng.normal(size=(n, 20))
    hubs[:3] *= 0.05
    copies = rng.normal(size=(n, 6))
    copies[rng.choice(n, 12, replace=False)] = copies[rng.choice(12, 12)]
    zero = rng.normal(size=(n, 6))
    zero[[4, 17, 40]] = 0
    heavy = rng.standard_t(2, size=(n, 6))
    low = rng.normal(size=(n, 2)) @ rng.normal(size=(2, 7))
    constant = rng.normal(size=(n, 5))
    constant[:, 2] = 3
    outlier = base.copy()
    outlier[7] += 200
    wide = rng.normal(size=(24, 60))
    quantised = np.round(base * 3) / 4
    return {
        "hubs": (hubs, noisy(hubs, 10, 0.5)),
        "duplicates": (copies, noisy(copies, 5, 0.0)),
        "zero rows": (zero, noisy(zero, 4, 0.3)),
        "wide": (wide, noisy(wide, 50, 0.2)),
        "offset": (base + 100, noisy(base, 6, 0.4) + 100),
        "heavy tails": (heavy, noisy(heavy, 6, 0.5)),
        "quantised": (quantised, noisy(base, 8, 0.3)),
        "identical": (base, base.copy()),
        "permuted": (base, base[rng.permutation(n)]),
        "low rank": (low, noisy(low, 5, 0.05)),
        "constant column": (constant, noisy(constant, 4, 0.3)),
        "one outlier": (base, outlier),
    }


def lists(x: np.ndarray) -> np.ndarray:
    d = ((x[:, None] - x[None]) ** 2).sum(axis=2)
    np.fill_diagonal(d, np.inf)
    return np.lexsort((np.tile(np.arange(len(x)), (len(x), 1)), d), axis=1)[:, :K]


def rank_of(x: np.ndarray, i: int, j: int) -> int:
    d = ((x - x[i]) ** 2).sum(axis=1)
    return 1 + sum(1 for o in range(len(x)) if o not in (i, j) and (d[o], o) < (d[j], j))


def unbiased(k: np.ndarray, l: np.ndarray) -> float:
    """HSIC with U-centred matrices (Székely and Rizzo 2014)."""

    def centre(a: np.ndarray) -> np.ndarray:
        n = len(a)
        a = a - np.diag(np.diag(a))
        out = a - a.sum(0) / (n - 2) - a.sum(1)[:, None] / (n - 2) + a.sum() / ((n - 1) * (n - 2))
        return out - np.diag(np.diag(out))

    n = len(k)
    return float((centre(k) * centre(l)).sum() / (n * (n - 3)))


def cosine(of, k: np.ndarray, l: np.ndarray) -> float | None:
    a, b = of(k, k), of(l, l)
    return of(k, l) / np.sqrt(a * b) if a > 1e-12 and b > 1e-12 else None


def gauss(x: np.ndarray) -> np.ndarray:
    d = squareform(pdist(x, "sqeuclidean"))
    return np.exp(-d / (2 * np.median(pdist(x, "sqeuclidean"))))


def basis(x: np.ndarray, share: float = 1.0) -> np.ndarray:
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    keep = s > 1e-7 * s[0]
    u, s = u[:, keep], s[keep]
    if share < 1:
        count = int(np.searchsorted(np.cumsum(s**2) / (s**2).sum(), share)) + 1
        u = u[:, :count]
    return u


def weighted(x: np.ndarray, other: np.ndarray) -> float:
    u, v = basis(x), basis(other)
    left, rho, _ = np.linalg.svd(u.T @ v, full_matrices=False)
    alpha = np.abs((u @ left).T @ x).sum(axis=1)
    return float((alpha * rho).sum() / alpha.sum())


def pair(x: np.ndarray, y: np.ndarray) -> dict[str, float | None]:
    n = len(x)
    a, b = lists(x), lists(y)
    shared = np.array([len(set(p) & set(q)) for p, q in zip(a, b)])
    depth = np.array([[len(set(p[:d]) & set(q[:d])) / d for d in range(1, K + 1)] for p, q in zip(a, b)])
    out: dict[str, float | None] = {"jaccard": float((shared / (2 * K - shared)).mean()), "overlap": float(shared.mean() / K)}
    r = ((n - 1) * depth.mean(0) - np.arange(1, K + 1)) / (n - 1 - np.arange(1, K + 1))
    out["r_nx"], out["r_nx_auc"] = float(r[-1]), float((r / np.arange(1, K + 1)).sum() / (1 / np.arange(1, K + 1)).sum())
    w = 0.1 * 0.9 ** np.arange(K)
    out["rbo"] = float((depth @ w + 0.9**K * depth[:, -1]).mean())
    ranked = []
    for p, q in zip(a.tolist(), b.tolist()):
        both = [(p.index(j) + 1, q.index(j) + 1) for j in p if j in q]
        h = sum(1 / i for i in range(1, len(both) + 1))
        ranked.append(sum(2 / ((1 + abs(s - t)) * (s + t)) for s, t in both) / h if both else 0.0)
    out["rank_similarity"] = float(np.mean(ranked))
    out["joint_rank_jaccard"] = float(np.mean(np.array(ranked) * shared / (2 * K - shared)))
    out["imbalance_a_to_b"] = float(2 / n * np.mean([rank_of(y, i, a[i, 0]) for i in range(n)]))
    out["imbalance_b_to_a"] = float(2 / n * np.mean([rank_of(x, i, b[i, 0]) for i in range(n)]))
    cx, cy = x - x.mean(0), y - y.mean(0)
    kx, ky = cx @ cx.T, cy @ cy.T
    out["cka"] = cosine(lambda k, l: float((k * l).sum()), kx, ky)
    out["cka_debiased"] = cosine(unbiased, kx, ky)
    nbs = float(np.linalg.svd(cx.T @ cy, compute_uv=False).sum() / np.linalg.norm(cx) / np.linalg.norm(cy))
    out["procrustes"], out["angular_shape"] = nbs, float(np.arccos(min(nbs, 1)))
    out["cka_rbf"] = cosine(unbiased, gauss(x), gauss(y))
    out["distance_correlation"] = cosine(unbiased, squareform(pdist(x)), squareform(pdist(y)))
    out["rsa"] = float(spearmanr(pdist(x), pdist(y))[0])
    u, v = basis(cx), basis(cy)
    if n > u.shape[1] + v.shape[1]:
        rho = np.linalg.svd(u.T @ v, compute_uv=False).clip(0, 1)
        out["cca"] = float((rho**2).mean())
        out["svcca"] = float(np.linalg.svd(basis(cx, 0.99).T @ basis(cy, 0.99), compute_uv=False).clip(0, 1).mean())
        out["pwcca"] = (weighted(cx, cy) + weighted(cy, cx)) / 2
    else:
        out["cca"] = out["svcca"] = out["pwcca"] = None
    fold = np.array(permutation(0x666F6C64, n)) % (20 if n >= 80 else 5) % 5
    for name, p, q in (("linear_a_to_b", x, y), ("linear_b_to_a", y, x)):
        missed = total = 0.0
        for f in range(5):
            train, test = fold != f, fold == f
            if train.sum() <= p.shape[1] + 1:
                missed = None
                break
            guess = LinearRegression().fit(p[train], q[train]).predict(p[test])
            missed += ((q[test] - guess) ** 2).sum()
            total += ((q[test] - q[train].mean(0)) ** 2).sum()
        out[name] = None if missed is None else float(1 - missed / total)
    if x.shape == y.shape:
        lengths, others = np.linalg.norm(x, axis=1), np.linalg.norm(y, axis=1)
        some = lengths > 0
        out["moved"] = float((np.linalg.norm(x - y, axis=1)[some] / lengths[some]).mean())
        some &= others > 0
        out["moved_cosine"] = float(((x * y).sum(1)[some] / lengths[some] / others[some]).mean())
    return out


def space(x: np.ndarray) -> dict[str, float]:
    c = x - x.mean(0)
    lam = np.linalg.svd(c, compute_uv=False) ** 2
    lam = lam[lam > 1e-13 * lam[0]]
    entropy = lambda p: float(np.exp(-(p * np.log(p)).sum()))
    s = np.linalg.svd(x, compute_uv=False)
    s = s[s > 1e-7 * s[0]]
    pr = float(lam.sum() ** 2 / (lam**2).sum())
    u = x[np.linalg.norm(x, axis=1) > 0]
    u = u / np.linalg.norm(u, axis=1, keepdims=True)
    gram = u @ u.T
    m = len(u)
    v = np.linalg.svd(u, compute_uv=False) ** 2 / m
    v = v[v > 1e-13]
    counts = np.bincount(lists(x).ravel(), minlength=len(x))
    out = {
        "participation_ratio": pr,
        "isoscore": (pr - 1) / (x.shape[1] - 1),
        "effective_rank": entropy(lam / lam.sum()),
        "rankme": entropy(s / s.sum()),
        "stable_rank": float(lam.sum() / lam[0]),
        "anisotropy": float((gram.sum() - m) / (m * (m - 1))),
        "uniformity": float(np.log(np.exp(-2 * pdist(u, "sqeuclidean")).mean())),
        "vendi": entropy(v),
        "hubness_skew": float(scipy.stats.skew(counts)),
        "hubness_robin_hood": float(np.abs(counts - K).sum() / (2 * counts.sum())),
        "antihubs": float((counts == 0).mean()),
    }
    return out


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


def main() -> None:
    out: dict = {"versions": {m.__name__: m.__version__ for m in (np, scipy, sklearn)}, "k": K, "pairs": {}}
    for name, (x, y) in pairs().items():
        ints = [np.round(v * 64).astype(int) for v in (x, y)]
        x, y = (i / 64 for i in ints)
        out["pairs"][name] = {"rows": len(x), "x": ints[0].ravel().tolist(), "y": ints[1].ravel().tolist(),
            "pair": pair(x, y), "spaces": [space(x), space(y)]}  # fmt: skip
    with open("adversarial.json", "w") as f:
        json.dump(out, f, separators=(",", ":"))
        f.write("\n")


if __name__ == "__main__":
    main()
