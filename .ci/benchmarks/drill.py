"""Three nodes on this machine, of which one is killed while vectory loads a space, and one while it asks.

Prints how many rows were acknowledged, lost and written twice, and how many answers were right, refused and
wrong; fails when any was lost, doubled or wrong. A replica of each of three shards is elsewhere, as
`embeddings load -n 3` makes it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from bench import ROOT, clustered
from elastic import Door, Refused, Vectory

ROWS, DIMS, ASKED = 20_000, 384, 600
SCRIPT = ["bash", str(ROOT / ".ci/elasticsearch")]


class Nodes:
    """Three nodes of one cluster in a folder, on fixed ports."""

    def __init__(self, folder: str, first: int = 19200) -> None:
        """Start nothing yet."""
        self.folder, self.first = folder, first

    def start(self, number: int) -> str:
        """Start one, on its data; gives its address."""
        env = {**os.environ, "NODE": str(number), "NODES": str(self.first), "HEAP": "400m"}
        start = [*SCRIPT, "start", f"{self.folder}/{number}"]
        return subprocess.run(start, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def kill(self, number: int) -> None:
        """As by a power cut."""
        subprocess.run([*SCRIPT, "kill", f"{self.folder}/{number}"], check=True)

    def __enter__(self) -> Nodes:
        """Start all: they wait for each other."""
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(self.start, (1, 2, 3)))
        return self

    def __exit__(self, *_: object) -> None:
        """Leave none."""
        for number in (1, 2, 3):
            subprocess.run([*SCRIPT, "stop", f"{self.folder}/{number}"], check=False)


def victim(node: Door) -> int:
    """Choose the master, unless it is the node that the daemon knows: then another."""
    master = node.ask("GET", "/_cat/master?format=json")[0]["node"]
    return 3 if master == "n1" else int(master[1])


def versions(node: Door, index: str) -> dict[int, list[int]]:
    """How often each row was written: the versions of its documents, by row."""
    found: dict[int, list[int]] = {}
    after = -1
    while True:
        page = {
            "size": 10_000,
            "_source": False,
            "docvalue_fields": ["row"],
            "version": True,
            "sort": ["row"],
        }
        body = json.dumps({**page, "search_after": [after]}).encode()
        path = f"/{index}/_search?allow_partial_search_results=false"
        hits = node.ask("POST", path, body)["hits"]["hits"]
        if not hits:
            return found
        for hit in hits:
            found.setdefault(hit["fields"]["row"][0], []).append(hit["_version"])
        after = hits[-1]["sort"][0]


def green(node: Door) -> str:
    """Wait for every copy of every shard; gives how it is."""
    path = "/_cluster/health?wait_for_status=green&timeout=120s"
    status: str = node.ask("GET", path, fine=(408,))["status"]
    return status


def during_a_load(nodes: Nodes, node: Door, here: Vectory) -> bool:
    """Kill a node when a quarter of the rows has arrived."""
    said: dict[str, Any] = {}
    how = ["embeddings", "load", "i", "s", "-n", "3", "-c", "200"]
    load = threading.Thread(target=lambda: said.update(here.says(*how)))
    began = time.monotonic()
    load.start()
    arrived = 0
    while arrived < ROWS // 4 and load.is_alive():
        time.sleep(0.2)
        stats = node.ask("GET", "/vectory-*/_stats/indexing")
        arrived = stats["_all"]["primaries"].get("indexing", {}).get("index_total", 0)
    number = victim(node)
    nodes.kill(number)
    killed = time.monotonic() - began
    load.join()
    took = time.monotonic() - began
    node.ask("POST", f"/{said['in_cluster']}/_refresh")
    there = versions(node, said["in_cluster"])
    lost = [row for row in range(ROWS) if row not in there]
    doubled = [row for row, v in there.items() if len(v) > 1]
    again = sum(v[0] > 1 for v in there.values())
    print(
        f"load: node {number} killed after {killed:.0f} s with {arrived} rows there;"
        f" {said['state']} after {took:.0f} s\n"
        f"load: {said['rows']} rows acknowledged, {len(lost)} lost, {len(doubled)} there twice;"
        f" {again} were sent again, under their ids",
        flush=True,
    )
    nodes.start(number)
    print(f"load: node {number} is back, the cluster {green(node)}", flush=True)
    return not lost and not doubled and said["rows"] == ROWS and said["state"] == "ready"


def during_queries(nodes: Nodes, node: Door, here: Vectory) -> bool:
    """Kill a node amid queries; each answer must be the daemon's own, or a refusal."""
    rows = [int(row) for row in np.linspace(0, ROWS - 1, ASKED)]
    truth = {row: here.neighbours(row, "") for row in rows}
    right, refused, wrong, longest = 0, 0, 0, 0.0
    number = victim(node)
    for i, row in enumerate(rows):
        if i == ASKED // 3:
            nodes.kill(number)
        began = time.monotonic()
        try:
            same = here.neighbours(row, "i") == truth[row]
            right, wrong = right + same, wrong + (not same)
        except Refused as why:
            refused += 1
            print(f"queries: refused: {str(why)[:160]}")
        longest = max(longest, time.monotonic() - began)
    last = here.neighbours(rows[0], "i") == truth[rows[0]]
    print(
        f"queries: node {number} killed after {ASKED // 3} of {ASKED}; {right} answers right,"
        f" {refused} refused, {wrong} wrong; the longest took {longest:.1f} s;"
        f" then {'right' if last else 'wrong'} again",
        flush=True,
    )
    score = here.says("compare", "s", "s", "--engine", "elasticsearch", "--sample", "1000")
    print(f"queries: a space beside itself by two nodes: {score['jaccard']['mean']}, exact: {score['exact']}")
    return wrong == 0 and last and right > 0 and score["jaccard"]["mean"] == 1


def main() -> None:
    """Run both drills."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectory", required=True)
    program = parser.parse_args().vectory
    subprocess.run([*SCRIPT, "home"], check=True, capture_output=True)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        files = ["-i", f"{folder}/x.csv", "-e", f"{folder}/x.npy"]
        np.save(f"{folder}/x.npy", clustered(ROWS, DIMS))
        Path(f"{folder}/x.csv").write_text("id\n" + "".join(f"r{i}\n" for i in range(ROWS)))
        with Nodes(folder) as nodes, Vectory(program, f"http://127.0.0.1:{nodes.first}") as here:
            node = Door(f"http://127.0.0.1:{nodes.first}")
            print(f"three nodes, {green(node)}", flush=True)
            here.says("add", *files, "--space-name", "s", "--metric", "euclidean")
            held = [during_a_load(nodes, node, here), during_queries(nodes, node, here)]
    if not all(held):
        sys.exit("rows were lost, or an answer was wrong")


if __name__ == "__main__":
    main()
