ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# The libraries have a layer of their own: a change of ours does not install them again. What goes are NumPy's tests and,
# of Plotly, of which only the browser's part is used, its plug-in for JupyterLab and compiled code: a sixth of it all.
COPY pyproject.toml constraints.txt ./
RUN python -m venv /opt/descent \
    && python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > libraries.txt \
    && /opt/descent/bin/python -m pip install --quiet --constraint constraints.txt pip \
    && /opt/descent/bin/python -m pip install --quiet --constraint constraints.txt --requirement libraries.txt \
    && find /opt/descent -depth \( -path '*/numpy/*/tests' -o -path '*/plotly/*/__pycache__' -o -name 'labextension*' \) \
        -exec rm -r {} +
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
# Every five seconds: nothing is imported but what a line over a socket needs.
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s \
    CMD ["python", "-ISc", "import os, socket; s = socket.create_connection(('127.0.0.1', os.environ['DESCENT_PORT']), 2); s.sendall(b'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n'); assert b' 200 ' in s.recv(99)"]
CMD ["descent", "serve"]
