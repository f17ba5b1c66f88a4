"""Pulling: people, answers, changes, leads, lists, and the words to understand them."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Path, Query, Router

from yanglao.api.v1 import cursors, schemas
from yanglao.api.v1.asked import only
from yanglao.api.v1.doors import Key, asking
from yanglao.api.v1.problems import Problem
from yanglao.domain.clients.public import ApiKey, Scope
from yanglao.domain.exchange.public import ReceivedList
from yanglao.domain.people.public import Person
from yanglao.flows import pull_records as pull
from yanglao.flows.describe_interface import facts_in_force, items_in_force
from yanglao.flows.push_list import kinds_of_lists

router = Router(tags=["读取"])
words = Router(tags=["说明"])

Purpose = Annotated[
    schemas.PurposeCode | None,
    Header(None, alias="Purpose", description="数据用途；要完整姓名和号码时必须写明"),
]
Id = Annotated[schemas.Number, Path(...)]


def _page(what: str, page: pull.Page) -> dict[str, Any]:
    return {
        "rows": page.rows,
        "next": cursors.written(what, page.last),
        "next_since": page.next_since,
    }


@words.get("/key", auth=Key(None), response=schemas.KeyOut, operation_id="this_key")
def this_key(request: HttpRequest) -> ApiKey:
    """密钥能做什么、辖区、配额和有效期。"""
    only(request, schemas.NoQuery)
    return asking(request).key


@words.get("/kinds", auth=Key(None), response=schemas.KindsOut, operation_id="list_kinds")
def kinds(request: HttpRequest) -> dict[str, Any]:
    """十一种名单各有哪些列，列里能写什么。"""
    only(request, schemas.NoQuery)
    return {"kinds": kinds_of_lists()}


@words.get("/facts", auth=Key(None), response=schemas.FactsOut, operation_id="list_facts")
def facts(request: HttpRequest, query: Query[schemas.PlaceQuery]) -> dict[str, Any]:
    """批量判断认识哪些情况，每种情况能写什么。"""
    only(request, schemas.PlaceQuery)
    return facts_in_force(asking(request).reader, query.as_of, query.division or "")


@words.get("/items", auth=Key(None), response=schemas.ItemsOut, operation_id="list_items")
def items(request: HttpRequest, query: Query[schemas.PlaceQuery]) -> dict[str, Any]:
    """生效的基本养老服务清单。"""
    only(request, schemas.PlaceQuery)
    return items_in_force(asking(request).reader, query.as_of, query.division or "")


@router.get(
    "/people",
    auth=Key(Scope.READ_PEOPLE),
    response=schemas.PeoplePage,
    operation_id="pull_people",
)
def people(
    request: HttpRequest, query: Query[schemas.PulledQuery], purpose: Purpose = None
) -> dict[str, Any]:
    """辖区内的人员，按编号一页一页读；changed_since 只要那以后有变化的人。"""
    only(request, schemas.PulledQuery)
    page = pull.pull_people(
        asking(request, purpose),
        after=cursors.read("people", query.cursor),
        limit=query.limit,
        since=query.changed_since,
        place=query.division or "",
    )
    return _page("people", page)


@router.get(
    "/people/{person_id}",
    auth=Key(Scope.READ_PEOPLE),
    response=schemas.PersonOut,
    operation_id="pull_person",
)
def person(
    request: HttpRequest,
    person_id: Id,
    purpose: Purpose = None,
) -> dict[str, Any]:
    """一个人。不在辖区内的和没有的一样，回答 404。"""
    only(request, schemas.NoQuery)
    try:
        return pull.pull_person(asking(request, purpose), person_id)
    except Person.DoesNotExist:
        raise Problem("not-found", "没有这个人，或者不在密钥的辖区内。") from None


@router.get(
    "/findings",
    auth=Key(Scope.READ_FINDINGS),
    response=schemas.FindingsPage,
    operation_id="pull_findings",
)
def findings(
    request: HttpRequest, query: Query[schemas.FindingsQuery], purpose: Purpose = None
) -> dict[str, Any]:
    """现在的比对结果，一人一项一行；没有的项目就是不符合。"""
    only(request, schemas.FindingsQuery)
    page = pull.pull_findings(
        asking(request, purpose),
        after=cursors.read("findings", query.cursor, 2),
        limit=query.limit,
        since=query.changed_since,
        place=query.division or "",
        item=query.item or "",
        status=query.status or "",
    )
    return _page("findings", page)


@router.get(
    "/changes",
    auth=Key(Scope.READ_FINDINGS),
    response=schemas.ChangesPage,
    operation_id="pull_changes",
)
def changes(
    request: HttpRequest, query: Query[schemas.ChangesQuery], purpose: Purpose = None
) -> dict[str, Any]:
    """比对带来的新增、失去和变化，按写入的先后；第一次比对全是新的，不逐条写。"""
    only(request, schemas.ChangesQuery)
    page = pull.pull_changes(
        asking(request, purpose),
        after=cursors.read("changes", query.cursor),
        limit=query.limit,
        since=query.changed_since,
        place=query.division or "",
        run=query.run,
    )
    return _page("changes", page)


@router.get(
    "/leads",
    auth=Key(Scope.READ_LEADS),
    response=schemas.LeadsPage,
    operation_id="pull_leads",
)
def leads(
    request: HttpRequest, query: Query[schemas.LeadsQuery], purpose: Purpose = None
) -> dict[str, Any]:
    """线索和办理情况；changed_since 只要那以后办过一步的。"""
    only(request, schemas.LeadsQuery)
    page = pull.pull_leads(
        asking(request, purpose),
        after=cursors.read("leads", query.cursor),
        limit=query.limit,
        since=query.changed_since,
        place=query.division or "",
        state=query.state or "",
    )
    return _page("leads", page)


@router.get(
    "/lists",
    auth=Key(Scope.PUSH_LISTS),
    response=schemas.ListsPage,
    operation_id="pull_lists",
)
def lists(request: HttpRequest, query: Query[schemas.ListsQuery]) -> dict[str, Any]:
    """收到的名单，新的在前。"""
    only(request, schemas.ListsQuery)
    page = pull.pull_lists(
        asking(request),
        after=cursors.read("lists", query.cursor),
        limit=query.limit,
        batch=query.batch,
    )
    return _page("lists", page)


@router.get(
    "/lists/{list_id}/rows",
    auth=Key(Scope.PUSH_LISTS),
    response=schemas.ListRowsPage,
    operation_id="pull_list_rows",
)
def list_rows(request: HttpRequest, list_id: Id, query: Query[schemas.PageQuery]) -> dict[str, Any]:
    """一份名单里退回的行，和接收了但要留意的行。"""
    only(request, schemas.PageQuery)
    try:
        page = pull.pull_list_rows(
            asking(request),
            list_id,
            after=cursors.read("rows", query.cursor),
            limit=query.limit,
        )
    except ReceivedList.DoesNotExist:
        raise Problem("not-found", "没有这份名单，或者不在密钥的辖区内。") from None
    return _page("rows", page)
