"""Roles and what each may do: one table, read by screens, tests and the account page."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """The few roles; officers' are tied to one level of the division tree.

    The three administrators are apart (GB/T 22239-2019 8.1.5): the system administrator runs the
    machine and opens accounts, the security administrator says whether they may be used and takes
    rights away, the audit administrator reads the record and nothing else.
    """

    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"
    CLERK = "clerk"
    ASSESSOR = "assessor"


ROLE_LABELS = {
    Role.SYSTEM_ADMIN: _("系统管理员"),
    Role.SECURITY_ADMIN: _("安全管理员"),
    Role.AUDIT_ADMIN: _("审计管理员"),
    Role.PREFECTURE: _("地区（师市）平台"),
    Role.COUNTY: _("县市民政"),
    Role.TOWN: _("乡镇（街道）中心"),
    Role.VILLAGE: _("村（社区）站点"),
    Role.CLERK: _("部门经办"),
    Role.ASSESSOR: _("评估员"),
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
    SEE_ACCOUNTS = "see_accounts"
    MANAGE_ACCOUNTS = "manage_accounts"
    APPROVE_ACCOUNTS = "approve_accounts"
    SEE_AUDIT = "see_audit"
    SEE_GRANTS = "see_grants"
    ASK_GRANTS = "ask_grants"
    APPROVE_GRANTS = "approve_grants"
    WATCH_GRANTS = "watch_grants"
    KEEP_RIGHTS = "keep_rights"
    DECIDE_RIGHTS = "decide_rights"
    MANAGE_CLIENTS = "manage_clients"
    SEE_ASSESSMENTS = "see_assessments"
    ASK_ASSESSMENTS = "ask_assessments"
    MANAGE_ASSESSMENTS = "manage_assessments"
    ASSESS = "assess"
    WATCH_QUALITY = "watch_quality"
    SEE_BENEFITS = "see_benefits"
    ASK_BENEFITS = "ask_benefits"
    PREPARE_BENEFITS = "prepare_benefits"
    APPROVE_BENEFITS = "approve_benefits"
    SEE_PAYMENTS = "see_payments"
    PREPARE_PAYMENTS = "prepare_payments"
    APPROVE_PAYMENTS = "approve_payments"
    ASK_INSURANCE = "ask_insurance"
    SEE_INSURANCE = "see_insurance"
    MANAGE_INSURANCE = "manage_insurance"
    APPROVE_INSURANCE = "approve_insurance"
    SEE_DRAFTS = "see_drafts"
    DRAFT_CATALOGUE = "draft_catalogue"
    APPROVE_CATALOGUE = "approve_catalogue"
    SEE_STATUSES = "see_statuses"
    WORK_STATUSES = "work_statuses"
    SEE_SCREENINGS = "see_screenings"
    RECORD_SCREENINGS = "record_screenings"


#: The three administrators. They are opened and closed on the command line only, so that none of
#: them can change another, and no person holds two.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

#: From the widest view to the narrowest: the roles of officers.
OFFICER_RANKS = (
    Role.PREFECTURE,
    Role.COUNTY,
    Role.TOWN,
    Role.VILLAGE,
    Role.CLERK,
    Role.ASSESSOR,
)

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
        Permission.KEEP_RIGHTS,
        Permission.SEE_ASSESSMENTS,
        Permission.ASK_ASSESSMENTS,
        Permission.SEE_BENEFITS,
        Permission.ASK_BENEFITS,
        Permission.ASK_INSURANCE,
        Permission.SEE_STATUSES,
        Permission.WORK_STATUSES,
        Permission.SEE_SCREENINGS,
        Permission.RECORD_SCREENINGS,
    }
)
_TOWN = _OFFICER | {
    Permission.PREPARE_BENEFITS,
    Permission.ASSIGN_LEADS,
    Permission.SEE_RUNS,
    Permission.SEE_GRANTS,
    Permission.ASK_GRANTS,
}
_COUNTY = _TOWN | {
    Permission.SEE_LISTS,
    Permission.TAKE_IN_LISTS,
    Permission.SEE_ACCOUNTS,
    Permission.MANAGE_ACCOUNTS,
    Permission.APPROVE_GRANTS,
    Permission.DECIDE_RIGHTS,
    Permission.MANAGE_CLIENTS,
    Permission.MANAGE_ASSESSMENTS,
    Permission.WATCH_QUALITY,
    Permission.APPROVE_BENEFITS,
    Permission.SEE_PAYMENTS,
    # Nobody approves what he made himself: the acts compare the two people, not their roles.
    Permission.PREPARE_PAYMENTS,
    Permission.APPROVE_PAYMENTS,
    Permission.SEE_INSURANCE,
    Permission.MANAGE_INSURANCE,
    Permission.APPROVE_INSURANCE,
    Permission.SEE_DRAFTS,
    Permission.DRAFT_CATALOGUE,
}
_PREFECTURE = _COUNTY | {
    Permission.RUN_MATCH,
    Permission.RELEASE_ITEMS,
    Permission.APPROVE_CATALOGUE,
}

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
    # Works for an assessment body: sees the sheets that were given to him, and no file.
    Role.ASSESSOR: frozenset({Permission.SEE_WORKBENCH, Permission.ASSESS}),
    # Keeps the machine and opens accounts; reads no person's file and gives no rights.
    Role.SYSTEM_ADMIN: frozenset(
        {
            Permission.SEE_WORKBENCH,
            Permission.SEE_CATALOGUE,
            Permission.PUBLISH_CATALOGUE,
            Permission.SEE_RUNS,
            Permission.SEE_ACCOUNTS,
            Permission.MANAGE_ACCOUNTS,
        }
    ),
    # Lets accounts in, shuts them out, watches who may look into other areas; reads no file.
    Role.SECURITY_ADMIN: frozenset(
        {
            Permission.SEE_WORKBENCH,
            Permission.SEE_ACCOUNTS,
            Permission.APPROVE_ACCOUNTS,
            Permission.SEE_GRANTS,
            Permission.WATCH_GRANTS,
        }
    ),
    # Reads the record and nothing else.
    Role.AUDIT_ADMIN: frozenset({Permission.SEE_WORKBENCH, Permission.SEE_AUDIT}),
}


def manages(role: str) -> tuple[Role, ...]:
    """Return the roles whose accounts a role may open, close and reopen on a page.

    An officer: those of his own rank and behind it. The system administrator opens, and the
    security administrator shuts out, all officers; nobody manages administrators on a page. The
    program itself (``"system"``, the command line) may everything.
    """
    if role == "system":
        return tuple(Role)
    known = Role(role)
    if known in {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}:
        return OFFICER_RANKS
    if known in OFFICER_RANKS and Permission.MANAGE_ACCOUNTS in ROLE_PERMISSIONS[known]:
        return OFFICER_RANKS[OFFICER_RANKS.index(known) :]
    return ()


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


@dataclass(frozen=True, slots=True)
class SignInRules:
    """How signing in works here; what the security administrator changed stands over these.

    Attributes:
        failures_allowed: Wrong tries of one login name before it waits.
        address_failures_allowed: Wrong tries from one address before it waits.
        first_wait_seconds: The first wait; each further wrong try doubles it.
        longest_wait_seconds: It never grows beyond.
        idle_minutes: A session ends after so long without a click.
        longest_hours: A session ends after so long in any case.
        sessions_per_account: The oldest ends when one more begins.
        link_hours: How long a one-time link works.
        passwords_remembered: So many earlier passwords are not taken again.
        second_factor_roles: Roles that must have a second factor.
    """

    failures_allowed: int = 5
    address_failures_allowed: int = 30
    first_wait_seconds: int = 60
    longest_wait_seconds: int = 3600
    idle_minutes: int = 30
    longest_hours: int = 10
    sessions_per_account: int = 3
    link_hours: int = 48
    passwords_remembered: int = 5
    second_factor_roles: frozenset[str] = frozenset()

    def wait_after(self, failures: int, allowed: int) -> int:
        """Return the seconds to wait after so many failures: none, then doubling to the longest."""
        over = failures - allowed
        if over < 0:
            return 0
        return min(self.first_wait_seconds * 2 ** min(over, 30), self.longest_wait_seconds)
