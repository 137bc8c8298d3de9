# What the project is built, tried and checked with. `make demo` and `make test` need Python >= 3.11 only.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := demo-$(shell date +%Y%m%d-%H%M%S)
GEVENT_TESTS := tests/openloop tests/grpc_user

.PHONY: demo test check format proto clean

demo: $(VENV)/.run
	-$(BIN)/locust --headless --only-summary -f locustfile.py --rps 5 --duration 30s \
	  --warm-up 5s --distribution poisson --spin 100ms --seed 1 --exit-code-on-error 0 \
	  --run-id $(RUN) --check "p99<1s" --check "success>=0.99"
	$(BIN)/python -m analysis report results/$(RUN)

test: $(VENV)/.dev
	$(BIN)/python -m pytest tests $(addprefix --ignore=,$(GEVENT_TESTS))
	$(BIN)/python -m pytest -p tests.gevent_first $(GEVENT_TESTS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

proto: $(VENV)/.dev
	$(BIN)/python -m grpc_tools.protoc -I. --python_out=. --pyi_out=. --grpc_python_out=. proto/spin.proto

$(VENV)/.run: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
