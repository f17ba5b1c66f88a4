"""Places: the division trees and the three-level network that hangs on them.

A place is a 12-digit statistical division code (统计用区划代码); it contains all codes that begin
with its significant digits. On the levels hang the sites of the network: platform, centre,
station. 兵团 has a tree of its own beside them, mapped to codes.
"""

from yanglao.domain.places.actions import load_corps_tree, load_divisions
from yanglao.domain.places.models import CorpsUnit, Division
from yanglao.domain.places.queries import (
    breadcrumb,
    children,
    code_checker,
    corps_children,
    corps_unit,
    corps_units_at,
    division,
    divisions,
    full_names_of,
    known_codes,
    level_label,
    map_shapes,
    names_of,
    network_role,
    place_choices,
    place_named,
    place_search,
    region_of,
    town_and_village,
)
from yanglao.domain.places.types import (
    CORPS_LABELS,
    LEVEL_LABELS,
    NETWORK_ROLES,
    PACK_REGIONS,
    CorpsLevel,
    Level,
)

__all__ = [
    "CORPS_LABELS",
    "LEVEL_LABELS",
    "NETWORK_ROLES",
    "PACK_REGIONS",
    "CorpsLevel",
    "CorpsUnit",
    "Division",
    "Level",
    "breadcrumb",
    "children",
    "code_checker",
    "corps_children",
    "corps_unit",
    "corps_units_at",
    "division",
    "divisions",
    "full_names_of",
    "known_codes",
    "level_label",
    "load_corps_tree",
    "load_divisions",
    "map_shapes",
    "names_of",
    "network_role",
    "place_choices",
    "place_named",
    "place_search",
    "region_of",
    "town_and_village",
]
