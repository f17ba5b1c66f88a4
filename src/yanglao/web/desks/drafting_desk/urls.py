"""Addresses of the desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.drafting_desk.views import (
    board,
    comparison,
    decide,
    draft,
    item,
    meaning,
    numbers,
    people,
)

app_name = "drafting_desk"

urlpatterns: list[URLPattern] = [
    path("", board.board, name="board"),
    path("new/", board.new, name="new"),
    path("compare/", board.compare, name="compare"),
    path("<int:pk>/", draft.draft, name="draft"),
    path("<int:pk>/history/", draft.history, name="history"),
    path("<int:pk>/cases/", draft.cases, name="cases"),
    path("<int:pk>/fields/", draft.fields, name="fields"),
    path("<int:pk>/undo/", draft.undo, name="undo"),
    path("<int:pk>/aside/<int:number>/", draft.take, name="aside"),
    path("<int:pk>/move/", draft.move, name="move"),
    path("<int:pk>/copy/", draft.copy, name="copy"),
    path("<int:pk>/items/new/", item.new, name="new-item"),
    path("<int:pk>/items/<str:code>/", item.edit, name="item"),
    path("<int:pk>/items/<str:code>/switch/", item.switch, name="switch"),
    path("<int:pk>/items/<str:code>/money/", item.money, name="money"),
    path("<int:pk>/numbers/", numbers.overview, name="numbers"),
    path("<int:pk>/numbers/<str:name>/", numbers.edit, name="number"),
    path("<int:pk>/numbers/<str:name>/band/", numbers.band, name="band"),
    path("<int:pk>/meanings/<str:name>/", meaning.edit, name="meaning"),
    path("<int:pk>/submit/", decide.submit, name="submit"),
    path("<int:pk>/take-back/", decide.take_back, name="take-back"),
    path("<int:pk>/return/", decide.send_back, name="return"),
    path("<int:pk>/approve/", decide.approve, name="approve"),
    path("<int:pk>/publish/", decide.publish, name="publish"),
    path("<int:pk>/withdraw/", decide.withdraw, name="withdraw"),
    path("comparison/<int:pk>/", comparison.comparison, name="comparison"),
    path("comparison/<int:pk>/paper.docx", comparison.paper, name="paper"),
    path("comparison/<int:pk>/public.xlsx", comparison.publish_counts, name="public"),
    path("comparison/<int:pk>/people/", people.people, name="people"),
    path("comparison/<int:pk>/people.xlsx", people.export, name="people-export"),
]
