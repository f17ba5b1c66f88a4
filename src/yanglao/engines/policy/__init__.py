"""The policy engine: policy packs (data) read, checked, turned into one query, run and explained.

A pack says in text over the vocabulary who should get what. This room reads packs (``pack``),
compiles the rules in force on a day to DuckDB SQL (``compile``), answers for everybody in one pass
(``evaluate``) or for one person with every reason (``explain``), says each rule in Chinese
(``sentence``), runs the packs' worked cases (``cases``), tells where a county list falls below its
prefecture's (``county``), what changes between two packs (``compare``), and writes the rule book
(``rulebook``). SQL's three-valued logic is yes, no and unknown. Nothing here knows the database of
the platform or the clock: facts come as a DuckDB table, the day as an argument.
"""
