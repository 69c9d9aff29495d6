# The image: an interpreter, what it loads, and our packages. No shell, no package manager. docs/image.md tells of it.
#
# The base gives the interpreter and its libraries, nothing else of it remains. It is a Debian with Python in /usr/local
# or in /usr. A tag moves: pin a release's base by its digest, --build-arg BASE=python:3.13-slim@sha256:...
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /build
# A pip.conf and a certificate that a mirror needs are lent to the commands that install (--secret), and never stay.
COPY requirements/build.lock requirements/run.lock hack/sbom.lock locks/
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf --mount=type=secret,id=ca.crt,target=/run/ca.crt \
    python3 -m venv tools \
 && python3 -m venv --without-pip /opt/gatewright \
 && tools/bin/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: \
      --requirement locks/build.lock --requirement locks/sbom.lock \
 && tools/bin/python -m pip --python /opt/gatewright/bin/python install --quiet --no-compile --report report.json \
      --no-deps --require-hashes --only-binary :all: --requirement locks/run.lock
COPY pyproject.toml README.md LICENSE source/
COPY app source/app
COPY policies source/policies
COPY hack/container hack/container
ARG CREATED
RUN tools/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir wheel ./source \
 && tools/bin/python -m pip --python /opt/gatewright/bin/python install --quiet --no-compile --no-deps --no-index wheel/* \
 && tools/bin/python -m pip --python /opt/gatewright/bin/python uninstall --quiet --yes \
      $(PYTHONPATH=hack tools/bin/python -m container.unused) \
 && PYTHONPATH=hack tools/bin/python -m container.rootfs /opt/gatewright report.json /image

FROM scratch
ARG VERSION=0.1.0
ARG REVISION
ARG SOURCE
ARG CREATED
LABEL org.opencontainers.image.title="gatewright" \
      org.opencontainers.image.description="A validating admission webhook for Kubernetes, and the same engine on the command line" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=build /image /
ENV PATH=/opt/gatewright/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
# Any other does as well: nothing in the image belongs to this one.
USER 65532:65532
WORKDIR /
EXPOSE 8443 8080
ENTRYPOINT ["/opt/gatewright/bin/gatewright"]
CMD ["serve", "--host=0.0.0.0", "--health-host=0.0.0.0"]
