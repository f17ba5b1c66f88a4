"""Addresses of the status desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.status_desk.views import bulk, changes, held, people, person, task, tasks

app_name = "status_desk"

urlpatterns: list[URLPattern] = [
    path("", tasks.board, name="tasks"),
    path("tasks.xlsx", tasks.export, name="tasks-export"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("<int:pk>/", task.task, name="task"),
    path("<int:pk>/move/", task.move, name="move"),
    path("people/", people.people, name="people"),
    path("people.xlsx", people.export, name="people-export"),
    path("changes/", changes.changes_page, name="changes"),
    path("changes.xlsx", changes.export, name="changes-export"),
    path("look/", changes.look, name="look"),
    path("person/<int:pk>/", person.person, name="person"),
    path("held/<int:pk>/", held.held, name="held"),
]
