"""Words that scripts need, translated on the server and handed over as JSON in the page."""

from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

#: Key used by ``frontend/js/words.js`` -> words; ``{}`` is filled in by the script.
WORDS = {
    "no_data": _("没有数据"),
    "target": _("目标 {}"),
    "not_now": _("先不办"),
    "close": _("关闭"),
    "open": _("打开"),
    "failed_403": _("您没有办这件事的权限。"),
    "failed_404": _("这条记录已经不在了，请刷新页面。"),
    "failed_offline": _("网络断了，刚才的操作没有办成，请检查网络后再试。"),
    "failed": _("没有办成（{}），请刷新页面再试。"),
    "map": _("地图"),
    "map_of": _("地图：{}"),
    "map_failed": _("这台设备画不出地图，请看下面的数字。"),
    "map_cluster": _("这里有 {} 个，放大看"),
    "map_marker": _("地图标记"),
    "zoom_in": _("放大"),
    "zoom_out": _("缩小"),
    "north": _("转回正北"),
    "metres": _("米"),
    "kilometres": _("公里"),
    "map_keys": _("按住 Ctrl 再滚动可以放大缩小"),
    "map_keys_mac": _("按住 ⌘ 再滚动可以放大缩小"),
    "map_touch": _("用两个手指移动地图"),
}


def script_words() -> SafeString:
    """Return the words as ``<script type="application/json" id="kit-words">``."""
    return json_script({key: str(words) for key, words in WORDS.items()}, "kit-words")
