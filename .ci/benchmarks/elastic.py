"""Loads and queries by a real Elasticsearch, against the same bytes sent by hand.

A daemon loads a space into a throw-away node. Between the two stands, once, a recorder: what it heard is
sent again as the best bulk request does it, bytes that are ready in memory, to an index of the same
mapping, in turns with the daemon; the best of each counts. Queries are asked at the daemon's door one after
another, and the daemon's own requests at the node's, in turns, as whole requests that are ready in memory
over a socket that stays open: what a client costs is in neither. They are asked one at a time, and fifty
ids in one question. The same requests go through a relay, a program of net/http that does nothing else:
what any daemon between the two costs. The node tells how long it took by itself (`took`), in whole
milliseconds that are cut off: what it tells is taken for evenly spread over each. Nothing is measured before
the node has answered thousands of queries: it compiles its code meanwhile.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np
from bench import ROOT, clustered

SHAPES = {True: (10_000, 384), False: (100_000, 384)}
MODELS: dict[str, dict[str, Any]] = {
    "exact": {"model": "exact"},
    "hnsw": {"model": "hnsw"},
    "lsh L=100 k=8": {"model": "lsh"},
    "lsh L=99 k=1": {"model": "lsh", "tables": 99, "bits": 1},
}
QUERIES, K, WARM, TOGETHER, ROUNDS = 200, 10, 8_000, 50, 2
SHORT = 20.0  # seconds: what takes no longer is done four times, else twice
BY_HAND = [
    (threads, size << 20) for threads, size in ((1, 2), (2, 2), (2, 8), (3, 8))
]  # the note: 2 of 5 to 10 MB


class Refused(Exception):
    """A server has answered with an error."""


class Door:
    """Requests to one server over connections that stay open, one for each thread."""

    def __init__(self, url: str, token: str = "") -> None:
        """Open nothing yet."""
        self.at, self.token, self.own = urlsplit(url), token, threading.local()

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        kind: str = "application/json",
        fine: tuple[int, ...] = (),
    ) -> Any:
        """Ask, and give the JSON that comes back."""
        headers = {
            "Content-Type": kind,
            "Accept": "application/json",
            **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
        }
        if not hasattr(self.own, "line"):
            self.own.line = http.client.HTTPConnection(self.at.hostname or "", self.at.port)
        try:
            self.own.line.request(method, path, body, headers)
            reply = self.own.line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # idle for too long
            del self.own.line
            return self.ask(method, path, body, kind, fine)
        text = reply.read()
        if reply.status >= 300 and reply.status not in fine:
            raise Refused(f"{method} {path}: {reply.status} {text[:400].decode(errors='replace')}")
        return json.loads(text or b"null")


class Wire:
    """Whole requests over one socket: what a client can do least."""

    def __init__(self, door: Door) -> None:
        """Connect to where a door is."""
        self.at = f"{door.at.hostname}:{door.at.port}"
        self.token = f"Authorization: Bearer {door.token}\r\n" if door.token else ""
        self.line = socket.create_connection((door.at.hostname, door.at.port))
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ready(self, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> bytes:
        """Make the bytes of a request."""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.at}\r\n{self.token}Content-Type: {kind}\r\n"
        return f"{head}Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    def ask(self, request: bytes) -> bytes:
        """Send it; gives the answer as it came, once it is there."""
        self.line.sendall(request)
        head, _, body = self.more(b"", b"\r\n\r\n").partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise Refused((head + body)[:400].decode(errors="replace"))
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        while length and len(body) < int(length):
            body += self.line.recv(1 << 16)
        return body if length else self.more(body, b"\r\n0\r\n\r\n")

    def more(self, text: bytes, until: bytes) -> bytes:
        """Read on until some bytes have come."""
        while until not in text:
            got = self.line.recv(1 << 16)
            if not got:
                raise Refused("the connection ended")
            text += got
        return text


class Recorder(ThreadingHTTPServer):
    """Passes requests on to a server and keeps their bodies, by the last word of the path."""

    def __init__(self, url: str) -> None:
        """Listen."""
        super().__init__(("127.0.0.1", 0), Passing)
        self.at, self.heard, self.guard = urlsplit(url), {}, threading.Lock()  # type: ignore[var-annotated]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, word: str) -> list[tuple[str, bytes]]:
        """Give what was heard, with its query, and forget it."""
        with self.guard:
            return self.heard.pop(word, [])


class Passing(BaseHTTPRequestHandler):
    """One request of a recorder."""

    protocol_version = "HTTP/1.1"
    server: Recorder

    def do_POST(self) -> None:
        """Pass it on."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path)
        with self.server.guard:
            self.server.heard.setdefault(path.path.rsplit("/", 1)[-1], []).append((path.query, body))
        line = http.client.HTTPConnection(self.server.at.hostname or "", self.server.at.port)
        kept = {name: self.headers[name] for name in ("Content-Type", "Accept") if name in self.headers}
        line.request(self.command, self.path, body, kept)
        reply = line.getresponse()
        text = reply.read()
        self.send_response(reply.status)
        for name in ("Content-Type", "X-Elastic-Product"):
            if value := reply.getheader(name):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)
        line.close()

    do_GET = do_PUT = do_DELETE = do_HEAD = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""


class Vectory:
    """A home of its own, whose daemon knows one cluster."""

    def __init__(self, program: str, cluster: str) -> None:
        """Start the daemon."""
        self.program, self.home = program, tempfile.TemporaryDirectory()
        self.env = {**os.environ, "VECTORY_HOME": self.home.name, "ELASTICSEARCH_URL": cluster}
        run = self.says("up")
        self.door = Door(run["url"], self.token())
        self.pid = run["pid"]

    def token(self) -> str:
        """The key to the daemon's door."""
        found: str = json.loads(next(Path(self.home.name).glob("daemon-*.json")).read_text())["token"]
        return found

    def says(self, *args: str) -> Any:
        """What a command prints."""
        done = subprocess.run([self.program, *args, "--json"], env=self.env, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"vectory {' '.join(args)}: {done.stderr}")
        return json.loads(done.stdout)

    def load(self, how: dict[str, Any]) -> None:
        """Load the space into an index, as the command does."""
        begun = self.door.ask(
            "POST", "/api/v1/indices", json.dumps({"name": "i", "space": "s", **how}).encode()
        )
        job = begun["job"]
        while job["state"] in ("queued", "running"):
            job = self.door.ask("GET", f"/api/v1/jobs/{job['id']}?wait=30")
        if job["state"] != "done":
            raise Refused(f"load: {job}")

    def index(self) -> str:
        """Read what the index is called in the cluster."""
        found: str = self.says("ls", "indices")["indices"][0]["in_cluster"]
        return found

    def cpu(self) -> float:
        """Seconds of all cores that the daemon has had."""
        words = Path(f"/proc/{self.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def question(self, row: int, index: str) -> str:
        """Make the path of a question, as the view asks it."""
        path = f"/api/v1/spaces/s/neighbours?row={row}&k={K}"
        return f"{path}&engine=elasticsearch&index={quote(index)}" if index else path

    def together(self, rows: list[int], index: str) -> bytes:
        """Make the body of a question about many rows."""
        ids = [f"r{row}" for row in rows]
        asked = {"spaces": ["s"], "ids": ids, "k": K, "engine": "elasticsearch", "indices": [index]}
        return json.dumps(asked).encode()

    def neighbours(self, row: int, index: str) -> list[int]:
        """Ask the daemon."""
        return [n["row"] for n in self.door.ask("GET", self.question(row, index))["neighbours"]]

    def __enter__(self) -> Vectory:
        """Be there."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing running."""
        subprocess.run([self.program, "stop"], env=self.env, capture_output=True)
        self.home.cleanup()


class Relay:
    """A program that passes requests on to a node, and does nothing else."""

    def __init__(self, program: str, url: str) -> None:
        """Start it."""
        self.run = subprocess.Popen([program, url], stdout=subprocess.PIPE, text=True)
        assert self.run.stdout
        self.door = Door(self.run.stdout.readline().strip())

    def __enter__(self) -> Relay:
        """Be there."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing running."""
        self.run.kill()
        self.run.communicate()


class Peak:
    """The most memory of its own (not mapped files) that a process had meanwhile, in MB."""

    def __init__(self, pid: int) -> None:
        """Look once."""
        self.path, self.most, self.stop = Path(f"/proc/{pid}/status"), 0, threading.Event()
        self.before = self.now()
        self.thread = threading.Thread(target=self.watch)

    def now(self) -> int:
        """What it has now."""
        lines = self.path.read_text().splitlines()
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("RssAnon"))

    def watch(self) -> None:
        """Look often."""
        while not self.stop.wait(0.02):
            self.most = max(self.most, self.now())

    def __enter__(self) -> Peak:
        """Begin to look."""
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more."""
        self.stop.set()
        self.thread.join()


def pages(bodies: list[bytes], size: int) -> Iterator[bytes]:
    """Cut what was sent into requests of about so many bytes: a row is two documents, each with an end."""
    page, length = [], 0
    for body in bodies:
        documents = [document + b"\xff" for document in body.split(b"\xff")[:-1]]
        for i in range(0, len(documents), 2):
            page += documents[i : i + 2]
            length += len(documents[i]) + len(documents[i + 1])
            if length >= size:
                yield b"".join(page)
                page, length = [], 0
    if page:
        yield b"".join(page)


def by_hand(node: Door, mapping: bytes, ready: list[bytes], threads: int, rows: int) -> float:
    """Make an index and send what is ready; seconds until all of it is counted."""
    began = time.perf_counter()
    node.ask("PUT", "/by-hand", mapping)

    def send(body: bytes) -> bool:
        path = "/by-hand/_bulk?filter_path=errors,items.*.status,items.*.error"
        return bool(node.ask("POST", path, body, "application/smile")["errors"])

    with ThreadPoolExecutor(threads) as pool:
        if any(pool.map(send, ready)):
            sys.exit("by hand: the node refused rows")
    node.ask("POST", "/by-hand/_refresh")
    counted = node.ask("GET", "/by-hand/_count")["count"]
    took = time.perf_counter() - began
    if counted != rows:
        sys.exit(f"by hand: {counted} rows of {rows}")
    node.ask("DELETE", "/by-hand")
    return took


def twin(node: Door, index: str) -> bytes:
    """Read the body that makes an index like another."""
    m = node.ask("GET", f"/{index}/_mapping")[index]["mappings"]
    s = node.ask("GET", f"/{index}/_settings")[index]["settings"]["index"]
    kept = {name: s[name] for name in ("number_of_shards", "auto_expand_replicas", "refresh_interval")}
    return json.dumps({"settings": kept, "mappings": m}).encode()


def p50(times: list[float]) -> float:
    """Median, in milliseconds."""
    return 1000 * statistics.median(times)


def took_of(answer: bytes) -> int:
    """Read how many milliseconds a node says that it took."""
    return int(answer.partition(b'"took":')[2].partition(b",")[0])


def p50_took(took: list[int]) -> float:
    """Median of what a node tells, of times that are evenly spread over each whole millisecond."""
    return statistics.median_grouped([ms + 0.5 for ms in took])


def clock(ask: Any) -> tuple[float, Any]:
    """Seconds, and the answer."""
    began = time.perf_counter()
    answer = ask()
    return time.perf_counter() - began, answer


def model(
    name: str, here: Vectory, heard: Vectory, recorder: Recorder, node: Door, relay: Relay, x: np.ndarray
) -> None:
    """Print the line of one model."""
    asked = [int(row) for row in np.linspace(0, len(x) - 1, QUERIES)]
    how = MODELS[name]
    recorder.take("_bulk")
    heard.load(how)
    index = heard.index()
    bodies = [body for _, body in recorder.take("_bulk")]
    single, many = [], []
    for row in asked:
        recorder.take("_search")
        heard.neighbours(row, "i")
        single.append(recorder.take("_search")[0])  # some rows are asked about once more
    for at in range(0, QUERIES, TOGETHER):
        recorder.take("_msearch")
        heard.door.ask("POST", "/api/v1/query", heard.together(asked[at : at + TOGETHER], "i"))
        many.append(recorder.take("_msearch")[0])
    mapping = twin(node, index)
    heard.says("embeddings", "delete-index", "i")

    some = list(pages(bodies, 1))[:5_000]

    def trial(how: tuple[int, int]) -> float:
        return by_hand(node, mapping, list(pages(some, how[1])), how[0], len(some))

    best = min(BY_HAND, key=trial)
    ready, ours, theirs, memory = list(pages(bodies, best[1])), [], [], 0

    def load() -> None:
        nonlocal memory
        if ours:
            here.says("embeddings", "delete-index", "i")
        with Peak(here.pid) as peak:
            ours.append(clock(lambda: here.load(how))[0])
        memory = max(memory, peak.most - peak.before)

    def send() -> None:
        theirs.append(by_hand(node, mapping, ready, best[0], len(x)))

    turns = [load, send, send, load]  # the node gets faster meanwhile: nobody is always the later one
    for step in turns:
        step()
    if max(ours) < SHORT:
        for step in turns:
            step()
    size = sum(map(len, bodies)) / len(x)
    rate = [len(x) / min(t) for t in (ours, theirs)]
    print(
        f"| {name} | {size / 1024:.1f} | {rate[0]:.0f} | {rate[1]:.0f} ({best[0]} × {best[1] >> 20} MB)"
        f" | {100 * rate[0] / rate[1]:.0f} % | {memory} |",
        end="",
    )
    found = {row: here.neighbours(row, "i") for row in asked}
    ask_at_each(here, node, relay, asked, single, many)
    exact = {row: here.neighbours(row, "") for row in asked}
    recall = np.mean([len(set(found[row]) & set(exact[row])) / K for row in asked])
    print(f" {recall:.4f} |", flush=True)
    here.says("embeddings", "delete-index", "i")


def ask_at_each(
    here: Vectory,
    node: Door,
    relay: Relay,
    asked: list[int],
    single: list[tuple[str, bytes]],
    many: list[tuple[str, bytes]],
) -> None:
    """Print what queries take at each door, asked in turns: a machine is not the same a second later."""
    name, straight, relayed = here.index(), Wire(node), Wire(relay.door)

    def at_node(word: str, said: tuple[str, bytes]) -> bytes:
        query = said[0].replace("filter_path=", "filter_path=took,")
        return straight.ready("POST", f"/{name}/{word}?{query}", said[1])

    def at_daemon(at: int) -> bytes:
        body = here.together(asked[at : at + TOGETHER], "i")
        return daemon.ready("POST", "/api/v1/query", body)

    def in_turns(
        pairs: list[tuple[bytes, bytes]],
    ) -> tuple[list[float], list[float], list[float], list[int]]:
        ours, least, theirs, took = [], [], [], []
        for one, other in pairs:
            ours.append(clock(partial(daemon.ask, one))[0])
            least.append(clock(partial(relayed.ask, other))[0])
            seconds, answer = clock(partial(straight.ask, other))
            theirs.append(seconds)
            took.append(took_of(answer))
        return ours, least, theirs, took

    ones = [at_node("_search", said) for said in single]
    for i in range(WARM):
        straight.ask(ones[i % len(ones)])
    daemon = Wire(here.door)  # a connection that asks for nothing is ended
    asking = [daemon.ready("GET", here.question(row, "i")) for row in asked]
    both = list(zip(asking, ones, strict=True))
    in_turns(both)  # warm
    spent = here.cpu()
    ours, least, theirs, took = in_turns(both)
    spent = (here.cpu() - spent) / len(asked)
    added = p50([a - b for a, b in zip(ours, theirs, strict=True)])
    print(
        f" {p50(ours):.1f} | {p50(least):.1f} | {p50(theirs):.1f} | {added:+.1f} | {p50_took(took):.1f}"
        f" | {100 * (p50(ours) / p50_took(took) - 1):+.0f} % | {1000 * spent:.2f} |",
        end="",
    )
    pairs = [(at_daemon(i * TOGETHER), at_node("_msearch", said)) for i, said in enumerate(many)]
    in_turns(pairs)  # warm
    ours, _, _, took = in_turns(ROUNDS * pairs)
    print(
        f" {p50(ours) / TOGETHER:.1f} | {100 * (p50(ours) / p50_took(took) - 1):+.0f} % |",
        end="",
    )


def tables(url: str, vectory: str, relay: str, shape: tuple[int, int], models: list[str]) -> None:
    """Print the table of one shape."""
    node, recorder = Door(url), Recorder(url)
    about = next(iter(node.ask("GET", "/_nodes/_local")["nodes"].values()))
    n, d = shape
    by = f"Elasticsearch {about['version']}, JDK {about['jvm']['version']}"
    print(f"\n### clustered {n}×{d}, {os.cpu_count()} cores, {by}\n")
    print("| model | KB a row | rows/s | by hand | ratio | peak MB ", end="")
    print("| p50 ms | by a relay | at the node | added | took p50 | over took | daemon's CPU ms ", end="")
    print("| ms a query of 50 | over took | recall |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    x = clustered(n, d)
    with (
        tempfile.TemporaryDirectory() as folder,
        Vectory(vectory, url) as here,
        Vectory(vectory, f"http://127.0.0.1:{recorder.server_port}") as heard,
        Relay(relay, url) as passing,
    ):
        np.save(f"{folder}/x.npy", x)
        Path(f"{folder}/x.csv").write_text("id,label\n" + "".join(f"r{i},{i % 10}\n" for i in range(n)))
        for v in (here, heard):
            files = ["-i", f"{folder}/x.csv", "-e", f"{folder}/x.npy"]
            v.says("add", *files, "--space-name", "s", "--metric", "cosine")
        for name in models:
            model(name, here, heard, recorder, node, passing, x)


def main() -> None:
    """Start a node, print the table, stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectory", required=True)
    parser.add_argument("--relay", required=True, help="the program of .ci/benchmarks/relay")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    parser.add_argument("--model", action="append", choices=list(MODELS))
    parser.add_argument("--node", help="a node that runs; else one is started, and that is timed")
    wanted = parser.parse_args()
    ask = (wanted.vectory, wanted.relay, SHAPES[wanted.quick], wanted.model or list(MODELS))
    if wanted.node:
        tables(wanted.node, *ask)
        return
    script = ["bash", str(ROOT / ".ci/elasticsearch")]
    subprocess.run([*script, "home"], check=True, capture_output=True)  # fetched before it is timed
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        start = [*script, "start", f"{folder}/node"]
        env = {"HEAP": "1g", **os.environ}
        try:
            took, url = clock(
                lambda: subprocess.run(start, check=True, stdout=subprocess.PIPE, env=env).stdout
            )
            print(f"a node of {env['HEAP']} heap answers after {took:.1f} s")
            tables(url.decode().strip(), *ask)
        finally:
            took, _ = clock(lambda: subprocess.run([*script, "stop", f"{folder}/node"], check=True))
            print(f"\nstopped after {took:.1f} s")


if __name__ == "__main__":
    main()
