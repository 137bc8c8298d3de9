# The load generator: master, worker, the helper that brings records home, and `python -m experiment observe`.
# Without pandas: reports are made where the records are fetched to.
# Build it from the project's root: docker build -f k8s/images/generator.Dockerfile .

# By tag for the reader, by content for the build (../README.md, "Images": how it is renewed).
ARG BASE=python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d

FROM ${BASE} AS packages
COPY requirements-generator.txt /
RUN python3 -m venv --without-pip /opt/venv \
    && python3 -m pip --python /opt/venv/bin/python3 install --no-cache-dir --disable-pip-version-check \
       --require-hashes --only-binary :all: -r /requirements-generator.txt

FROM ${BASE}
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="locust-knative-generator" \
      org.opencontainers.image.description="Open-loop gRPC load for Knative on Locust" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONPATH=/app \
    HOME=/tmp
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY LICENSE locustfile.py ./
COPY proto ./proto
COPY shapes ./shapes
COPY records ./records
COPY verdict ./verdict
COPY openloop ./openloop
COPY grpc_user ./grpc_user
COPY worker ./worker
COPY experiment ./experiment
USER 65532:65532
EXPOSE 5557 8070 8089
ENTRYPOINT ["python3", "-m", "locust"]
