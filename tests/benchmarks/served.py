"""`python -m tests.benchmarks.served APP PORT`: Streamlit serves APP, and says on request what it has cost so far.

Each line on its input is a question: "cost" is answered by the seconds of processor that this process has used and the
bytes of memory that it holds; "forget" empties the caches first, as a restart would. Its answers are lines of JSON.
"""

import gc
import json
import os
import sys
import threading
import time
from pathlib import Path

import streamlit as st
from streamlit.web import cli

_MEMORY = Path("/proc/self/statm")


def memory_bytes() -> int | None:
    """What this process holds in memory; None where the system does not say it in the way that we read."""
    if not _MEMORY.exists():
        return None
    return int(_MEMORY.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _answer() -> None:
    for line in sys.stdin:
        if line.strip() == "forget":
            st.cache_data.clear()
            st.cache_resource.clear()
            gc.collect()
        # nothing that costs: what a question costs is charged to the page that is measured next
        sys.stdout.write(f"\n{json.dumps({'seconds': time.process_time(), 'memory': memory_bytes()})}\n")
        sys.stdout.flush()


def main(app: str, port: str) -> None:
    """Serve until the process is ended."""
    threading.Thread(target=_answer, daemon=True).start()
    cli.main(["run", app, "--server.port", port], standalone_mode=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
