"""Invented people of Hetian and the lists their departments would send.

Everything here is made up by a seeded generator: no name, number or telephone belongs to anybody.
Ages and sexes by county follow the Seventh National Census; the rest is plausible, not measured.
Pure Python, no Django: the same code feeds ``make demo``, the tests and the benchmarks.

- :mod:`yanglao.ops.demo.generate` writes a month of lists with its truth.
- :mod:`yanglao.ops.demo.population` makes the people and lets a month pass over them.
- :mod:`yanglao.ops.demo.fact_table` gives the same people as columns for the policy engine.
- :mod:`yanglao.ops.demo.bench_workbook` writes one big household list to time the import with.
"""
