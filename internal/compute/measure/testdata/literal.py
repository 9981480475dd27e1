"""Makes literal.json: data of published examples whose printed results stand in literal_test.go.

Run with numpy as: python literal.py FOLDER, where FOLDER holds three files of DADApy's tests (Apache-2.0, The DADApy
Authors): 2gaussians_in_2d.npy, 2gaussians_in_2d_overlap.npy, 3d_gauss_small_z_var.npy. The fourth pair is that of the
demonstration notebook of Kornblith et al. (2019), drawn with its seed.
"""

import json
import sys
from pathlib import Path

import numpy as np


def main() -> None:
    data = {}
    for name in ("2gaussians_in_2d", "2gaussians_in_2d_overlap", "3d_gauss_small_z_var"):
        data[name] = np.load(Path(sys.argv[1]) / f"{name}.npy")
    random = np.random.RandomState(1337)
    data["kornblith_x"] = random.normal(size=(100, 10))
    data["kornblith_y"] = data["kornblith_x"] + random.normal(size=(100, 10))
    sent = {name: {"rows": len(x), "values": np.float32(x).ravel().tolist()} for name, x in data.items()}
    with open("literal.json", "w") as f:
        json.dump(sent, f, separators=(",", ":"))
        f.write("\n")


main()
