"""Charts and maps, each with its table behind."""

from itertools import count
from typing import Any

from django.template import Library

from yanglao.web.kit.charts import Chart
from yanglao.web.kit.maps import Map

_ids = count(1)


def chart(drawn: Chart, level: int = 2) -> dict[str, Any]:
    """Draw a chart: the answer as heading, the question in grey, picture, table behind."""
    name = f"chart-{next(_ids)}"
    return {"chart": drawn, "id": name, "id_data": f"{name}-data", "level": level}


def map_picture(drawn: Map, level: int = 2) -> dict[str, Any]:
    """Draw a map: the answer as heading, legend, picture, table behind."""
    name = f"map-{next(_ids)}"
    return {"map": drawn, "id": name, "id_data": f"{name}-data", "level": level}


def register_on(register: Library) -> None:
    """Register the tags of this file."""
    register.inclusion_tag("kit/parts/chart.html")(chart)
    register.inclusion_tag("kit/parts/map.html", name="map")(map_picture)
