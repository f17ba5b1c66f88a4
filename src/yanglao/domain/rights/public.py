"""Rights of the person over his data (个人信息保护法 art. 13–17, 44–49).

At the counter a clerk takes what a person asks for: who looked at the file, a copy, a correction, a
deletion, an explanation. A clock runs until the answer. What law says must be kept stands under a
legal hold, and the answer says so. Consents are kept with the very version of the text.
"""

from yanglao.domain.rights.actions import (
    answer_request,
    give_consent,
    lift_hold,
    place_hold,
    publish_text,
    take_request,
    withdraw_consent,
)
from yanglao.domain.rights.models import Consent, ConsentText, LegalHold, RightsRequest
from yanglao.domain.rights.queries import (
    consents_of,
    get_request,
    has_consented,
    hold_words,
    holds_of,
    newest_texts,
    open_requests,
    requests_of_area,
    requests_of_person,
)
from yanglao.domain.rights.types import (
    Asker,
    Channel,
    HoldGround,
    RequestKind,
    RequestState,
    working_days_after,
)

__all__ = [
    "Asker",
    "Channel",
    "Consent",
    "ConsentText",
    "HoldGround",
    "LegalHold",
    "RequestKind",
    "RequestState",
    "RightsRequest",
    "answer_request",
    "consents_of",
    "get_request",
    "give_consent",
    "has_consented",
    "hold_words",
    "holds_of",
    "lift_hold",
    "newest_texts",
    "open_requests",
    "place_hold",
    "publish_text",
    "requests_of_area",
    "requests_of_person",
    "take_request",
    "withdraw_consent",
    "working_days_after",
]
