"""What a form says: read within bounds, and only if these pages made it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from grader.practice.values import LONGEST_RESPONSE, RoundView
from grader.practice.web.guard import same

MOST_BYTES = 64 << 10
MOST_FIELDS = 100
PATIENCE = 10.0
"""Seconds in which a form has to arrive."""
LONGEST = {"number": 80, "formula": LONGEST_RESPONSE}
"""Characters of a response, by the kind of its slot."""

_TYPE = "application/x-www-form-urlencoded"
_PLACE = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ID = re.compile(r"\d{1,15}", re.ASCII)

Form = Mapping[str, str]


async def form_of(request: Request, token: str) -> Form:
    """The fields of a form. Raises HTTPException for one that is too large, garbled or foreign."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise HTTPException(415)
    fields = _fields(await _body(request))
    if not same(fields.get("token", ""), token):
        raise HTTPException(403)
    return fields


async def _body(request: Request) -> bytes:
    """What is sent; it is left unread beyond its bound."""
    said = request.headers.get("content-length", "0")
    if not _ID.fullmatch(said) or int(said) > MOST_BYTES:
        raise HTTPException(413)
    try:
        async with asyncio.timeout(PATIENCE):
            return await _read(request)
    except TimeoutError:
        raise HTTPException(408) from None


async def _read(request: Request) -> bytes:
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > MOST_BYTES:
            raise HTTPException(413)
    return bytes(read)


def _fields(body: bytes) -> Form:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:  # of which UnicodeDecodeError is one
        raise HTTPException(400) from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise HTTPException(400)
    return fields


def round_id(request: Request) -> int:
    """The round that an address names. Raises HTTPException where it is no number."""
    written = request.path_params["id"]
    if not _ID.fullmatch(written):
        raise HTTPException(404)
    return int(written)


def slot_named(form: Form, view: RoundView) -> int:
    """The place, from 0, of the slot that a button is about. Raises HTTPException for none."""
    return _place(form.get("slot", ""), view)


def responses(form: Form, view: RoundView) -> dict[int, str]:
    """What is written in the fields, by the place of the slot; blank ones are left out.

    Raises HTTPException for slots that are not asked, and for what no field would hold.
    """
    written = {name: text for name, text in form.items() if name.startswith("answer-")}
    places = {_place(name.removeprefix("answer-"), view): text for name, text in written.items()}
    for place, text in places.items():
        if len(text) > LONGEST[view.slots[place].slot.kind]:
            raise HTTPException(400)
    return {place: text for place, text in places.items() if text.strip()}


def exam_day(form: Form) -> date | None:
    """The day of the exam, None for none. Raises HTTPException for what is no day."""
    written = form.get("exam", "")
    if written and not _DAY.fullmatch(written):
        raise HTTPException(400)
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise HTTPException(400) from None


def _place(written: str, view: RoundView) -> int:
    if not _PLACE.fullmatch(written) or int(written) > len(view.slots):
        raise HTTPException(400)
    return int(written) - 1
