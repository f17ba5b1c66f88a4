"""Addresses of the desk."""

from django.urls import URLPattern, path

from yanglao.web.desks.payments_desk.views import (
    books,
    choices,
    claim,
    claims,
    differences,
    files,
    findings,
    moves,
    payments,
    report,
    run,
    runs,
)

app_name = "payments_desk"

urlpatterns: list[URLPattern] = [
    path("", runs.board, name="runs"),
    path("runs.xlsx", runs.export, name="runs-export"),
    path("new/", runs.new, name="new"),
    path("jobs/<int:pk>/", run.job, name="job"),
    path("<int:pk>/", run.run, name="run"),
    path("<int:pk>/freeze/", moves.freeze, name="freeze"),
    path("<int:pk>/move/", moves.move, name="move"),
    path("<int:pk>/approve/", run.approve, name="approve"),
    path("<int:pk>/make-file/", files.make, name="make-file"),
    path("<int:pk>/differences/", differences.page, name="differences"),
    path("<int:pk>/differences.xlsx", differences.export, name="differences-export"),
    path("<int:pk>/findings/", findings.page, name="findings"),
    path("<int:pk>/findings.xlsx", findings.export, name="findings-export"),
    path("<int:pk>/findings/decide/", findings.decide, name="decide"),
    path("<int:pk>/choices/", choices.page, name="choices"),
    path("<int:pk>/choices.xlsx", choices.export, name="choices-export"),
    path("<int:pk>/payments/", payments.page, name="payments"),
    path("<int:pk>/payments.xlsx", payments.export, name="payments-export"),
    path("<int:pk>/report/", report.page, name="report"),
    path("<int:pk>/report.xlsx", report.export, name="report-export"),
    path("payment/<int:pk>/", payments.payment, name="payment"),
    path("file/<int:pk>/", files.take, name="file"),
    path("file/<int:pk>/handed/", files.handed, name="handed"),
    path("file/<int:pk>/returns/", files.returns, name="returns"),
    path("returned/<int:pk>/", files.returned, name="returned"),
    path("claims/", claims.board, name="claims"),
    path("claims.xlsx", claims.export, name="claims-export"),
    path("claims/<int:pk>/", claim.claim, name="claim"),
    path("claims/<int:pk>/act/", claim.act, name="claim-act"),
    path("claims/<int:pk>/letter.docx", claim.letter, name="letter"),
    path("books/", books.balance, name="books"),
    path("books/entries/", books.entries_page, name="entries"),
    path("books/entries.xlsx", books.export, name="entries-export"),
]
