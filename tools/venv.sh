#!/bin/sh
# Usage: tools/venv.sh FOLDER. Makes a virtual environment with the first Python that is new enough and the pinned pip,
# or says what to install. PYTHON=/path/to/python chooses another one.
set -eu
venv=$1

fail() { printf '%s\n' "$@" >&2; exit 1; }

for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11} none; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
done
[ "$python" != none ] || fail "Descent needs Python 3.11 or newer: install it, or name it: make PYTHON=/path/to/python3"

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then # Debian ships these apart from Python
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    else
        fail "This Python comes without venv: install it (on Debian and Ubuntu: apt install python3-venv), then try again"
    fi
fi

"$python" -m venv --clear "$venv"
"$venv/bin/python" -m pip install -qq --disable-pip-version-check --constraint constraints.txt pip
