# What compose.yaml needs of nginx:1.30, of Debian's packages: for machines that reach those but no registry of images.
FROM python:3.13-slim
RUN find /etc/apt \( -name '*.list' -o -name '*.sources' \) -exec sed -i 's/trixie/forky/g; /security/d' {} + \
    && apt-get -o Acquire::Check-Valid-Until=false update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light curl >/dev/null
