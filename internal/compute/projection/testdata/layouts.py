"""Makes umap-digits.npy, umap-glosses.npy and umap-curves.npy: the layouts of umap-learn by its defaults under the seeds 1, 2 and 42,
side by side (n×6), of two spaces of the demo and of the made-up one of reference_test.go.

Run in this folder, with umap-learn: python layouts.py
"""

import numpy as np
import umap


def mixed(x: np.ndarray) -> np.ndarray:
    """The finaliser of splitmix64."""
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    return x ^ x >> np.uint64(31)


def uniform(kind: int, *shape: int) -> np.ndarray:
    """Numbers in [-1, 1) that depend on their place alone."""
    count = int(np.prod(shape))
    with np.errstate(over="ignore"):
        bits = mixed(np.uint64(kind << 32) + np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return ((bits >> np.uint64(11)).astype(np.float64) * 2.0**-52 - 1).reshape(shape)


def curves(rows: int = 3000, dims: int = 64, parts: int = 30) -> np.ndarray:
    """Bent lines of 100 rows each, with noise."""
    centre, first, second = uniform(1, parts, dims), uniform(2, parts, dims), uniform(3, parts, dims)
    along, off = uniform(4, rows, 1), uniform(5, rows, dims)
    part = np.arange(rows) % parts
    return (centre[part] + along * first[part] + along * along * second[part] + 0.25 * off).astype(np.float32)


SPACES = {
    "digits": lambda: np.load("../../../demo/data/digits/pixels.npy"),
    "glosses": lambda: np.load("../../../demo/data/words/minilm.npy"),
    "curves": curves,
}

if __name__ == "__main__":
    print("umap-learn", umap.__version__)
    for name, space in SPACES.items():
        x = space()
        layouts = [umap.UMAP(random_state=seed, n_jobs=1).fit_transform(x) for seed in (1, 2, 42)]
        np.save(f"umap-{name}.npy", np.hstack(layouts).astype(np.float32))
