"""The URL root: one prefix per desk, and the pages for errors."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("yanglao.web.desks.workbench.urls")),
    path("people/", include("yanglao.web.desks.registry_desk.urls")),
    path("leads/", include("yanglao.web.desks.leads_desk.urls")),
    path("lists/", include("yanglao.web.desks.lists_desk.urls")),
    path("linking/", include("yanglao.web.desks.linking_desk.urls")),
    path("policies/", include("yanglao.web.desks.policy_room.urls")),
    path("runs/", include("yanglao.web.desks.match_desk.urls")),
    path("privacy/", include("yanglao.web.desks.privacy_desk.urls")),
    path("system/", include("yanglao.web.desks.system_desk.urls")),
    path("interfaces/", include("yanglao.web.desks.interfaces_desk.urls")),
    path("assessment/", include("yanglao.web.desks.assessment_desk.urls")),
    path("assessor-phone/", include("yanglao.web.desks.assessor_phone.urls")),
    path("benefits/", include("yanglao.web.desks.benefits_desk.urls")),
    path("payments/", include("yanglao.web.desks.payments_desk.urls")),
    path("insurance/", include("yanglao.web.desks.insurance_desk.urls")),
    path("drafting/", include("yanglao.web.desks.drafting_desk.urls")),
    path("status/", include("yanglao.web.desks.status_desk.urls")),
    path("early/", include("yanglao.web.desks.health_desk.urls")),
    # Signing in and one's own account; whether the machine is well; the page for everybody.
    path("", include("yanglao.web.desks.entrance.urls")),
    path("", include("yanglao.web.desks.watch.urls")),
    path("", include("yanglao.web.desks.public_desk.urls")),
    path("kit/", include("yanglao.web.kit.urls")),
    # Other systems, by keys.
    path("api/v1/", include("yanglao.api.v1.urls")),
]

handler400 = "yanglao.web.kit.errors.bad_request"
handler403 = "yanglao.web.kit.errors.forbidden"
handler404 = "yanglao.web.kit.errors.not_found"
handler500 = "yanglao.web.kit.errors.server_error"
