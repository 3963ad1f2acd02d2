#!/bin/sh
# Makes .venv and puts the pinned requirements ($1: run or test) and the hub itself into it.
set -eu
cd "$(dirname "$0")/.."
wanted=$1

stop() {
  echo "$1" >&2
  exit 1
}

fits() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null
}

find_python() {
  for python in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
    if fits "$python"; then
      echo "$python"
      return
    fi
  done
  found=$(${PYTHON:-python3} --version 2> /dev/null) || found="no Python 3"
  stop "The hub needs Python 3.11 or newer, and this machine has $found: install one (macOS: brew install python@3.13; \
Debian, Ubuntu: apt install python3 python3-venv), or name it: make run PYTHON=/path/to/python3.13"
}

if [ -e .venv ] && ! fits .venv/bin/python; then
  stop "The folder .venv was made with a Python that is gone or too old: delete it (rm -r .venv) and try again."
fi
if [ ! -e .venv ]; then
  python=$(find_python) || exit 1
  "$python" -c 'import venv, ensurepip' 2> /dev/null ||
    stop "Python's venv module is missing: install it (Debian, Ubuntu: apt install $("$python" -c \
'import sys; print("python%d.%d-venv" % sys.version_info[:2])')) and try again."
  echo "Making .venv with $("$python" --version)"
  "$python" -m venv .venv || { rm -rf .venv; stop "The folder .venv could not be made: the reason stands above."; }
fi
echo "Installing what requirements/$wanted.txt pins (once; a minute or two)"
pip=".venv/bin/python -m pip --quiet --disable-pip-version-check"
$pip install --require-hashes --only-binary :all: -r "requirements/$wanted.txt" ||
  stop "The requirements could not be installed: is this machine online? The reason stands above; then try again."
$pip install --no-deps --no-index --no-build-isolation --editable . ||
  stop "The hub itself could not be installed into .venv: the reason stands above."
