"""The ways in which clerks write the coded values of each column.

A cell is compared half-width, without blanks, in upper case (see `cells.choice_key`), so only words
differ here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a column: what is stored, what a template offers, and what else means the same.

    `also` are whole cells, blanks between; `within` are words that decide when exactly one choice
    has them in a longer text and nothing in the rest of it denies or mixes (非, 停, 、 …).
    """

    value: str | int | bool
    label: str
    also: str = ""
    within: str = ""


_GRADE_SIGNS = ("0 零", "1 一 壹 I", "2 二 贰 II", "3 三 叁 III", "4 四 肆 IV", "5 五 伍 V")


def grade_words(grade: int) -> str:
    """Ways of writing a grade: 1, 一, 壹, Ⅰ, each alone and with 级, 等, 档."""
    signs = _GRADE_SIGNS[grade].split()
    return " ".join([*signs, *(sign + unit for sign in signs for unit in "级等档"), f"L{grade}"])


def yes_no(yes: str = "", no: str = "") -> tuple[Choice, Choice]:
    """The two values of a yes-or-no column, with words of its own besides the general ones."""
    return (Choice(True, "是", f"{_YES} {yes}"), Choice(False, "否", f"{_NO} {no}"))


_YES = "有 Y YES T TRUE 1 √ ✓ ✔ ☑ 对 真 是的"
_NO = "无 没有 N NO F FALSE 0 × ✗ ✘ X 不是 非 假"

SEX = (Choice("M", "男", "1 男性 M MALE 1男 男士"), Choice("F", "女", "2 女性 F FEMALE 2女 女士"))

MARITAL = (
    Choice("未婚", "未婚", "10 从未结婚 单身"),
    Choice("已婚", "已婚", "20 21 22 23 初婚 再婚 复婚 有配偶 结婚 在婚"),
    Choice("丧偶", "丧偶", "30 丧 丧夫 丧妻"),
    Choice("离婚", "离婚", "40 离异 离"),
)

PERSON_STATUS = (
    Choice("normal", "正常", "在册 健在 在世 存活 正常在册 有效 未注销 常住 生存 在籍"),
    Choice(
        "dead", "死亡", "已死亡 去世 已去世 亡 亡故 已亡故 已故 病故 身故 死亡注销 殁", "死亡 去世"
    ),
    Choice(
        "moved",
        "迁出",
        "已迁出 迁移 外迁 户口迁出 迁出注销 迁往外地 迁往市外 迁往县外",
        "迁出 迁往",
    ),
)

PENSION_KIND = (
    Choice(
        "employee",
        "职工基本养老保险",
        "职工 职保 城职保 企职保 职工养老 企保 机保 机关养老",
        "职工 企业 机关事业",
    ),
    Choice(
        "resident",
        "城乡居民基本养老保险",
        "居民 城居保 居保 城乡居保 新农保 新型农村社会养老保险 农保",
        "居民 居保 新农保 农村社会养老",
    ),
)

PENSION_STATUS = (
    Choice(
        "normal",
        "正常",
        """
            正常发放 正常领取 正常享受 在发 发放 在领 领取 已领取 享受 正在领取 待遇领取 领取待遇
            享受待遇 待遇正常 待遇发放 领待 正常待遇 正在发放 发放中 领取中 在享 已享受
        """,
    ),
    Choice(
        "suspended",
        "暂停",
        """
            暂停发放 停发 暂停待遇 暂停领取 待遇暂停 暂停享受 暂停支付 暂缓发放 已暂停 中止
            中止发放 待遇停发
        """,
        "暂停",
    ),
    Choice(
        "terminated",
        "终止",
        """
            终止发放 终止待遇 待遇终止 已终止 注销 死亡终止 终止领取 终止参保 终结 终止享受 退保
        """,
        "终止",
    ),
    Choice(
        "unclaimed",
        "未领取",
        """
            未领 未享受 待领取 未领待遇 未领取待遇 尚未领取 未发放 未申领 应领未领 待遇未领取
            参保缴费 正常缴费 缴费 在缴 未到龄 没有领取 未享受待遇 待申领 待核定
        """,
        "未领",
    ),
)

ASSISTANCE = (
    Choice(
        "tekun",
        "特困",
        """
            特困人员 特困供养 特困供养人员 特困人员救助供养 特困救助供养 特困对象 五保 五保户
            五保供养 农村五保 城市三无 三无人员 农村特困 城市特困
        """,
        "特困 五保",
    ),
    Choice(
        "dibao",
        "低保",
        """
            低保对象 最低生活保障 最低生活保障对象 最低生活保障家庭 低保户 低保家庭 城市低保
            农村低保 城乡低保 城低保 农低保 城镇低保 低保人员
        """,
        "低保 最低生活保障",
    ),
    Choice(
        "dibao_margin",
        "低保边缘",
        """
            低保边缘家庭 低保边缘户 低边 低边户 低边家庭 低收入 低收入家庭 低收入人口
            最低生活保障边缘家庭 最低生活保障边缘 边缘家庭 边缘户 低保边缘对象 低保边缘人口
        """,
        "低保边缘 最低生活保障边缘 低边",
    ),
    Choice(
        "expense",
        "支出型困难家庭",
        """
            支出型困难 支出型 支出型贫困 支出型贫困家庭 刚性支出困难 刚性支出困难家庭
            支出型困难户 支出型困难人口 支出型家庭
        """,
        "支出型 刚性支出",
    ),
)

SUPPORT_MODE = (
    Choice("central", "集中", "集中供养 机构供养 集中养老 在院 集中照料", "集中供养"),
    Choice("dispersed", "分散", "分散供养 居家 居家供养 在家 散居 分散照料 社会散居", "分散供养"),
)

TEKUN_CARE = (
    Choice(
        "self",
        "全自理",
        """
            自理 完全自理 能自理 全部自理 具备生活自理能力 有生活自理能力 生活自理 可自理
            能力完好 能够自理 生活能自理 全自理能力 有自理能力 具备自理能力
        """,
    ),
    Choice(
        "half",
        "半护理",
        """
            半自理 部分自理 半失能 部分丧失 部分丧失生活自理能力 部分失能 半护 半失能人员
            部分丧失自理能力 生活半自理 部分不能自理
        """,
        "部分丧失 半自理 半护理",
    ),
    Choice(
        "full",
        "全护理",
        """
            不能自理 完全不能自理 全失能 失能 完全失能 完全丧失 完全丧失生活自理能力
            丧失生活自理能力 全护 无自理能力 完全丧失自理能力 生活不能自理 全部不能自理
            无生活自理能力
        """,
        "完全丧失 全护理",
    ),
)

_DISABILITIES = (
    ("视力", "盲 盲人"),
    ("听力", "聋"),
    ("言语", "语言 语言残疾 哑"),
    ("肢体", "肢残 肢"),
    ("智力", "智残"),
    ("精神", "精残"),
    ("多重", "多残 综合"),
)

DISABILITY_CATEGORY = tuple(
    Choice(
        number, name, f"{number} 0{number} {name}残疾 {name}类 {name}残 {name}残疾人 {also}", name
    )
    for number, (name, also) in enumerate(_DISABILITIES, start=1)
)

DISABILITY_GRADE = tuple(
    Choice(
        grade, f"{sign}级", f"{grade_words(grade)} {sign}级残疾 残疾{sign}级", f"{sign}级 {grade}级"
    )
    for grade, sign in enumerate("一二三四", start=1)
)

CARD_STATUS = (
    Choice("valid", "有效", "正常 在用 生效 有效期内 持证 未注销 在册 有效证件"),
    Choice(
        "cancelled",
        "注销",
        """
            已注销 作废 失效 过期 已过期 无效 已失效 证件注销 死亡注销 迁出注销
        """,
        "注销",
    ),
)

LONG_TERM_CARE = yes_no(
    yes="需要 需 需长期照护 需要长期照护 需照护",
    no="不需要 不需 无需 不用 不需长期照护 不需要长期照护",
)

# Free text, but "none" is an answer here, not a gap.
CHRONIC = (Choice("无", "无", "没有 否 无慢性病 无慢病 健康"),)

DEMENTIA = yes_no(
    yes="确诊 已确诊 痴呆 失智 阿尔茨海默病 老年痴呆 认知症 患病",
    no="未确诊 未见 未见异常 正常 无痴呆 疑似 未患病 未失智",
)

LTCI_INSURED = yes_no(
    yes="参保 已参保 正常参保 在保 参加", no="未参保 没参保 未参加 停保 断保 退保 不参保 中断"
)


def _severe(degree: int) -> str:
    """Level 3, 4 and 5 are called severe of the first, second and third degree."""
    signs = _GRADE_SIGNS[degree].split()
    return " ".join(
        f"{name}{sign}{unit}"
        for name in ("重度", "重度失能")
        for sign in signs
        for unit in ("", "级")
    )


# 国家医保局办公室、民政部办公厅《长期护理失能等级评估标准（试行）》医保办发〔2021〕37号.
LTCI_LEVEL = (
    Choice(0, "0", f"{grade_words(0)} 基本正常 正常 未失能 无失能 能力完好"),
    Choice(1, "1", f"{grade_words(1)} 轻度 轻度失能 失能一级 失能1级"),
    Choice(2, "2", f"{grade_words(2)} 中度 中度失能 失能二级 失能2级"),
    Choice(3, "3", f"{grade_words(3)} 失能三级 失能3级 {_severe(1)}"),
    Choice(4, "4", f"{grade_words(4)} 失能四级 失能4级 {_severe(2)}"),
    Choice(5, "5", f"{grade_words(5)} 失能五级 失能5级 {_severe(3)}"),
)

LTCI_RECEIVING = yes_no(
    yes="享受 在享 已享受 正在享受 享受中 待遇享受 享受待遇 在享受",
    no="未享受 不享受 停止享受 终止 暂停 停止 未享受待遇 已停止",
)

SPECIAL_CONTRIBUTION = yes_no(
    yes="享受 已享受 在享 正在享受 享受定期抚恤 享受定期补助 领取",
    no="未享受 不享受 停止享受 停止 终止 未领取",
)

# GB/T 42195-2022: 0 能力完好, 1 轻度, 2 中度, 3 重度, 4 完全失能.
ABILITY_LEVEL = (
    Choice(0, "0", f"{grade_words(0)} 能力完好 完好 自理 正常 未失能 无失能"),
    Choice(1, "1", f"{grade_words(1)} 轻度失能 轻度 能力轻度受损 轻度受损"),
    Choice(2, "2", f"{grade_words(2)} 中度失能 中度 能力中度受损 中度受损"),
    Choice(3, "3", f"{grade_words(3)} 重度失能 重度 能力重度受损 重度受损"),
    Choice(4, "4", f"{grade_words(4)} 完全失能 完全 能力完全丧失 完全丧失 全失能"),
)

LIVING = (
    Choice(
        "alone",
        "独居",
        """
            独居老人 单独居住 一人居住 独自居住 单身独居 1人 一人户 单独生活
        """,
        "独居",
    ),
    Choice(
        "empty_nest",
        "空巢",
        """
            空巢老人 空巢家庭 夫妻空巢 与配偶同住 与配偶居住 夫妻同住 双老户 夫妻居住
        """,
        "空巢",
    ),
    Choice("left_behind", "留守", "留守老人 农村留守 留守家庭", "留守"),
    Choice(
        "with_children",
        "与子女同住",
        """
            与子女居住 与子女共同居住 子女同住 同住 和子女同住 和子女居住 随子女居住 随子女
            与子女一起居住 与子女 与儿子同住 与女儿同住 与家人同住 与亲属同住 与子女生活
            跟子女同住 与子女共同生活
        """,
        "与子女 和子女 随子女 同子女 跟子女",
    ),
    Choice(
        "institution",
        "机构",
        """
            机构养老 养老机构 入住机构 住养老院 养老院 敬老院 福利院 在养老机构 入住养老机构
            机构居住 住机构 机构入住 在机构 养老机构入住
        """,
        "养老机构 养老院 敬老院 福利院",
    ),
)

SUPPORTER = (
    Choice("yes", "有", "是 有赡养人 有法定赡养人 Y 1 有赡养能力 有且有赡养能力"),
    Choice("none", "无", "否 没有 无赡养人 无法定赡养人 没有赡养人 N 0 无子女"),
    Choice(
        "unable",
        "无赡养能力",
        """
            有但无赡养能力 赡养人无赡养能力 无能力 无力赡养 有无赡养能力 没有赡养能力
            法定赡养人无赡养能力 有,无赡养能力 有但无能力 无抚养能力 无扶养能力
        """,
        "无赡养能力 无力赡养",
    ),
)

FAMILY_PLANNING = yes_no(
    yes="""
        计生特殊家庭 计划生育特殊家庭 失独 失独家庭 伤残 特殊家庭 独生子女死亡
    """,
    no="不属于 非计生特殊家庭",
)

IN_RELIEF = (
    Choice(True, "在站", "在站救助 在站滞留 救助中 滞留 站内 在站中 在站人员 正在救助"),
    Choice(
        False,
        "离站",
        """
            已离站 离开 已离开 返乡 已返乡 护送返乡 出站 已出站 自行离站 已送返
        """,
        "离站 返乡",
    ),
)
