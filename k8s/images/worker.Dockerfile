# The spin worker: a gRPC service that burns the CPU time it is asked for.
# Build it from the project's root: docker build -f k8s/images/worker.Dockerfile .

# By tag for the reader, by content for the build (../README.md, "Images": how it is renewed).
ARG BASE=python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d

FROM ${BASE} AS packages
COPY requirements-worker.txt /
RUN python3 -m venv --without-pip /opt/venv \
    && python3 -m pip --python /opt/venv/bin/python3 install --no-cache-dir --disable-pip-version-check \
       --require-hashes --only-binary :all: -r /requirements-worker.txt

FROM ${BASE}
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="locust-knative-worker" \
      org.opencontainers.image.description="A gRPC service that burns a chosen amount of CPU for each request" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONPATH=/app \
    HOME=/tmp \
    PORT=8080
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY LICENSE ./
COPY proto ./proto
COPY worker ./worker
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["python3", "-m", "worker"]
