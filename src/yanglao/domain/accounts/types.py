"""Roles and what each may do: one table, read by screens, tests and the account page."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """The few roles; each is tied to one level of the division tree."""

    ADMIN = "admin"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"
    CLERK = "clerk"


ROLE_LABELS = {
    Role.ADMIN: _("平台管理员"),
    Role.PREFECTURE: _("地区（师市）平台"),
    Role.COUNTY: _("县市民政"),
    Role.TOWN: _("乡镇（街道）中心"),
    Role.VILLAGE: _("村（社区）站点"),
    Role.CLERK: _("部门经办"),
}


class Permission(StrEnum):
    """What a screen or act needs. A verb and a noun, nothing finer than a desk can explain."""

    SEE_WORKBENCH = "see_workbench"
    SEE_PEOPLE = "see_people"
    REVEAL_IDENTITY = "reveal_identity"
    RECORD_FACTS = "record_facts"
    SEE_LISTS = "see_lists"
    TAKE_IN_LISTS = "take_in_lists"
    SEE_CATALOGUE = "see_catalogue"
    PUBLISH_CATALOGUE = "publish_catalogue"
    SEE_RUNS = "see_runs"
    RUN_MATCH = "run_match"
    RELEASE_ITEMS = "release_items"
    SEE_LEADS = "see_leads"
    WORK_LEADS = "work_leads"
    ASSIGN_LEADS = "assign_leads"
    EXPORT = "export"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_AUDIT = "see_audit"


_OFFICER = frozenset(
    {
        Permission.SEE_WORKBENCH,
        Permission.SEE_PEOPLE,
        Permission.REVEAL_IDENTITY,
        Permission.RECORD_FACTS,
        Permission.SEE_CATALOGUE,
        Permission.SEE_LEADS,
        Permission.WORK_LEADS,
        Permission.EXPORT,
    }
)
_TOWN = _OFFICER | {Permission.ASSIGN_LEADS, Permission.SEE_RUNS}
_COUNTY = _TOWN | {Permission.SEE_LISTS, Permission.TAKE_IN_LISTS, Permission.MANAGE_ACCOUNTS}
_PREFECTURE = _COUNTY | {Permission.RUN_MATCH, Permission.RELEASE_ITEMS}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VILLAGE: _OFFICER,
    Role.TOWN: _TOWN,
    Role.COUNTY: _COUNTY,
    Role.PREFECTURE: _PREFECTURE,
    Role.CLERK: frozenset(
        {
            Permission.SEE_WORKBENCH,
            Permission.SEE_LISTS,
            Permission.TAKE_IN_LISTS,
            Permission.SEE_CATALOGUE,
        }
    ),
    # The platform administrator keeps the machine and the accounts, and reads no person's file.
    Role.ADMIN: frozenset(
        {
            Permission.SEE_WORKBENCH,
            Permission.SEE_CATALOGUE,
            Permission.PUBLISH_CATALOGUE,
            Permission.SEE_RUNS,
            Permission.MANAGE_ACCOUNTS,
            Permission.SEE_AUDIT,
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Department:
    """A department that hands in lists: code, Chinese name, the kinds it sends."""

    code: str
    label: str
    kinds: frozenset[str]


DEPARTMENTS: dict[str, Department] = {
    department.code: department
    for department in (
        Department("police", "公安", frozenset({"household", "deaths"})),
        Department("social", "人社", frozenset({"pension"})),
        Department("civil", "民政", frozenset({"assistance", "relief", "assessment", "deaths"})),
        Department("disabled", "残联", frozenset({"disability"})),
        Department("health", "卫健", frozenset({"health"})),
        Department("insurance", "医保", frozenset({"ltci"})),
        Department("veterans", "退役军人", frozenset({"veterans"})),
        Department("village", "村、社区", frozenset({"survey"})),
    )
}
