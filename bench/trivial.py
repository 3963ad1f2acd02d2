"""The least that Flask can do, on the same server: what any other application is measured beside.

`python -m bench.trivial PORT PROCESSES THREADS`.
"""

import sys

from flask import Flask

from hub.running.web_server import run_web


def create() -> Flask:
    """One route that says a word."""
    app = Flask("trivial", static_folder=None)
    app.add_url_rule("/", "hello", lambda: "Hello, world\n")
    return app


if __name__ == "__main__":
    port, processes, threads = map(int, sys.argv[1:])
    run_web("127.0.0.1", port, processes=processes, threads=threads, application="bench.trivial:create")
