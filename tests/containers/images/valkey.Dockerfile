# What compose.yaml needs of valkey/valkey:8.1, of Debian's packages: for machines that reach those but no registry of images.
FROM python:3.13-slim
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends valkey-server >/dev/null \
    && install --directory --owner 999 --group 1000 /data
