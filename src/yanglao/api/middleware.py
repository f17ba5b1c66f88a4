"""Whatever goes wrong below an address of the API is answered as problem+json, never as a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from yanglao.api.v1 import problems

Next = Callable[[HttpRequest], HttpResponse]


class ProblemMiddleware:
    """Turn error pages of Django (400, 403, 404, 405, 413, 500) into problems, for the API only."""

    def __init__(self, get_response: Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; errors of the API itself are problems already."""
        response = self.get_response(request)
        if not request.path_info.startswith("/api/") or response.status_code < 400:
            return response
        if response.get("Content-Type", "").startswith(problems.CONTENT_TYPE):
            return response
        problem = problems.answer(problems.of_status(response.status_code))
        if response.status_code == 405 and "Allow" in response:
            problem["Allow"] = response["Allow"]
        return problem
