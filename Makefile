# 养老 yanglao. Two commands are enough: make demo, make test. Each sets up what it needs.

PEOPLE ?= 20000
SET_UP := tools/set-up
PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help demo test setup check lint types imports format bench scaffold lock bundle clean

help: ## Show these commands
	@echo "养老 yanglao — services find people"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## An invented Hetian on http://127.0.0.1:8000 (PEOPLE=20000)
	@$(SET_UP) program
	@.venv/bin/yanglao demo --people $(PEOPLE)

test: ## The test suite, on SQLite and on PostgreSQL if one answers (ARGS=…)
	@$(SET_UP) tests
	@$(PYTHON) tools/run_tests.py $(ARGS)

setup: ## Only prepare: makes .venv/bin/yanglao
	@$(SET_UP) program
	@echo "→ 好了 · Ready: .venv/bin/yanglao --help"

check: lint types imports test ## Everything CI runs: lint, types, import contracts, tests

lint: ## Style and common mistakes (ruff)
	@$(SET_UP) tests
	@echo "→ 代码规范 · lint"
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check --quiet . || { echo "Run: make format"; exit 1; }

types: ## Types (mypy)
	@$(SET_UP) tests
	@echo "→ 类型检查 · types"
	@YANGLAO_HOME=$$(mktemp -d) $(PYTHON) -m mypy

imports: ## Who may import whom (import-linter, .importlinter)
	@$(SET_UP) tests
	@echo "→ 导入约定 · import contracts"
	@.venv/bin/lint-imports --no-cache

format: ## Bring the layout of the code in order
	@$(SET_UP) tests
	@$(PYTHON) -m ruff check --fix-only --quiet . && $(PYTHON) -m ruff format --quiet .

bench: ## Measure, beside OpenFisca (AGPL, in a folder of its own) (ARGS=…)
	@$(SET_UP) bench
	@PYTHONPATH=.bench .venv/bin/yanglao bench $(ARGS)

scaffold: ## A new domain app or desk: APP=name [ABOVE=app] or DESK=name
	@$(SET_UP) tests
	@$(PYTHON) -m tools.scaffold $(if $(APP),app $(APP) $(if $(ABOVE),--above $(ABOVE)),desk $(DESK))

lock: ## Pin requirements/*.in with hashes (asks the package index)
	@$(SET_UP) tests
	@tools/lock

bundle: ## A folder that installs without internet (asks the package index)
	@$(SET_UP) program
	@$(PYTHON) tools/make_bundle.py $(ARGS)

clean: ## Remove what set-up made; state in var/ stays
	rm -rf .venv .bench node_modules src/yanglao/web/kit/static/kit/dist
