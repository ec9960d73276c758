"""Public look-up in the reference data, for the fields that suggest as one types."""

from typing import Any

from django.utils.cache import patch_cache_control
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from territory import search_text
from territory.enums import LookupKind
from territory.lookup import look_up

MAX_LENGTH = 80
CACHE_SECONDS = 300


class LookupQuery(serializers.Serializer[Any]):
    q = serializers.CharField(
        max_length=MAX_LENGTH,
        help_text="Beginning of a name, postcode, INSEE, département or IDCC code; typos allowed.",
        error_messages={
            "required": "Écrivez ce que vous cherchez.",
            "blank": "Écrivez ce que vous cherchez.",
            "max_length": "{max_length} caractères au plus.",
        },
    )
    kind = serializers.MultipleChoiceField(
        choices=LookupKind.choices,
        required=False,
        help_text="Repeatable; every kind when absent.",
        error_messages={"invalid_choice": "« {input} » n’est pas un type de recherche."},
    )

    def validate_q(self, value: str) -> str:
        if not search_text.words(value):
            raise serializers.ValidationError("Écrivez au moins une lettre ou un chiffre.")
        return value


class LookupResult(serializers.Serializer[Any]):
    value = serializers.CharField(help_text="INSEE, département or IDCC code; slug of a trade.")
    label = serializers.CharField()  # type: ignore[assignment]
    detail = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=LookupKind.choices)


class LookupResults(serializers.Serializer[Any]):
    results = LookupResult(many=True)


class LookupErrors(serializers.Serializer[Any]):
    q = serializers.ListField(child=serializers.CharField(), required=False)
    kind = serializers.ListField(child=serializers.CharField(), required=False)


class LookupView(APIView):
    """Suggest communes, départements, trades and agreements.

    Open to all: reference data hold nobody's secret and the public form needs them. There is no
    limit per address, which would shut out a whole market behind one Wi-Fi: the length of `q`
    bounds the cost instead.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="lookup",
        parameters=[LookupQuery],
        responses={200: LookupResults, 400: LookupErrors},
    )
    def get(self, request: Request) -> Response:
        query = LookupQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        kinds = query.validated_data.get("kind") or LookupKind
        found = look_up(query.validated_data["q"], [LookupKind(kind) for kind in kinds])
        response = Response(LookupResults({"results": found}).data)
        patch_cache_control(response, public=True, max_age=CACHE_SECONDS)
        return response
