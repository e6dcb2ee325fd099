#!/bin/sh
# Builds Atlas from nothing: data, tokenizer, training (35 to 60 minutes on two CPU cores),
# evaluation. Everything lands in build/atlas/ of the repository, the model in build/atlas/hf/.
# Needs: Python 3.11 or newer with venv, Node 20 or newer, npm.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../../build/atlas}
mkdir -p "$out/data"
out=$(cd "$out" && pwd)

if [ ! -x "$out/venv/bin/python" ]; then
  python3 -m venv "$out/venv"
fi
"$out/venv/bin/pip" install --quiet --requirement "$here/requirements.txt"

cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$out/data/"
(cd "$out/data" && npm ci --ignore-scripts)
node "$here/data.mjs" "$out/data" "$out/raw.json"

cd "$here"
"$out/venv/bin/python" train.py "$out"
"$out/venv/bin/python" evaluate.py "$out"
