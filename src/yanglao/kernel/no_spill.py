"""How a DuckDB is opened that keeps what it holds in memory.

Left to itself DuckDB writes what does not fit into ``.tmp`` of the folder it was started in,
readable by whoever gets the disk, and looks for extensions on the network. An engine opens a small
one by these settings; everything larger is opened by ``foundation.duck``, which also knows the
machine's memory.
"""

from collections.abc import Mapping

#: As DuckDB's own annotations have it.
Settings = dict[str, str | bool | int | float | list[str]]

NO_SPILL: Mapping[str, str | bool] = {
    "temp_directory": "",
    "max_temp_directory_size": "0KB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def in_memory(**more: str | int | bool) -> Settings:
    """Return the settings, with more of them, as ``duckdb.connect(":memory:", config=…)`` takes."""
    return {**NO_SPILL, **more}
