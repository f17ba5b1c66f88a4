"""Levels of the division tree and of the three-level service network."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Level(StrEnum):
    """Levels of the statistical divisions (统计用区划代码), 2, 4, 6, 9 and 12 digits."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


LEVEL_LABELS = {
    Level.PROVINCE: _("省（自治区）"),
    Level.PREFECTURE: _("地区（市）"),
    Level.COUNTY: _("县（市）"),
    Level.TOWN: _("乡镇（街道）"),
    Level.VILLAGE: _("村（社区）"),
}

#: What the three-level network calls the site at a level (B 二 1-3, Y 4, H 10, S 二 6, P 四).
NETWORK_ROLES = {
    Level.PREFECTURE: _("综合养老服务管理平台"),
    Level.COUNTY: _("县级养老服务中心"),
    Level.TOWN: _("区域养老服务中心"),
    Level.VILLAGE: _("养老服务站点"),
}


class CorpsLevel(StrEnum):
    """Levels of 兵团's own tree."""

    CORPS = "corps"
    DIVISION = "division"
    REGIMENT = "regiment"
    COMPANY = "company"


CORPS_LABELS = {
    CorpsLevel.CORPS: _("兵团"),
    CorpsLevel.DIVISION: _("师"),
    CorpsLevel.REGIMENT: _("团（镇）"),
    CorpsLevel.COMPANY: _("连（社区）"),
}

#: Packs whose divisions come with the program, and the area each is the government of.
PACK_REGIONS = {
    "hetian": "653200000000",
    "yunfu": "445300000000",
    "shuangqiao": "130802000000",
    "heping": "120101000000",
    "bingtuan": "659000000000",
}

#: Names of divisions that no one lives in: they only fill a gap in the code.
PLACEHOLDERS = frozenset({"市辖区", "县", "自治区直辖县级行政区划", "省直辖县级行政区划"})
