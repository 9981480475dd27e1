"""Makes the files beside this by the independent writers: python make.py, with pyarrow, pandas, numpy.

Every one holds the same 60 rows of 7 numbers; their float32 bytes are in want.bin, the texts of the plain columns in
want.csv.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet

HERE = Path(__file__).parent
N, D = 60, 7
# Eighths: exact in float16, and ten times them in int8.
x = (np.random.default_rng(0).integers(-12, 12, (N, D)) / 8).astype(np.float32)
x.tofile(HERE / "want.bin")
frame = pd.DataFrame(
    {
        "id": [f"i{i}" for i in range(N)],
        "label": pd.Categorical([["a", "b, c"][i % 2] for i in range(N)]),
        "when": pd.date_range("2026-01-01", periods=N, freq="90min"),
        "n": np.arange(N),
        "maybe": [None if i % 7 == 0 else i / 4 for i in range(N)],
        "ok": [i % 3 == 0 for i in range(N)],
        "vector": list(x),
    }
)


def text(v: object) -> str:
    if v is None or v is pd.NaT or (isinstance(v, float) and np.isnan(v)):
        return ""
    if isinstance(v, pd.Timestamp):
        return v.isoformat()
    if isinstance(v, (bool, np.bool_)):
        return str(v).lower()
    return f"{v:g}" if isinstance(v, float) else str(v)


plain = frame.drop(columns="vector")
plain.map(text).to_csv(HERE / "want.csv", index=False)
table = pa.Table.from_pandas(frame)


def fixed(values: np.ndarray) -> pa.Table:
    return pa.table({"v": pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), D)})


for codec in ["snappy", "zstd", "gzip", "brotli", "lz4", "none"]:
    parquet.write_table(table, HERE / f"{codec}.parquet", compression=codec)
parquet.write_table(
    table, HERE / "pages.parquet", data_page_version="2.0", row_group_size=23, data_page_size=200
)
for name, values in {
    "half": x.astype(np.float16),
    "double": x.astype(np.float64),
    "int8": (8 * x).astype(np.int8),
    "uint16": (8 * x + 100).astype(np.uint16),
}.items():
    parquet.write_table(fixed(values), HERE / f"{name}.parquet")
    feather.write_feather(fixed(values), HERE / f"{name}.feather")
large = pa.table({"v": pa.array(list(x), pa.large_list(pa.float32()))})
parquet.write_table(large, HERE / "large.parquet", use_dictionary=False)
feather.write_feather(large, HERE / "large.feather", compression="uncompressed")
feather.write_feather(table, HERE / "lz4.feather", compression="lz4", chunksize=17)
feather.write_feather(table, HERE / "zstd.feather", compression="zstd")
with pa.OSFile(str(HERE / "stream.arrow"), "wb") as file, pa.ipc.new_stream(file, table.schema) as out:
    out.write_table(table, max_chunksize=25)

# What has to be refused.
rows = x.tolist()
for name, vectors in {
    "ragged": [*rows[:3], rows[3][:6]],
    "null": [rows[0], None, rows[2]],
    "nullvalue": [rows[0], [1.0, None, *rows[1][2:]]],
    "emptylist": [rows[0], []],
    "nan": [rows[0], [float("nan"), *rows[1][1:]]],
}.items():
    bad = pa.table({"v": pa.array(vectors, pa.list_(pa.float32()))})
    parquet.write_table(bad, HERE / f"bad-{name}.parquet")
    feather.write_feather(bad, HERE / f"bad-{name}.feather")
wide = pa.table({"v": pa.array([[1.0, 1e300]], pa.list_(pa.float64()))})
parquet.write_table(wide, HERE / "bad-wide.parquet")
parquet.write_table(pa.table({"a": [[1.0]], "b": [[2.0]], "c": [1]}), HERE / "bad-two.parquet")
parquet.write_table(pa.table({"a": [1], "b": ["x"]}), HERE / "bad-none.parquet")
parquet.write_table(pa.table({"v": pa.array([], pa.list_(pa.float32()))}), HERE / "bad-norows.parquet")
