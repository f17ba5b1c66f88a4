"""Every page part draws, escapes what people wrote, and has a sign besides its colour."""

from collections.abc import Callable
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.template import TemplateSyntaxError
from django.template.base import VariableDoesNotExist

from yanglao.web.kit.icons import UnknownIcon, all_icons, icon
from yanglao.web.kit.parts import (
    TONES,
    Action,
    Bar,
    Crumb,
    Event,
    Fact,
    Stat,
    Status,
    Tab,
    person_words,
)

Draw = Callable[..., str]
EVIL = "<script>alert(1)</script>"


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def words(html: str) -> str:
    return soup(html).get_text(" ", strip=True)


#: One use of every part, with text of a stranger wherever text goes.
SNIPPETS = {
    "card": "{% card title=evil note=evil link_url='/x' link_text=evil %}{{ evil }}{% endcard %}",
    "page_head": "{% page_head title=evil note=evil trail=crumbs %}{{ evil }}{% endpage_head %}",
    "notice": "{% notice tone='warning' title=evil %}{{ evil }}{% endnotice %}",
    "stats": "{% stats stats %}",
    "tabs": "{% tabs tabs evil %}",
    "crumbs": "{% crumbs crumbs %}",
    "action_links": "{% action_links actions %}",
    "status": "{% status evil 'accent' %}",
    "bar": "{% bar bar %}",
    "empty": "{% empty evil evil '/x' evil %}",
    "too_many": "{% too_many 200 evil 5321 %}",
    "failure": "{% failure evil evil evil '/x' evil %}",
    "partial": "{% partial evil '/x' evil %}",
    "loading": "{% loading 3 evil %}",
    "progress": "{% progress 3 10 evil 20 '/poll' unit=evil %}",
    "person_line": "{% person_line evil sex='M' age=80 place=evil url='/x' more=evil %}",
    "source": "{% source evil '/x' evil %}",
    "facts": "{% facts facts %}",
    "timeline": "{% timeline events evil %}",
    "confirm_button": "{% confirm_button evil '/x' evil detail=evil undo=evil value=evil %}",
    "choice_button": "{% choice_button evil 'a' evil chosen=True note=evil %}",
    "read_aloud": "{% read_aloud 'main' %}",
    "form_actions": "{% form_actions %}{{ evil }}{% endform_actions %}",
}


@pytest.mark.parametrize("name", SNIPPETS)
def test_every_part_draws_and_escapes(name: str, draw: Draw) -> None:
    html = draw(
        SNIPPETS[name],
        evil=EVIL,
        crumbs=[Crumb(EVIL, "/x"), Crumb(EVIL)],
        stats=[Stat(EVIL, 1206, EVIL, "/x", "accent", EVIL), Stat(EVIL, 2)],
        tabs=[Tab(EVIL, "/x", current=True, count=3), Tab(EVIL, "/y")],
        actions=[Action(EVIL, url="/x", tone="primary", icon="search")],
        bar=Bar(1, 4, text=EVIL),
        facts=[Fact(EVIL, EVIL, EVIL, EVIL), Fact(EVIL, None)],
        events=[Event(date(2026, 10, 12), EVIL, EVIL, EVIL, "accent", "/x")],
    )
    assert soup(html).find(True) is not None
    assert "<script" not in html.lower()
    assert " style=" not in html, "no style attribute: the page must do with its style sheet"
    if name != "read_aloud":
        assert "&lt;script&gt;" in html


def test_every_registered_part_is_tested_here() -> None:
    """A part added later must come with its snippet."""
    from yanglao.web.kit.templatetags.kit import register

    elsewhere = {
        "icon",
        "asset",
        "script_words",
        "table",
        "pager",
        "filters",
        "chart",
        "map",
        "field",
        "form_fields",
        "form_errors",
        "file_drop",
        "nonce",
    }
    assert set(register.tags) - elsewhere == set(SNIPPETS)


def test_an_unknown_parameter_fails(draw: Draw) -> None:
    """A misspelt parameter must not be drawn as nothing."""
    with pytest.raises(TemplateSyntaxError):
        draw("{% empty 'x' colour='red' %}")


def test_an_unknown_variable_fails(draw: Draw) -> None:
    """Also inside a part: pytest-django turns unknown variables into failures."""
    with pytest.raises((pytest.fail.Exception, VariableDoesNotExist)):
        draw("{% card title='x' %}{{ nobody.gave.this }}{% endcard %}")


@pytest.mark.parametrize("tone", TONES)
def test_a_status_is_told_by_more_than_colour(tone: str, draw: Draw) -> None:
    html = draw("{% status 'x' tone %}", tone=tone)
    assert f"k-status-{tone}" in html
    assert ("<svg" in html) is (tone != "plain")


def test_each_tone_has_its_own_icon() -> None:
    names = [name for tone, name in TONES.items() if tone != "plain"]
    assert len(set(names)) == len(names)


def test_an_unknown_tone_fails() -> None:
    with pytest.raises(ValueError, match="unknown tone"):
        Status("x", "red")


def test_bar_says_its_share_in_words(draw: Draw) -> None:
    html = draw("{% bar 3 4 %}")
    assert words(html) == "75%"
    assert 'width="75.0"' in html


@pytest.mark.parametrize(
    ("done", "total", "share"), [(0, 0, 0), (5, 4, 1), (-1, 4, 0), (1, 3, 1 / 3)]
)
def test_bar_stays_between_nothing_and_all(done: float, total: float, share: float) -> None:
    assert Bar(done, total).share == pytest.approx(share)


def test_progress_polls_until_finished(draw: Draw) -> None:
    running = soup(draw("{% progress 42000 100000 '正在读' 130 '/job/1/' %}"))
    box = running.find(id="progress")
    assert box is not None
    assert box["hx-get"] == "/job/1/"
    assert words(str(box)) == "正在读 42,000 / 100,000 行 · 42% 还需约 2 分 10 秒"
    done = draw("{% progress 100000 100000 '收完了' 0 '/job/1/' True %}")
    assert "hx-get" not in done
    assert "还需" not in done


def test_progress_without_total_is_undetermined(draw: Draw) -> None:
    """Before the rows are counted the bar must move without lying about a per cent."""
    bar = soup(draw("{% progress 0 0 '正在打开文件' None '/job/1/' %}")).find("progress")
    assert bar is not None
    assert not bar.has_attr("value")


def test_unknown_fact_says_so(draw: Draw) -> None:
    html = draw("{% facts facts %}", facts=[Fact("残疾等级", None, "缺：残联名单")])
    assert words(html) == "残疾等级 未知 缺：残联名单"


def test_person_words_leave_out_what_is_not_known() -> None:
    assert person_words("M", 80, "喀拉喀什镇") == "男 · 80 岁 · 喀拉喀什镇"
    assert person_words("", None, "", ("独居", "")) == "独居"


def test_confirm_button_posts_with_the_token_of_the_page(draw: Draw) -> None:
    html = soup(draw("{% confirm_button '退回' '/return/' '退回这 12 行？' undo='不能撤销' %}"))
    form = html.find("form", method="post")
    assert form is not None
    assert form["action"] == "/return/"
    assert form.find("input", attrs={"name": "csrfmiddlewaretoken"}) is not None
    assert "不能撤销" in form.get_text()


def test_ids_on_a_page_are_unique(draw: Draw) -> None:
    html = draw("{% confirm_button 'a' '/a/' 'a' %}{% confirm_button 'b' '/b/' 'b' %}")
    ids = [tag["id"] for tag in soup(html).find_all(id=True)]
    assert len(set(ids)) == len(ids)


def test_icon_is_decoration_unless_labelled() -> None:
    assert 'aria-hidden="true"' in icon("search")
    labelled = icon("search", 18, "查找")
    assert 'aria-label="查找"' in labelled
    assert "aria-hidden" not in labelled


def test_unknown_icon_fails() -> None:
    """The set comes from the build; ``make test`` and ``npm run build`` make it."""
    assert len(all_icons()) > 1000, "run: npm ci && npm run build"
    with pytest.raises(UnknownIcon, match="no Lucide icon"):
        icon("no-such-icon")


def test_icons_of_the_kit_exist() -> None:
    for name in TONES.values():
        if name:
            icon(name)
