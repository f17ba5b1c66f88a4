"""For which region a single person is answered: that of the run that stands, else of the pack."""

from datetime import date

from yanglao.domain.catalogue.public import pack_in_force
from yanglao.domain.entitlements.public import standing_regions
from yanglao.flows.open_pack import NoPackInForce


def standing_region(as_of: date) -> str:
    """Return the 12-digit code of the widest region whose run stands.

    Raises:
        NoPackInForce: When there is neither a run nor a pack in force on the day.
    """
    regions = standing_regions()
    if regions:
        return min(regions, key=lambda code: len(code.rstrip("0")))
    version = pack_in_force(as_of)
    if version is None:
        raise NoPackInForce("还没有发布政策清单：先运行 yanglao init。")
    return version.region_code
