#!/bin/sh
# Writes constraints.txt: the releases that a fresh installation of Descent with all its tools gets today, by name alone.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m venv "$folder"
"$folder/bin/python" -m pip install -qq --disable-pip-version-check --upgrade pip
"$folder/bin/python" -m pip install --quiet '.[dev,node,containers]'
{
    echo "# The releases everything is tested with: \`make lock\` writes this file."
    "$folder/bin/python" -m pip freeze --all | grep -v -i -e '^descent-visualizer ' -e '^setuptools='
} >constraints.txt
