#!/bin/sh
# Rebuilds hub/web/static/dist from assets/ (needs Node 20 or newer and npm). Commit what it writes.
set -eu
cd "$(dirname "$0")/../assets"
npm ci --no-audit --no-fund --ignore-scripts
npm run --silent build
