# make serve   the site, rebuilt after each edit
# make test    everything: formatting, lint, types, tests, the site in a browser, a strict build
# make site    the site as files in site/
# make anchors adds new anchors to the committed list of published ones
# make bench   times and the rate of right verdicts, which takes the better part of an hour
# make font    cuts the mathematics font anew: make font FROM=stix-two-math-latin-400-normal.woff2
.PHONY: serve test site anchors font bench browser clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)
SITE_STAMP := .venv/.installed-site
TEST_STAMP := .venv/.installed-test

# Material and MkDocs announce their successors on each build.
export NO_MKDOCS_2_WARNING := 1
export DISABLE_MKDOCS_2_WARNING := true

serve: $(SITE_STAMP)
	$(BIN)/explainer serve

site: $(SITE_STAMP)
	$(BIN)/explainer build

test: $(TEST_STAMP) browser
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/explainer build --out .cache/site
	$(BIN)/pytest -n $(WORKERS)

anchors: $(SITE_STAMP)
	$(BIN)/python tools/anchors.py

font:
	$(BIN)/pip install --quiet -e '.[font]'
	$(BIN)/python tools/font.py $(FROM)

bench: $(TEST_STAMP)
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/verdicts/run.py --workers $(WORKERS) --page docs/benchmark.md
	$(BIN)/python benchmarks/site.py

# The tests drive Debian's Chromium, or the one that CHROMIUM names.
browser:
	@if command -v "$${CHROMIUM:-chromium}" >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium; \
	else echo "The site's tests need Chromium: sudo apt-get install chromium, or set CHROMIUM to its path." >&2; exit 1; fi

.venv/bin/python:
	$(PYTHON) -m venv .venv

$(SITE_STAMP): pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(TEST_STAMP): pyproject.toml requirements-torch.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]' -r requirements-torch.txt
	@touch $@ $(SITE_STAMP)

clean:
	rm -rf .cache .mypy_cache .pytest_cache .ruff_cache site build dist
