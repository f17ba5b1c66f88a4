"""Whether the two sides of a condition fit: the type of the fact, the operator, the value."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from yanglao.engines.policy import rules
from yanglao.engines.policy.problems import nearest
from yanglao.engines.policy.vocabulary import FactSpec, Vocabulary
from yanglao.kernel.division import prefix

#: What is wrong and what to do.
Misfit = tuple[str, str]
Resolve = Callable[[rules.Value], rules.Scalar]


class _Unfit(Exception):
    """Raised with a misfit inside this module."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(what)
        self.misfit: Misfit = (what, do)


def check_leaf(
    leaf: rules.Leaf, vocabulary: Vocabulary, resolve: Resolve, areas: Mapping[str, str]
) -> rules.Leaf | Misfit:
    """The leaf with literals in the fact's own type, or what is wrong with it and what to do."""
    spec = vocabulary[leaf.fact]
    try:
        match leaf:
            case rules.Within():
                return _within(leaf, spec, resolve, areas)
            case rules.Recent():
                return _recent(leaf, spec, resolve)
            case rules.SameYear():
                _need(spec, "date", "same_year 只能用于日期事实")
                return leaf
            case rules.Compare():
                return _compare(leaf, spec, resolve)
            case rules.In():
                return _in(leaf, spec, resolve)
            case rules.Between():
                return _between(leaf, spec, resolve)
            case _:
                return leaf
    except _Unfit as unfit:
        return unfit.misfit


def _need(spec: FactSpec, kind: str, do: str) -> None:
    """The fact must be of a type."""
    if spec.type != kind:
        raise _Unfit(f"“{spec.name}”（{spec.label}）的类型是 {spec.type}", do)


def _within(
    leaf: rules.Within, spec: FactSpec, resolve: Resolve, areas: Mapping[str, str]
) -> rules.Within:
    """A code fact and an area with a name."""
    _need(spec, "code", "within 只能用于区划事实，例如 hukou_code、residence_code")
    written = resolve(leaf.area)
    try:
        area = prefix(str(written))
    except ValueError:
        raise _Unfit(
            f"“{written}”不是区划代码", "请写 2、4、6、9 或 12 位代码并加单引号，例如 '6532'"
        ) from None
    if not isinstance(written, str):
        raise _Unfit(f"区划代码 {written} 没有加引号", f"请写成 '{written}'")
    if area not in areas:
        raise _Unfit(
            f"区划“{area}”没有名称", "请在 pack.yaml 的 areas 中写上，例如 '6532': 和田地区"
        )
    return leaf if isinstance(leaf.area, rules.Param) else replace(leaf, area=rules.Literal(area))


def _recent(leaf: rules.Recent, spec: FactSpec, resolve: Resolve) -> rules.Recent:
    """A date fact and a number of months."""
    _need(spec, "date", "recent 只能用于日期事实")
    months = resolve(leaf.months)
    if not isinstance(months, int) or not 1 <= months <= 1200:
        raise _Unfit(f"月数“{months}”不对", "请写 1 以上的整数或整数参数")
    return leaf


def _compare(leaf: rules.Compare, spec: FactSpec, resolve: Resolve) -> rules.Compare:
    """``fact op value``."""
    _comparable(spec, leaf.op)
    value = _fitting(leaf.value, spec, resolve)
    if spec.type == "int" and not spec.has_none:
        at = _scalar(value, resolve)
        always = (leaf.op == ">=" and at == spec.low) or (leaf.op == "<=" and at == spec.high)
        never = (leaf.op == "<" and at == spec.low) or (leaf.op == ">" and at == spec.high)
        _must_divide(spec, always or never)
    return replace(leaf, value=value)


def _in(leaf: rules.In, spec: FactSpec, resolve: Resolve) -> rules.In:
    """``fact IN (…)``: no value twice, and not simply all of them."""
    _comparable(spec, "=")
    values = tuple(_fitting(value, spec, resolve) for value in leaf.values)
    scalars = [_scalar(value, resolve) for value in values]
    if len(set(scalars)) < len(scalars):
        raise _Unfit(f"“{spec.name}”的列表里有重复的值", "请去掉重复的值")
    _must_divide(
        spec,
        not spec.has_none
        and (
            (spec.type == "choice" and set(scalars) == set(spec.choices))
            or (spec.type == "int" and len(scalars) == spec.high - spec.low + 1)
        ),
    )
    return replace(leaf, values=values)


def _between(leaf: rules.Between, spec: FactSpec, resolve: Resolve) -> rules.Between:
    """``fact BETWEEN low AND high`` with low not above high."""
    _comparable(spec, "BETWEEN")
    low, high = _fitting(leaf.low, spec, resolve), _fitting(leaf.high, spec, resolve)
    first, last = _scalar(low, resolve), _scalar(high, resolve)
    if first > last:  # type: ignore[operator]  # both were made to fit the same fact
        raise _Unfit(
            f"“{spec.name}”的范围 {first} 到 {last} 前大后小，谁都不符合", "请把小的写在前面"
        )
    whole = spec.type == "int" and (first, last) == (spec.low, spec.high)
    _must_divide(spec, whole and not spec.has_none)
    return replace(leaf, low=low, high=high)


def _must_divide(spec: FactSpec, pointless: bool) -> None:
    """A condition that all or none of the possible values meet is a mistake."""
    if pointless:
        raise _Unfit(
            f"“{spec.name}”（{spec.label}）的这个条件对所有取值都成立或都不成立",
            f"请改正数值；只想知道有没有这项信息，请写 known({spec.name})",
        )


def _comparable(spec: FactSpec, op: str) -> None:
    """Whether an operator may stand behind a fact."""
    if spec.type == "bool":
        raise _Unfit(
            f"“{spec.name}”是是否类事实，不能用 {op}", f"请写 {spec.name} 或 NOT {spec.name}"
        )
    if spec.type == "code":
        raise _Unfit(f"“{spec.name}”是区划代码，不能用 {op}", f"请写 within({spec.name}, '代码')")
    if spec.type in ("choice", "text") and op not in ("=", "<>"):
        raise _Unfit(f"“{spec.name}”是文字，不能用 {op} 比大小", "文字只能用 =、<>、IN、NOT IN")


def _scalar(value: rules.Value, resolve: Resolve) -> rules.Scalar:
    """A value that fits, as what it stands for."""
    return value.value if isinstance(value, rules.Literal) else resolve(value)


def _fitting(value: rules.Value, spec: FactSpec, resolve: Resolve) -> rules.Value:
    """The value, in the fact's own type."""
    written = resolve(value)
    fitted = {"int": _integer, "date": _day}.get(spec.type, _word)(written, spec)
    return value if isinstance(value, rules.Param) else rules.Literal(fitted)


def _integer(written: rules.Scalar, spec: FactSpec) -> rules.Scalar:
    """A number within the fact's range."""
    if not isinstance(written, int):
        raise _Unfit(
            f"“{spec.name}”（{spec.label}）是数字，却与“{written}”比较", "请写不带引号的整数"
        )
    if not spec.low <= written <= spec.high:
        raise _Unfit(
            f"“{spec.name}”（{spec.label}）的取值是 {spec.low} 到 {spec.high}，写的是 {written}",
            "请改成范围内的数",
        )
    return written


def _day(written: rules.Scalar, spec: FactSpec) -> rules.Scalar:
    """A day."""
    if isinstance(written, date):
        return written
    try:
        if not isinstance(written, str) or len(written) != 10:
            raise ValueError
        return date.fromisoformat(written)
    except ValueError:
        raise _Unfit(
            f"“{spec.name}”（{spec.label}）是日期，却与“{written}”比较", "请写成 '2026-11-01'"
        ) from None


def _word(written: rules.Scalar, spec: FactSpec) -> rules.Scalar:
    """One of the fact's words."""
    if not isinstance(written, str):
        raise _Unfit(
            f"“{spec.name}”（{spec.label}）是文字，却与 {written} 比较", "请写带单引号的文字"
        )
    if spec.choices and written not in spec.choices:
        raise _Unfit(
            f"“{spec.name}”（{spec.label}）没有“{written}”这个取值{nearest(written, spec.choices)}",
            f"可用的取值：{'、'.join(spec.choices)}",
        )
    if not written:
        raise _Unfit(f"“{spec.name}”不能与空文字比较", "判断是否已知请写 known(事实)")
    return written
