"""A nation: people of a folder of Parquet matched into a folder of results, without a database.

``ROOT/facts/as_of=…`` (see ``flows.export_facts``) in, ``ROOT/results/as_of=…`` out: ``answers``
(one row a person and item), ``differences`` to the last results before, and a record of the run in
``runs``. The pack is the one that counties use, unchanged; DuckDB and Spark give the same rows.
"""

from yanglao.flows.match_folder.engines import ENGINES, open_engine
from yanglao.flows.match_folder.matching import FolderRun, NoFacts, match_folder
from yanglao.flows.match_folder.packs import open_folder_pack

__all__ = ["ENGINES", "FolderRun", "NoFacts", "match_folder", "open_engine", "open_folder_pack"]
