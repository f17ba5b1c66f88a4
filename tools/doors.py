"""An import-linter contract: a domain app may be entered by its door only."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """Code outside ``<container>.<app>`` may import ``<container>.<app>.<door>`` and nothing else.

    Django's own reads of an app by its dotted name in ``INSTALLED_APPS`` are strings, not imports,
    and are not concerned.
    """

    type_name = "doors"

    container = fields.StringField()
    door = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every import from outside an app of anything but its door."""
        broken = []
        for app in sorted(graph.find_children(self.container)):
            door = f"{app}.{self.door}"
            inside = {app} | graph.find_descendants(app)
            for module in sorted(inside - {door}):
                importers = graph.find_modules_that_directly_import(module) - inside
                broken += [(importer, module, door) for importer in sorted(importers)]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say who goes in by a window, and where the door is."""
        for importer, module, door in check.metadata["broken"]:
            output.print_error(f"{importer} imports {module}; go through {door}.", bold=False)
