import json
import logging
from io import StringIO

import pytest

from tpe_campaign.logs import logging_settings


@pytest.mark.parametrize(
    "message",
    [
        "Internal Server Error: /moi/WzEsMV0:1abc:def/effacer/",
        'GET "/invitation/c2VjcmV0LXRva2Vu/"',
        "/d/c2VjcmV0LXRva2Vu/",
        "/compte/mot-de-passe/nouveau/1-abc-def/",
    ],
)
def test_no_personal_address_reaches_the_logs(message: str) -> None:
    settings = logging_settings(debug=False)["formatters"]["structured"]
    formatter = settings.pop("()")(**settings)
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    handler.handle(logging.makeLogRecord({"msg": message, "levelno": 40, "levelname": "ERROR"}))

    event = json.loads(out.getvalue())["event"]
    assert "…" in event
    for secret in ("WzEs", "c2Vj", "1-abc"):
        assert secret not in event
