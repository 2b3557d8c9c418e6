"""What every body of ours has in common: closed, strict, finite; and the types that JSON has no words for.

Strict validation would refuse an id or a time that comes as text, which is how JSON carries them: `Id`,
`Moment` and `Day` accept exactly the text form and nothing else.
"""

import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from search_ops.domain.events import wire_time
from search_ops.domain.payloads import FIRST_YEAR, LAST_YEAR

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


def _id(value: Any) -> Any:
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or _UUID.fullmatch(value) is None:
        raise PydanticCustomError("uuid_expected", "a UUID in its usual form is expected")
    return UUID(value)


def _moment(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or _MOMENT.fullmatch(value) is None:
        raise PydanticCustomError("time_expected", "a time as RFC 3339 writes it is expected")
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        raise PydanticCustomError("time_expected", "a time as RFC 3339 writes it is expected") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:  # at the ends of the calendar UTC may not exist
        raise PydanticCustomError("time_expected", "a time of our age is expected")
    return moment


def _decimal(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str) or _DECIMAL.fullmatch(value) is None:
        raise PydanticCustomError("whole_number_expected", "a whole number in decimal digits is expected")
    return int(value)


Id = Annotated[UUID, BeforeValidator(_id, json_schema_input_type=UUID)]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_moment, json_schema_input_type=AwareDatetime),
    Field(description="RFC 3339 with an offset"),
]
# A time in an answer: UTC with milliseconds, as everywhere on the wire.
WireTime = Annotated[
    datetime,
    PlainSerializer(wire_time),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
# A whole number in a query or a path: no signs, blanks, underscores, or digits of other scripts.
Decimal = Annotated[int, BeforeValidator(_decimal, json_schema_input_type=int)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


class Body(BaseModel):
    """Base of everything that is sent to us."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Answer(BaseModel):
    """Base of everything that we answer."""

    model_config = ConfigDict(frozen=True)


class CommandBody(Body):
    """A desk's intent: the sender makes the id, so that a repeated one counts once."""

    command_id: Id
