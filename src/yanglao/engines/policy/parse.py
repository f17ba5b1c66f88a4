"""From the text of a rule to its tree, letting through only what is on the list.

sqlglot reads the text; every node it gives is looked up in an allow-list together with its parts.
Whatever is not on the list is a problem with file, line, what and what to do; a rule with a problem
has no tree, so it can never turn into one that matches everybody.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from yanglao.engines.policy import rules
from yanglao.engines.policy.documents import Cursor
from yanglao.engines.policy.parameters import Parameter
from yanglao.engines.policy.problems import ProblemLog, nearest
from yanglao.engines.policy.typecheck import check_leaf
from yanglao.engines.policy.vocabulary import Vocabulary

# sqlglot warns on the log about text that it takes for a foreign command; we refuse it with words.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

_ALLOWED_PARTS: dict[type[exp.Expr], set[str]] = {
    exp.And: {"this", "expression"},
    exp.Or: {"this", "expression"},
    exp.Not: {"this"},
    exp.Paren: {"this"},
    exp.EQ: {"this", "expression"},
    exp.NEQ: {"this", "expression"},
    exp.LT: {"this", "expression"},
    exp.LTE: {"this", "expression"},
    exp.GT: {"this", "expression"},
    exp.GTE: {"this", "expression"},
    exp.In: {"this", "expressions"},
    exp.Between: {"this", "low", "high"},
    exp.Column: {"this"},
    exp.Identifier: {"this", "quoted"},
    exp.Literal: {"this", "is_string"},
    exp.Placeholder: {"this"},
    exp.Anonymous: {"this", "expressions"},
}
_OPS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_TURNED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NAMES: dict[type[exp.Expr], tuple[str, str]] = {
    exp.Like: ("LIKE", "规则不支持模糊匹配，文字用 = 或 IN，区划用 within(事实, '代码')"),
    exp.ILike: ("ILIKE", "规则不支持模糊匹配，文字用 = 或 IN"),
    exp.Is: ("IS", "判断是否已知请写 known(事实) 或 NOT known(事实)"),
    exp.Case: ("CASE", "请改写成 AND、OR、NOT 的组合"),
    exp.Select: ("子查询 SELECT", "规则只能使用本人的事实"),
    exp.Subquery: ("子查询", "规则只能使用本人的事实"),
    exp.Exists: ("EXISTS", "规则只能使用本人的事实"),
    exp.Alias: ("两个词之间缺少 AND 或 OR", "请用 AND 或 OR 连接各条件"),
    exp.Null: ("NULL", "判断是否已知请写 known(事实)"),
    exp.Cast: ("类型转换", "日期直接写成 '2026-11-01'"),
    exp.Tuple: ("括号中的多个值", "请用 AND 或 OR 连接各条件"),
    exp.Neg: ("负数", "事实没有负值，请改正数值"),
}
_FUNCTIONS = (
    "within(区划事实, '代码')",
    "known(事实)",
    "same_year(日期事实)",
    "recent(日期事实, 月数)",
)
_LANGUAGE = "规则可用：事实、= <> < <= > >=、IN、BETWEEN、AND、OR、NOT、" + "、".join(_FUNCTIONS)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a rule may name: facts, facts that the pack derives, parameters, named areas.

    ``derived`` is asked by name and gives the rule of a derived fact, or None after noting why it
    has none; ``on`` is the day on which parameters must have a value.
    """

    vocabulary: Vocabulary
    derived_names: frozenset[str]
    derived: Callable[[str], rules.DerivedRef | None]
    parameters: Mapping[str, Parameter]
    areas: Mapping[str, str]
    on: date


def parse_rule(cursor: Cursor, scope: Scope) -> rules.Node | None:
    """The tree of a rule's text; None when there is any problem, all of which are noted.

    No text is a problem too: nothing written must not turn into everybody.
    """
    text = cursor.text()
    if not text:
        return None
    if "--" in text or "/*" in text:
        cursor.problem(
            "规则里不能有注释（-- 或 /* */），注释会让后面的条件失效",
            "请把说明写到 note 或 reading",
        )
        return None
    parsed = _parsed(cursor, text)
    return None if parsed is None else _Reader(cursor, scope).read(parsed)


def _parsed(cursor: Cursor, text: str) -> exp.Expr | None:
    """sqlglot's tree of exactly one expression."""
    try:
        found = [part for part in sqlglot.parse(text, dialect="duckdb") if part is not None]
    except (SqlglotError, RecursionError) as error:
        cursor.problem(
            f"规则读不懂：{_where(error)}“{text}”", f"请检查括号、引号和连接词；{_LANGUAGE}"
        )
        return None
    if len(found) != 1:
        cursor.problem(f"规则应是一个条件，写的是“{text}”", "请去掉分号，用 AND 或 OR 连接")
        return None
    return found[0]


def _where(error: Exception) -> str:
    """Where in the rule sqlglot stopped, when it says so."""
    details = getattr(error, "errors", None) or [{}]
    near = f"{details[0].get('highlight') or ''}"
    return f"在“{near}”附近，" if near else ""


class _Reader:
    """One reading of one rule; goes on after a problem, so that all are told."""

    def __init__(self, cursor: Cursor, scope: Scope) -> None:
        self.cursor = cursor
        self.scope = scope
        self.log: ProblemLog = cursor.log

    def read(self, node: exp.Expr) -> rules.Node | None:
        """The tree below a node of sqlglot's."""
        if not self._allowed(node):
            return None
        match node:
            case exp.Paren():
                return self.read(node.this)
            case exp.And() | exp.Or():
                left, right = self.read(node.left), self.read(node.right)
                if left is None or right is None:
                    return None
                join = rules.all_of if isinstance(node, exp.And) else rules.any_of
                return join(left, right)
            case exp.Not():
                child = self.read(node.this)
                return None if child is None else rules.Not(child)
            case exp.Column():
                return self._bare(node)
            case exp.Anonymous():
                return self._function(node)
            case exp.In() | exp.Between():
                return self._range(node)
            case exp.EQ() | exp.NEQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE():
                return self._comparison(node)
            case _:
                self._problem(f"“{_sql(node)}”不是一个条件", _LANGUAGE)
                return None

    def _problem(self, what: str, do: str) -> None:
        self.cursor.problem(f"规则中{what}", do)

    def _allowed(self, node: exp.Expr) -> bool:
        """Whether a node and all its parts are on the list; notes a problem when not."""
        kind = type(node)
        if kind is exp.Boolean:
            self._problem(
                f"不能写常量 {_sql(node)}，那会让规则对所有人都成立或都不成立",
                "请写出具体条件；是否类事实直接写名称，例如 alive 或 NOT alive",
            )
            return False
        parts = _ALLOWED_PARTS.get(kind)
        if parts is None:
            what, do = _NAMES.get(kind, (f"“{_sql(node)}”", _LANGUAGE))
            self._problem(f"不支持 {what}", do)
            return False
        extra = [key for key, value in node.args.items() if value and key not in parts]
        if extra or (kind is exp.Identifier and node.args.get("quoted")):
            do = "IN 后面只能写值的列表" if kind is exp.In else _LANGUAGE
            self._problem(f"不支持“{_sql(node)}”这种写法", do)
            return False
        return True

    def _name(self, node: exp.Expr) -> str | None:
        """The name of a bare column; None after noting a problem."""
        if not isinstance(node, exp.Column):
            if isinstance(node, exp.Anonymous):
                self._problem(f"函数“{node.this}”不能用来比较或嵌套", _LANGUAGE)
            elif self._allowed(node):
                self._problem(f"“{_sql(node)}”应是一个事实的名称", "条件写成“事实 比较符 值”")
            return None
        if not self._allowed(node) or not self._allowed(node.this):
            return None
        return str(node.this.this)

    def _fact(self, node: exp.Expr) -> str | None:
        """The name of a fact of the vocabulary; None after noting a problem."""
        name = self._name(node)
        if name is None or name in self.scope.vocabulary:
            return name
        if name in self.scope.derived_names:
            self._problem(
                f"“{name}”是本政策包推导的条件，不能比较", f"请直接写 {name} 或 NOT {name}"
            )
        else:
            self._unknown(name)
        return None

    def _unknown(self, name: str) -> None:
        known = [*self.scope.vocabulary.facts, *self.scope.derived_names]
        self._problem(
            f"用了词汇表里没有的事实“{name}”{nearest(name, known)}",
            "请改用 vocabulary.yaml 中的名称，或在 pack.yaml 的 facts 中定义它",
        )

    def _bare(self, node: exp.Column) -> rules.Node | None:
        """A fact standing alone: a yes-or-no fact or a derived one."""
        name = self._name(node)
        if name is None:
            return None
        if name in self.scope.derived_names:
            return self.scope.derived(name)
        if name not in self.scope.vocabulary:
            self._unknown(name)
            return None
        if self.scope.vocabulary[name].type != "bool":
            self._problem(f"“{name}”不是是否类事实，不能单独作条件", "请写成“事实 比较符 值”")
            return None
        return rules.BoolFact(name)

    def _value(self, node: exp.Expr) -> rules.Value | None:
        """A literal or a parameter; None after noting a problem."""
        if isinstance(node, exp.Boolean):
            self._problem(
                f"不要和 {_sql(node)} 比较", "是否类事实直接写名称，例如 alive 或 NOT alive"
            )
            return None
        if isinstance(node, exp.Column):
            self._problem(
                f"比较的另一边不能是“{_sql(node)}”",
                "请写值：文字加单引号，数字直接写，参数写 :名称",
            )
            return None
        if not self._allowed(node):
            return None
        if isinstance(node, exp.Placeholder):
            return self._parameter(str(node.this or ""))
        if isinstance(node, exp.Literal):
            if node.is_string:
                return rules.Literal(str(node.this))
            if str(node.this).isdecimal():
                return rules.Literal(int(str(node.this)))
        self._problem(f"“{_sql(node)}”不是整数、文字或参数", "数值写成整数，文字加单引号")
        return None

    def _parameter(self, name: str) -> rules.Value | None:
        """A parameter that exists and has a value in force."""
        parameter = self.scope.parameters.get(name)
        if parameter is None:
            self._problem(
                f"用了没有定义的参数“:{name}”{nearest(name, self.scope.parameters)}",
                "请在 parameters/ 下的文件中定义它",
            )
            return None
        if parameter.type == "money" or parameter.is_table:
            self._problem(f"参数“:{name}”是金额，不能用在条件里", "金额请写在 amount 中")
            return None
        if parameter.value_on(self.scope.on) is None:
            self._problem(
                f"参数“:{name}”在 {self.scope.on} 没有生效的值",
                f"请在 {parameter.spot.file} 第 {parameter.spot.line} 行补上当日生效的值",
            )
            return None
        return rules.Param(name)

    def _comparison(self, node: exp.Expr) -> rules.Node | None:
        """``fact op value``; ``value op fact`` is turned round."""
        left, right, op = node.args["this"], node.args["expression"], _OPS[type(node)]
        if not isinstance(left, exp.Column) and isinstance(right, exp.Column):
            left, right, op = right, left, _TURNED[op]
        if isinstance(left, exp.Literal | exp.Placeholder):
            self._problem(f"“{_sql(node)}”两边都是固定值，与人无关", "请改成“事实 比较符 值”的条件")
            return None
        fact, value = self._fact(left), self._value(right)
        if fact is None or value is None:
            return None
        return self._checked(rules.Compare(fact, op, value))

    def _range(self, node: exp.Expr) -> rules.Node | None:
        """``fact IN (…)`` and ``fact BETWEEN a AND b``."""
        fact = self._fact(node.this)
        if isinstance(node, exp.In):
            parts = node.expressions
        else:
            parts = [node.args["low"], node.args["high"]]
        values = [self._value(part) for part in parts]
        if not values:
            self._problem(f"“{_sql(node)}”的列表是空的，谁都不符合", "请在括号里写上取值")
        if fact is None or not values or any(value is None for value in values):
            return None
        good = tuple(value for value in values if value is not None)
        if isinstance(node, exp.In):
            return self._checked(rules.In(fact, good))
        return self._checked(rules.Between(fact, good[0], good[1]))

    def _function(self, node: exp.Anonymous) -> rules.Node | None:
        """One of the four functions, with the right number of arguments."""
        name, given = str(node.this), list(node.expressions)
        wanted = {"within": 2, "recent": 2, "known": 1, "same_year": 1}.get(name)
        if wanted is None:
            self._problem(f"不支持函数“{name}”", f"可用的函数：{'、'.join(_FUNCTIONS)}")
            return None
        if len(given) != wanted:
            self._problem(
                f"函数“{name}”应有 {wanted} 个参数，写了 {len(given)} 个",
                f"写法：{'、'.join(_FUNCTIONS)}",
            )
            return None
        fact = self._fact(given[0])
        value = self._value(given[1]) if wanted == 2 else rules.Literal(0)
        if fact is None or value is None:
            return None
        leaf: rules.Leaf
        if name == "known":
            leaf = rules.Known(fact)
        elif name == "same_year":
            leaf = rules.SameYear(fact)
        elif name == "within":
            leaf = rules.Within(fact, value)
        else:
            leaf = rules.Recent(fact, value)
        return self._checked(leaf)

    def _checked(self, leaf: rules.Leaf) -> rules.Node | None:
        """The leaf when its types fit; None after noting what does not."""
        found = check_leaf(leaf, self.scope.vocabulary, self._resolved, self.scope.areas)
        if isinstance(found, tuple):
            self._problem(*found)
            return None
        return found

    def _resolved(self, value: rules.Value) -> rules.Scalar:
        """The value of a literal or parameter on the scope's day."""
        if isinstance(value, rules.Literal):
            return value.value
        found = self.scope.parameters[value.name].value_on(self.scope.on)
        assert found is not None  # noqa: S101 (looked at when the parameter was read)
        return found


def _sql(node: exp.Expr) -> str:
    """A node as text, short."""
    return str(node.sql(dialect="duckdb"))[:60]
