#!/usr/bin/env bash
# Makes the images of the generator and of the worker from their Dockerfiles and requirement files, without a daemon:
# Debian's Python in place of the Dockerfile's base image, all else as the Dockerfile says. Imports them as
# ko.local/locust-knative-NAME:e2e.
set -euo pipefail
. "$(dirname "$0")/place.sh"
. "$HERE/enter.sh"
PROJECT=$(cd "$HERE/../.." && pwd)
LAYERS=$CACHE/layers

# Device files are the runtime's to make.
make_base() {
  local base=$LAYERS/debian-$DEBIAN.tar
  [ -e "$base" ] || {
    mmdebstrap --quiet --mode=root --variant=extract --include=python3-minimal,libpython3.11-stdlib,libstdc++6,ca-certificates \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' "$DEBIAN" - /etc/apt/sources.list.d/debian.sources 2> "$LAYERS/base.log" |
      mmtarfilter --path-exclude='/dev/*' > "$base.part"
    mv "$base.part" "$base"
  }
  echo "$base"
}

# The packages as a virtual environment at /opt/venv, where the Dockerfiles have theirs.
fill_venv() {
  local venv=$1/opt/venv
  mkdir -p "$venv/bin"
  printf 'home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11\n' > "$venv/pyvenv.cfg"
  ln -s /usr/bin/python3 "$venv/bin/python"
  ln -s python "$venv/bin/python3"
  "$PYTHON" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-compile \
    --only-binary :all: --python-version 3.11 --target "$venv/lib/python3.11/site-packages" -r "$2"
  rm -rf "$venv/lib/python3.11/site-packages/bin" # console scripts that name this machine's Python; python3 -m is there
}

# make_packages REQUIREMENTS: once for each content of the file.
make_packages() {
  local layer root
  layer=$LAYERS/packages-$(sha256sum < "$1" | cut -c1-16).tar
  [ -e "$layer" ] || {
    root=$LAYERS/unpacked
    rm -rf "$root"
    fill_venv "$root" "$1"
    tar -C "$root" --owner=0 --group=0 -cf "$layer.part" opt
    mv "$layer.part" "$layer"
    rm -rf "$root"
  }
  echo "$layer"
}

make_image() {
  local archive=$CACHE/images/$1.tar base packages
  base=$(make_base) || unavailable "the Debian packages of the images could not be had (their log: $LAYERS/base.log)"
  packages=$(make_packages "$PROJECT/requirements-$1.txt")
  "$PYTHON" "$HERE/python_image.py" "$archive" "ko.local/locust-knative-$1:e2e" "$PROJECT/k8s/images/$1.Dockerfile" "$PROJECT" \
    "$base" "$packages"
  containers images import "$archive" > /dev/null
  say "image locust-knative-$1:e2e"
}

mkdir -p "$LAYERS" "$CACHE/images"
make_image worker
make_image generator
