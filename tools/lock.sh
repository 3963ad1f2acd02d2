#!/bin/sh
# Compiles requirements/*.in to *.txt, with hashes, for every platform and Python. What is pinned stays, unless its
# range no longer allows it; `make lock UPGRADE=--upgrade` takes the newest. Commit what it writes.
set -eu
cd "$(dirname "$0")/.."
tool=.make/lock
[ -x "$tool/bin/uv" ] || { python3 -m venv "$tool" && "$tool/bin/pip" install -q "uv>=0.9"; }
cd requirements
for name in run test; do
  "../$tool/bin/uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-header "$@" \
    "$name.in" -o "$name.txt"
done
