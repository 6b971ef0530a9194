"""The addresses of practice: pages are read, forms are sent, and every form leads back to a page.

Nothing but forms changes anything, and a form that comes twice changes nothing the second time; so
reloading, going back and a second tab are all safe.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar, get_args

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from examgen.serving.aside import Bench, EndedError
from examgen.serving.fences import HEADERS, Fenced, own_names
from grader.practice.desk import UnknownRoundError
from grader.practice.posed import ChangedError
from grader.practice.values import Rest, RoundView, Why
from grader.practice.web.calls import Desk
from grader.practice.web.files import file_routes
from grader.practice.web.forms import Form, exam_day, form_of, responses, round_id, slot_named
from grader.practice.web.guard import Guard, Keys
from grader.practice.web.pages import Pages, Shown

T = TypeVar("T")
Answer = Callable[[Request], Awaitable[Response]]

_LOG = logging.getLogger(__name__)
_DID = re.compile(r"(?:answer|hint|leave)-\d{1,3}", re.ASCII)
_WHOLE, _YEAR = "examgen-practice-whole", 365 * 24 * 3600  # a cookie, and how long it lasts
_NOTES = frozenset({"blank", "ended", "settled"})
_FENCES = {
    **HEADERS,
    # else browsers would not say where a form comes from
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "connect-src 'self'", "img-src 'self'"
    ),
}


def application(desk: Desk, keys: Keys, bench: Bench, whole: bool = False) -> ASGIApp:
    """The pages over a desk.

    bench: where the desk's work is done. whole: whether all answers are asked at once, where the
    student has not chosen otherwise.
    """
    pages = Pages(desk.language, keys.form, desk.title)
    routes = [*_Faces(desk, keys, bench, pages, whole).routes(), *file_routes()]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _refused(pages)})
    guard = Guard(app, keys, lambda: HTMLResponse(pages.error(403), 403))
    named = own_names()
    return Fenced(named.cls(guard, *named.args, **named.kwargs), _FENCES)


def _refused(pages: Pages) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException), "bug: registered for these alone"
        return HTMLResponse(pages.error(error.status_code), error.status_code, error.headers)

    return answer


class _Faces:
    """What is answered at each address."""

    def __init__(self, desk: Desk, keys: Keys, bench: Bench, pages: Pages, whole: bool) -> None:
        self._desk, self._keys, self._bench, self._pages = desk, keys, bench, pages
        self._whole = "1" if whole else "0"

    def routes(self) -> list[Route]:
        """Every address and its one method."""
        read: dict[str, Answer] = {
            "/": self._home,
            "/progress": self._progress,
            "/export": self._export,
            "/round/{id}": self._round,
        }
        sent: dict[str, Answer] = {
            "/next": self._next,
            "/settings": self._settings,
            "/round/{id}/answer": self._answer,
            "/round/{id}/hint": self._hint,
            "/round/{id}/leave": self._leave,
            "/round/{id}/skip": self._skip,
        }
        return [
            *(Route(path, self._told(answer), methods=["GET"]) for path, answer in read.items()),
            *(Route(path, self._told(answer), methods=["POST"]) for path, answer in sent.items()),
        ]

    def _told(self, answer: Answer) -> Answer:
        """The same, with every failure told in a sentence."""

        async def telling(request: Request) -> Response:
            try:
                return await answer(request)
            except HTTPException:
                raise
            except ClientDisconnect:  # the student has gone elsewhere: nobody reads the answer
                status = 400
            except EndedError:
                status = 503
            except Exception as error:
                _LOG.error("%s: %s", type(error).__name__, error)
                status = 500
            return HTMLResponse(self._pages.error(status), status)

        return telling

    async def _done(self, work: Callable[[], T]) -> T:
        """What the desk says. Raises HTTPException where it can show no such round."""
        try:
            return await self._bench.run(work)
        except (UnknownRoundError, ChangedError):
            raise HTTPException(404) from None

    async def _form(self, request: Request) -> Form:
        return await form_of(request, self._keys.form)

    async def _view(self, request: Request) -> RoundView:
        return await self._done(partial(self._desk.view, round_id(request)))

    # --- read

    async def _home(self, request: Request) -> Response:
        found = await self._done(self._desk.progress)
        rest = request.query_params.get("rest", "")
        return HTMLResponse(self._pages.home(found, rest if rest in get_args(Why) else ""))

    async def _progress(self, request: Request) -> Response:
        return HTMLResponse(self._pages.progress(await self._done(self._desk.progress)))

    async def _round(self, request: Request) -> Response:
        view, shown = await self._view(request), _shown(request, self._whole)
        answer = HTMLResponse(self._pages.round(view, shown))
        if "whole" in request.query_params:
            answer.set_cookie(_WHOLE, f"{shown.whole:d}", _YEAR, httponly=True, samesite="strict")
        return answer

    async def _export(self, request: Request) -> Response:
        kept = await self._done(self._desk.export)
        said = {"Content-Disposition": 'attachment; filename="examgen-practice.json"'}
        return Response(kept, media_type="application/json", headers=said)

    # --- sent

    async def _next(self, request: Request) -> Response:
        form = await self._form(request)
        return _to_round(await self._begun("ahead" in form))

    async def _begun(self, ahead: bool = False) -> RoundView | Rest:
        """The round that is open, so that a second press does not begin another."""
        found = await self._done(self._desk.start)
        if ahead and isinstance(found, Rest):
            return await self._done(partial(self._desk.next, ahead=True))
        return found

    async def _settings(self, request: Request) -> Response:
        day = exam_day(await self._form(request))
        await self._done(partial(self._desk.set_exam, day))
        return RedirectResponse("/progress", 303)

    async def _answer(self, request: Request) -> Response:
        form, view = await self._form(request), await self._view(request)
        written = responses(form, view)
        if note := _stale(view, list(written)) or "blank" * (not written):
            return _back(view, note=note)
        new = {place: text for place, text in written.items() if _is_new(view, place, text)}
        if new:
            said = {view.slots[place].slot.id: text for place, text in new.items()}
            view = await self._done(partial(self._desk.answer, view.id, said))
            if not _is_kept(view, new):  # ended from elsewhere, or as good as a blank
                return _back(view, note="ended" if view.ended else "blank")
        place = next(iter(written)) + 1 if len(written) == 1 else 0
        return _back(view, did=f"answer-{place}")

    async def _hint(self, request: Request) -> Response:
        form, view = await self._form(request), await self._view(request)
        place = slot_named(form, view)
        if note := _stale(view, [place]):
            return _back(view, note=note)
        slot = view.slots[place]
        if form.get("shown") == str(len(slot.hints)):
            view = await self._done(partial(self._desk.hint, view.id, slot.slot.id))
        at = None if view.slots[place].settled else place
        return _back(view, did=f"hint-{place + 1}", at=at)

    async def _leave(self, request: Request) -> Response:
        form, view = await self._form(request), await self._view(request)
        place = slot_named(form, view)
        if note := _stale(view, [place]):
            return _back(view, note=note)
        slot = view.slots[place].slot.id
        view = await self._done(partial(self._desk.leave, view.id, slot))
        return _back(view, did=f"leave-{place + 1}")

    async def _skip(self, request: Request) -> Response:
        await self._form(request)
        view = await self._view(request)
        if view.ended:
            return _back(view, note="ended")
        await self._done(partial(self._desk.skip, view.id))
        return _to_round(await self._begun())


def _to_round(found: RoundView | Rest) -> Response:
    if isinstance(found, Rest):
        return RedirectResponse(f"/?rest={found.why}", 303)
    return RedirectResponse(f"/round/{found.id}", 303)


def _shown(request: Request, whole: str) -> Shown:
    """What an address says of how a round is shown; what it may not say is passed over.

    Whether all answers are asked at once stays as it was chosen last, in this browser.
    """
    query = request.query_params
    did, note = query.get("did", ""), query.get("note", "")
    return Shown(
        whole=query.get("whole", request.cookies.get(_WHOLE, whole)) == "1",
        did=did if _DID.fullmatch(did) else "",
        note=note if note in _NOTES else "",
    )


def _stale(view: RoundView, places: list[int]) -> str:
    """What to say where a form is older than what has been done since."""
    if view.ended:
        return "ended"
    return "settled" if places and all(view.slots[place].settled for place in places) else ""


def _is_new(view: RoundView, place: int, text: str) -> bool:
    """Whether a response is for a slot that is open, and not the one that came last."""
    slot = view.slots[place]
    return not slot.settled and (slot.last is None or slot.last.response != text)


def _is_kept(view: RoundView, new: dict[int, str]) -> bool:
    """Whether any of the responses arrived in the round."""
    lasts = {place: view.slots[place].last for place in new}
    return any(last is not None and last.response == new[place] for place, last in lasts.items())


def _back(view: RoundView, *, did: str = "", note: str = "", at: int | None = None) -> Response:
    """To the page of a round, at the slot that is next (or another)."""
    query = "&".join(f"{name}={told}" for name, told in (("did", did), ("note", note)) if told)
    place = "next" if view.ended else f"answer-{1 + (_current(view) if at is None else at)}"
    return RedirectResponse(f"/round/{view.id}{'?' * bool(query)}{query}#{place}", 303)


def _current(view: RoundView) -> int:
    return next(place for place, one in enumerate(view.slots) if one.slot.id == view.current)
