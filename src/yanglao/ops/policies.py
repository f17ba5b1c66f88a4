"""``yanglao check-policy``."""

from pathlib import Path

from yanglao.flows.follow_statuses import problems_of_statuses
from yanglao.flows.publish_catalogue import check_pack, pack_names, write_rule_book
from yanglao.flows.read_linkage_rules import problems_of_rules
from yanglao.flows.screen_health import problems_of_screening
from yanglao.foundation import clock
from yanglao.ops.says import CannotDo, say, say_problem


def check_packs(*, pack: str | None, rule_book: str | None) -> bool:
    """Check one pack, or all; print every problem; return whether all are sound.

    Raises:
        CannotDo: When there is no such pack.
    """
    names = [pack] if pack else pack_names()
    unknown = set(names) - set(pack_names())
    if unknown:
        raise CannotDo(f"没有政策包“{'、'.join(unknown)}”。现有：{'、'.join(pack_names())}。")
    sound = True
    for name in names:
        report = check_pack(name)
        for problem in report.problems:
            say_problem(str(problem))
        if report.problems:
            sound = False
            say_problem(f"{name}：{len(report.problems)} 处要改。")
        else:
            say(
                f"{name}：{report.items} 个项目，{report.cases} 个案例，"
                f"全部通过（{report.hash[:12]}）。"
            )
    besides = [
        *problems_of_rules(),
        *problems_of_statuses(names, clock.today()),
        *problems_of_screening(),
    ]
    for words in besides:
        sound = False
        say_problem(words)
    if rule_book and sound:
        if pack is None:
            raise CannotDo(
                "写规则书要说明是哪个政策包，例如 yanglao check-policy hetian --rule-book …"
            )
        Path(rule_book).write_text(write_rule_book(pack, clock.today()), encoding="utf-8")
        say(f"规则书：{rule_book}")
    return sound
