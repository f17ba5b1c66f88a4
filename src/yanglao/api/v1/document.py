"""The API's own description, OpenAPI 3.1: what ninja knows, with errors and scopes added."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from yanglao.api.v1 import problems
from yanglao.api.v1.doors import Key

_ALWAYS = (400, 401, 403, 404, 422, 429, 500)
_WITH_BODY = (409, 411, 413, 415)
_TITLES = {
    status: "；".join(title for of, title in problems.KINDS.values() if of == status)
    for status, _title in problems.KINDS.values()
}


class DocumentedApi(NinjaAPI):
    """A NinjaAPI whose document names every error it answers with, and the scope it asks for."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the document."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        document["components"]["schemas"]["Problem"] = problems.SCHEMA
        for door in self._operations():
            of_path = document["paths"][self._address(door, document)]
            for method in door["operation"].methods:
                _complete(of_path[method.lower()], door["operation"])
        return document

    def _operations(self) -> list[dict[str, Any]]:
        return [
            {"path": path, "prefix": bound.prefix, "operation": operation}
            for bound in self._get_bound_routers()
            for path, view in bound.path_operations.items()
            for operation in view.operations
            if operation.include_in_schema
        ]

    def _address(self, door: dict[str, Any], document: dict[str, Any]) -> str:
        tail = f"{door['prefix']}{door['path']}".replace("//", "/")
        return next(path for path in document["paths"] if path.endswith(f"/api/v1{tail}"))


def _complete(told: dict[str, Any], operation: Any) -> None:
    for parameter in told["parameters"]:
        schema = parameter["schema"]
        said = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
        if len(said) == 1:
            # A parameter is left out, never null.
            parameter["schema"] = said[0]
    statuses = (*_ALWAYS, *(_WITH_BODY if "requestBody" in told else ()))
    for status in sorted(statuses):
        answer: dict[str, Any] = {
            "description": _TITLES[status],
            "content": {
                problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        if status == 429:
            answer["headers"] = {
                "Retry-After": {
                    "description": "多少秒后再试",
                    "required": True,
                    "schema": {"type": "integer", "minimum": 1},
                }
            }
        told["responses"][str(status)] = answer
    told["responses"] = {str(status): one for status, one in told["responses"].items()}
    for door in operation.auth_callbacks:
        if isinstance(door, Key) and door.scope is not None:
            told["security"] = [{"Key": [str(door.scope)]}]
            told["description"] = (
                f"{told.get('description', '')}\n\n需要权限 `{door.scope}`。".strip()
            )
