ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# The libraries have a layer of their own: a change of ours does not install them again. What goes are NumPy's tests and
# Plotly's plug-in for JupyterLab, a tenth of it all.
COPY pyproject.toml constraints.txt ./
RUN python -m venv /opt/descent \
    && python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > libraries.txt \
    && /opt/descent/bin/python -m pip install --quiet --constraint constraints.txt pip \
    && /opt/descent/bin/python -m pip install --quiet --constraint constraints.txt --requirement libraries.txt \
    && find /opt/descent -depth \( -path '*/numpy/*/tests' -o -name 'labextension*' \) -exec rm -r {} +
COPY . .
RUN /opt/descent/bin/python -m pip wheel --quiet --no-deps --build-constraint constraints.txt --wheel-dir dist . \
    && /opt/descent/bin/python -m pip install --quiet --no-deps dist/*.whl \
    && /opt/descent/bin/python -m pip uninstall --quiet --yes pip

FROM ${BASE}
LABEL org.opencontainers.image.title="Descent" org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin descent \
    && install --directory --owner descent --group descent /data
COPY --from=build /opt/descent /opt/descent
ENV PATH=/opt/descent/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    DESCENT_HOST=0.0.0.0 DESCENT_PORT=8000 DESCENT_STORE=sqlite:////data/descent.sqlite3
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"DESCENT_PORT\"]}/healthz', timeout=2)"]
CMD ["descent", "serve"]
