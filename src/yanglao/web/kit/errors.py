"""Error pages: what happened, why, what to do.

A reader who is signed in keeps menu and search; otherwise, and when that fails too, the page is
plain, so that it works when little else does.
"""

import logging
import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from yanglao.foundation.duck import NotEnoughMemory
from yanglao.web.kit.screens import is_part

log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return _page(
        request,
        400,
        what=_("这个地址或表单读不懂"),
        why=_said(exception) or _("地址可能不完整，或者表单里有不认识的内容。"),
        now=_("请退回上一页再试一次。"),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return _page(
        request,
        403,
        what=_("您不能打开这个页面"),
        why=_said(exception) or _("您的角色或地区没有这项权限。"),
        now=_("需要的话，请找本级管理员开通；如果刚换了账号，请重新登录。"),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404. The exception's text is not shown: it may name what the reader may not see."""
    return _page(
        request,
        404,
        what=_("没有这个页面"),
        why=_("可能地址写错了，记录已经合并或删除，或者不在您的地区。"),
        now=_("可以回首页，按姓名或身份证号后四位查找。"),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    if isinstance(sys.exc_info()[1], NotEnoughMemory):
        return _page(
            request,
            503,
            what=_("这项计算放不进这台机器允许用的内存"),
            why=_("没有做完，已有的数据没有改变。"),
            now=_("请告诉管理员：加大 YANGLAO_MEMORY 后重启服务，再做一次。"),
        )
    return _page(
        request,
        500,
        what=_("程序出错了"),
        why=_("刚才的操作没有办成，已有的数据没有改变。"),
        now=_("请过一会儿再试；如果还是这样，请把时间和在做的事告诉管理员。"),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when a form is stale."""
    return _page(
        request,
        403,
        what=_("这个表单已经过期"),
        why=_("页面开得太久，或者在别处退出过登录。"),
        now=_("请退回上一页，刷新后再提交。填过的内容请先记下来。"),
    )


def too_many_requests(request: HttpRequest, seconds: int) -> HttpResponse:
    """Answer 429, and say when to go on."""
    response = _page(
        request,
        429,
        what=_("请求太多，请稍等"),
        why=_("这个账号或这台电脑在很短的时间里打开了太多页面。"),
        now=_("请等 %(seconds)d 秒再继续；不需要重新登录。") % {"seconds": seconds},
    )
    response["Retry-After"] = str(seconds)
    return response


def _said(exception: Exception | None) -> str:
    """Return the message of an exception raised by a screen, which is meant for the reader."""
    return str(exception)[:200] if exception and exception.args else ""


def _page(request: HttpRequest, status: int, **words: str) -> HttpResponse:
    context: dict[str, Any] = {"status": status, **words}
    if is_part(request):
        return HttpResponse(render_to_string("kit/errors/part.html", context), status=status)
    if status < 500 and getattr(request, "reader", None) is not None:
        try:
            framed = render_to_string("kit/errors/framed.html", context, request)
        except Exception:
            # Menu or frame are broken as well: the plain page below needs neither.
            log.exception("the frame of an error page failed")
        else:
            return HttpResponse(framed, status=status)
    # No request context: context processors may need the very thing that is broken.
    return HttpResponse(render_to_string("kit/errors/page.html", context), status=status)
