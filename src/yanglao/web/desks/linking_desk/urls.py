"""Addresses of the linking desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.linking_desk.views import conflicts, looking, pairs, quality, row, rows

app_name = "linking_desk"

urlpatterns: list[URLPattern] = [
    path("", rows.rows, name="rows"),
    path("decided/", rows.decided, name="decided"),
    path("rows/<int:pk>/", row.row, name="row"),
    path("rows/<int:pk>/decide/", row.decide, name="decide"),
    path("rows/<int:pk>/take-back/", row.take_back, name="take-back"),
    path("pairs/", pairs.pairs, name="pairs"),
    path("pairs/look/", looking.pairs, name="look"),
    path("pairs/<int:pk>/", pairs.pair, name="pair"),
    path("pairs/<int:pk>/decide/", pairs.decide, name="decide-pair"),
    path("pairs/<int:pk>/undo/", pairs.undo, name="undo-pair"),
    path("conflicts/", conflicts.conflicts_page, name="conflicts"),
    path("conflicts/look/", looking.conflicts, name="look-conflicts"),
    path("conflicts/<int:pk>/", conflicts.conflict, name="conflict"),
    path("conflicts/<int:pk>/settle/", conflicts.settle, name="settle"),
    path("conflicts/<int:pk>/reopen/", conflicts.reopen, name="reopen"),
    path("jobs/<int:pk>/", looking.job, name="job"),
    path("quality/", quality.quality, name="quality"),
    path("quality.xlsx", quality.export, name="quality-export"),
]
