"""Places: loading, names, search, codes of lists, shapes; and 兵团's own tree."""

from pathlib import Path

import pytest

from yanglao.domain.places import public as places
from yanglao.domain.places.types import PLACEHOLDERS
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import Reader, system_reader

pytestmark = pytest.mark.django_db

HETIAN = "653200000000"
MOYU = "653222000000"


@pytest.fixture
def hetian() -> None:
    """Places of Hetian."""
    places.load_divisions("hetian")


@pytest.mark.parametrize(
    ("pack", "count"),
    [("hetian", 1961), ("yunfu", 1058), ("shuangqiao", 105), ("heping", 73), ("bingtuan", 2736)],
)
def test_every_pack_has_its_places(pack: str, count: int) -> None:
    """The five trees are there, whole, and each place hangs on one that is there."""
    assert places.load_divisions(pack) == count
    assert places.Division.objects.count() == count
    roots = places.Division.objects.filter(parent=None).order_by("code")
    assert {root.level for root in roots} == {"province"}
    assert places.region_of(pack) in places.known_codes()


def test_loading_again_changes_nothing_but_what_is_corrected(hetian: None) -> None:
    """Loading may be repeated; a name that was spoilt comes back, no place is lost."""
    places.Division.objects.filter(pk=MOYU).update(name="?")
    before = places.Division.objects.count()
    places.load_divisions("hetian", acting=system_reader(name="张三"))
    assert places.division(MOYU).name == "墨玉县"
    assert places.Division.objects.count() == before
    assert AuditEntry.objects.filter(action="divisions_loaded").count() == 2


def test_packs_stand_side_by_side(hetian: None) -> None:
    """兵团 and 和田 share the province and nothing else."""
    places.load_divisions("bingtuan")
    assert places.division(HETIAN).name == "和田地区"
    assert places.division("659001000000").name == "石河子市"


def test_an_unknown_pack_is_refused_with_those_that_exist() -> None:
    """The message says which there are."""
    with pytest.raises(ValueError, match="hetian、yunfu"):
        places.load_divisions("atlantis")


@pytest.mark.parametrize(
    ("pack", "code", "full_name"),
    [
        ("hetian", "653222102208", "和田地区 墨玉县 奎牙镇 奎牙村委会"),
        ("hetian", "650000000000", "新疆维吾尔自治区"),
        ("heping", "120101001000", "天津市 和平区 劝业场街道"),
        ("bingtuan", "659001000000", "石河子市"),
        ("bingtuan", "659000000000", "自治区直辖县级行政区划"),
    ],
)
def test_full_names_read_as_people_say_them(pack: str, code: str, full_name: str) -> None:
    """From the prefecture down; gaps in the code are left out, a city that is a province not."""
    places.load_divisions(pack)
    assert places.division(code).full_name == full_name


def test_no_place_is_called_by_a_gap(hetian: None) -> None:
    """No name of a gap stands within a longer name."""
    names = places.Division.objects.order_by("code").values_list("full_name", flat=True)
    assert not [name for name in names if PLACEHOLDERS & set(name.split()) and " " in name]


def test_county_seats_have_points(hetian: None) -> None:
    """The eight counties can be put on a map."""
    counties = places.divisions(system_reader(HETIAN), places.Level.COUNTY)
    assert len(counties) == 8
    assert all(
        73 < (county.longitude or 0) < 85 and 34 < (county.latitude or 0) < 40
        for county in counties
    )


def test_children_are_those_directly_below(hetian: None) -> None:
    """Eight counties below the prefecture, in order."""
    below = places.children(HETIAN)
    assert [place.level for place in below] == ["county"] * 8
    assert [place.code for place in below] == sorted(place.code for place in below)


@pytest.mark.parametrize(
    ("area", "names"),
    [
        (HETIAN, ["和田地区", "墨玉县", "奎牙镇", "奎牙村委会"]),
        (MOYU, ["墨玉县", "奎牙镇", "奎牙村委会"]),
        ("653222102208", ["奎牙村委会"]),
        ("653201000000", []),
    ],
)
def test_a_breadcrumb_begins_where_the_reader_may_look(
    hetian: None, area: str, names: list[str]
) -> None:
    """A county officer is not led above his county, and nowhere for a place outside it."""
    crumbs = places.breadcrumb("653222102208", system_reader(area))
    assert [place.name for place in crumbs] == names


@pytest.mark.parametrize(
    ("text", "first"),
    [("墨玉 奎牙镇", "653222102000"), ("奎牙镇", "653222102000"), ("653222102", "653222102000")],
)
def test_places_are_found_by_words_and_codes(hetian: None, text: str, first: str) -> None:
    """Words of the full name, or the beginning of a code."""
    found = places.place_search(system_reader(HETIAN), text)
    assert found[0].code == first


def test_search_stays_in_the_readers_area(hetian: None) -> None:
    """An officer of another county does not find the town; nothing finds nothing."""
    assert not places.place_search(system_reader("653201000000"), "奎牙镇")
    assert not places.place_search(system_reader(HETIAN), "  ")


def test_names_of_many_codes_need_one_query(
    hetian: None, django_assert_num_queries: object
) -> None:
    """Unknown codes are left out."""
    with django_assert_num_queries(1):  # type: ignore[operator]
        names = places.names_of([MOYU, HETIAN, "999999000000"])
    assert names == {MOYU: "墨玉县", HETIAN: "和田地区"}
    assert places.full_names_of([MOYU]) == {MOYU: "和田地区 墨玉县"}


@pytest.mark.parametrize(
    ("code", "fine"),
    [
        (MOYU, True),
        ("653222102208", True),
        ("653222999000", False),  # no such town in a county that is known whole
        ("653299000000", False),  # no such county in a prefecture that is known whole
        ("654000000000", True),  # of other prefectures nothing is known here
        ("510104000000", True),
    ],
)
def test_codes_on_lists(hetian: None, code: str, fine: bool) -> None:
    """Inside the region only what stands in the tree; outside anything."""
    assert places.code_checker()(code) is fine


def test_known_codes_follow_the_table() -> None:
    """They are kept in memory, and read anew when places are loaded."""
    assert not places.known_codes()
    places.load_divisions("heping")
    assert len(places.known_codes()) == 73
    places.load_divisions("shuangqiao")
    assert len(places.known_codes()) == 73 + 105


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("和田市", "653201000000"),
        ("和田地区和田市", "653201000000"),
        ("墨玉县奎牙镇", "653222102000"),
        ("和田", ""),
        ("乌鲁木齐市", ""),
        ("", ""),
    ],
)
def test_a_title_names_a_place(hetian: None, text: str, code: str) -> None:
    """The place at the end of the words, if it is one and only one."""
    assert places.place_named(text, HETIAN) == code


def test_a_name_that_several_places_bear_names_none(hetian: None) -> None:
    """Unless what stands before it tells them apart."""
    rows = places.Division.objects.filter(level="village").order_by("code").values("name")
    names = [row["name"] for row in rows]
    twice = next(name for name in names if names.count(name) > 1)
    assert places.place_named(twice, HETIAN) == ""
    one = places.Division.objects.filter(name=twice).order_by("code").first()
    assert one is not None
    assert places.place_named(one.full_name.replace(" ", ""), HETIAN) == one.code


def test_levels_and_the_network(hetian: None) -> None:
    """Every level has a label; sites stand from the prefecture down."""
    assert places.level_label("county") == "县（市）"
    assert places.network_role("village") == "养老服务站点"
    assert places.network_role("province") == ""


def test_shapes_show_which_county_is_which(hetian: None) -> None:
    """Eight cells that say they are schematic; a village officer sees his county's."""
    shapes = places.map_shapes(system_reader(HETIAN))
    codes = {feature["properties"]["code"] for feature in shapes["features"]}
    assert len(codes) == 8 and codes <= places.known_codes()
    assert "示意图" in shapes["notice"]
    village = places.map_shapes(system_reader("653222102208"))
    assert [feature["properties"]["code"] for feature in village["features"]] == [MOYU]
    assert len(places.map_shapes()["features"]) == 8


def test_corps_regiments_outside_its_cities_sit_under_host_counties() -> None:
    """Its own tree: 师, 团, 连, each mapped to the code where it stands."""
    places.load_divisions("bingtuan")
    corps = places.corps_unit("XJ")
    assert [unit.level for unit in places.corps_children("XJ")] == ["division"] * 14
    assert corps.name == "新疆生产建设兵团"
    hosted = places.CorpsUnit.objects.filter(level="regiment").exclude(area_code__startswith="659")
    assert hosted.count() > 50
    unit = hosted.exclude(area_code="").order_by("code")[0]
    host = places.division(unit.area_code[:6] + "000000")
    assert host.level == "county"
    assert unit in places.corps_units_at(host.code)


def test_corps_areas_are_places_that_exist() -> None:
    """No unit points to a code that is not in the trees."""
    places.load_divisions("bingtuan")
    areas = places.CorpsUnit.objects.exclude(area_code="").order_by("code")
    unknown = {unit.area_code for unit in areas} - places.known_codes()
    assert not unknown


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("XJ,兵团,corps,,\nXJ,兵团,corps,,\n", "第 3 行：代码“XJ”为空或重复"),
        ("XJ-01,一师,division,XJ,\n", "第 2 行：上级“XJ”应排在下级之前"),
        ("XJ,兵团,army,,\n", "第 2 行：层级“army”"),
        ("XJ,兵团,corps,,6590\n", "第 2 行：区划代码“6590”"),
    ],
)
def test_a_corrected_tree_is_checked(tmp_path: Path, line: str, message: str) -> None:
    """What is wrong is said with its line, and nothing is loaded."""
    table = tmp_path / "tree.csv"
    table.write_text("code,name,level,parent,area_code\n" + line, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        places.load_corps_tree(table)
    assert not places.CorpsUnit.objects.exists()


def test_a_reader_of_everywhere_sees_all_shapes() -> None:
    """The unattended program is not limited."""
    everyone: Reader = system_reader()
    assert len(places.map_shapes(everyone)["features"]) == 8
