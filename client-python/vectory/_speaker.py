"""What every verb needs: one daemon that is asked, and jobs that are waited for."""

from __future__ import annotations

import json
import os
from typing import Any

from vectory._daemon import up
from vectory._errors import error_of
from vectory._http import Json, Transport
from vectory._progress import Progress


class Speaker:
    """Speaks to one daemon."""

    def __init__(self, url: str | None = None, token: str | None = None, home: str | None = None) -> None:
        """Speak to the daemon at url with token, else find or start that of the home."""
        if url is None and home is None and os.environ.get("VECTORY_URL"):
            url, token = os.environ["VECTORY_URL"], os.environ.get("VECTORY_TOKEN", "")
        find = (lambda: up(home)) if url is None else None
        self._transport = Transport(url, token or "", find)

    def _ask(self, method: str, path: str, query: Json | None = None, body: Any = None) -> Json:
        found: Json = json.loads(self._transport.request(method, path, query, body=body))
        return found

    def _made(self, what: str, method: str, path: str, query: Json | None = None, body: Any = None) -> Json:
        """Ask for what a job makes until it is there."""
        while True:
            reply = self._ask(method, path, query, body)
            if reply.get(what):
                found: Json = reply[what]
                return found
            self._wait(reply["job"])

    def _compare(self, request: Json) -> Json:
        reply = self._ask("POST", "comparisons", body=request)
        if reply.get("comparison"):
            found: Json = reply["comparison"]
            return found
        return self._ask("GET", f"comparisons/{self._wait(reply['job'])['result']}")

    def _wait(self, job: Json) -> Json:
        """Follow a job to its end; Ctrl-C cancels it."""
        try:
            with Progress(job["title"]) as progress:
                while job["state"] in ("queued", "running"):
                    job = self._ask("GET", f"jobs/{job['id']}", {"wait": 20})
                    if job["state"] == "running":
                        progress.show(job["progress"], job["stage"], job.get("left_s"))
        except KeyboardInterrupt:
            self._transport.request("DELETE", f"jobs/{job['id']}")
            raise
        if job["state"] != "done":
            raise error_of(job["error"]["code"], job["error"]["message"], job["error"].get("hint", ""))
        return job

    def status(self) -> Json:
        """What the daemon says of itself: url, version, home, jobs; UnavailableError when none is there."""
        return self._ask("GET", "status")

    def close(self) -> None:
        """Close the connection; the daemon stays."""
        self._transport.close()

    def stop(self) -> None:
        """Stop the daemon; what was being computed goes on when it is asked for again."""
        self._transport.request("POST", "shutdown")
        self._transport.close()
