# What the project is built, tried and checked with. `make demo` and `make test` need Python >= 3.11 only.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := demo-$(shell date +%Y%m%d-%H%M%S)
GEVENT_TESTS := tests/openloop tests/grpc_user
# The images are named REGISTRY/locust-knative-NAME:TAG, as k8s/settings has them; LOAD brings one to the cluster.
REGISTRY ?= kind.local
TAG ?= 0.1.0
LOAD ?= kind load docker-image
IMAGES := generator worker
# Second opinions on manifests and workflows, as Go modules. Not asked: whether tags are pulled anew (they never move);
# for two replicas, rolling updates, disruption budgets and spreading by demand (one master, one keeper of records, and
# workers that a run counts); for policies to select pods that only Knative makes.
KUBE_SCORE := github.com/zegl/kube-score/cmd/kube-score@v1.20.0
NOT_ASKED := container-image-pull-policy,deployment-replicas,deployment-strategy,deployment-has-poddisruptionbudget
NOT_ASKED := $(NOT_ASKED),deployment-has-host-podantiaffinity,networkpolicy-targets-pod
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.7

.PHONY: demo test e2e bench bench-peers check format proto images requirements manifests clean

demo: $(VENV)/.run
	-$(BIN)/locust --headless --only-summary -f locustfile.py --rps 5 --duration 30s \
	  --warm-up 5s --distribution poisson --spin 100ms --seed 1 --exit-code-on-error 0 \
	  --run-id $(RUN) --check "p99<1s" --check "success>=0.99"
	$(BIN)/python -m analysis report results/$(RUN)

test: $(VENV)/.dev
	$(BIN)/python -m pytest tests $(addprefix --ignore=,$(GEVENT_TESTS) tests/e2e)
	$(BIN)/python -m pytest -p tests.gevent_first $(GEVENT_TESTS)

# On a cluster with Knative: one that it starts for itself (tests/cluster), or the one that KUBECONFIG names.
e2e: $(VENV)/.dev
	tests/e2e/run.sh

# This project beside other load generators, those that are here: under 15 min on two cores. Read what it prints as ratios.
# Exit 1 says that a client failed, and the document says which; `python -m bench.peers --dry-run` lists what is measured.
bench: $(VENV)/.dev
	rm -f bench/results/latest.json
	$(BIN)/python -m bench.peers --out bench/results/latest.json || test $$? = 1
	$(BIN)/python -m bench.peers.document bench/results/latest.json --readme README.md

bench-peers:
	bench/install_peers.sh

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint k8s/images/*.Dockerfile

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

proto: $(VENV)/.dev
	$(BIN)/python -m grpc_tools.protoc -I. --python_out=. --pyi_out=. --grpc_python_out=. proto/spin.proto

images:
	for name in $(IMAGES); do \
	  image=$(REGISTRY)/locust-knative-$$name:$(TAG); \
	  docker build --tag $$image --file k8s/images/$$name.Dockerfile \
	    --build-arg VERSION=$(TAG) --build-arg REVISION=$(shell git rev-parse HEAD) . && $(LOAD) $$image || exit; \
	done

# The images' packages with the hashes of their files; versions are those of requirements.txt.
requirements: $(VENV)/.dev
	for name in $(IMAGES); do \
	  $(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 --python-platform linux --no-emit-index-url \
	    --custom-compile-command "make requirements" --output-file requirements-$$name.txt k8s/images/$$name.in || exit; \
	done

# Needs kubectl and Go.
manifests:
	for overlay in k8s/overlays/*; do \
	  kubectl kustomize $$overlay | go run $(KUBE_SCORE) score --ignore-test $(NOT_ASKED) --output-format ci - || exit; \
	done
	go run $(ACTIONLINT)

$(VENV)/.run: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
