"""What the server of practice refuses: other people, other sites, garbled forms."""

from __future__ import annotations

import re
from threading import Thread

import pytest
from fake_desk import FakeDesk
from served_practice import (
    FORM,
    KEYS,
    Visit,
    begun,
    coming_in,  # noqa: F401 - the fixture `visit`
    one_server,  # noqa: F401 - the fixture `running`
    small_desk,  # noqa: F401 - the fixture `desk`
    words,
)

from examgen.errors import ExamgenError
from grader.practice.web.forms import LONGEST, MOST_BYTES, MOST_FIELDS
from grader.practice.web.guard import Keys, same

# --- fences ---------------------------------------------------------------------------------------

PATHS = ["/", "/round/1", "/progress", "/export", "/practice.css", "/nothing", "/next"]


@pytest.mark.parametrize("path", PATHS)
def test_who_does_not_know_the_secret_gets_one_sentence(path: str, visit: Visit) -> None:
    """Whatever they ask for, and whatever they guess."""
    begun(visit)
    stranger = Visit(visit.port, visit.desk)
    cookie, _, value = visit.cookie.partition("=")
    for guess in ("", f"{cookie}={value}x", f"{cookie}=", f"other={value}", "\x01; =;"):
        answer = stranger.ask(path, Cookie=guess)
        assert answer.status == 403
        assert "open the address that the program printed" in answer.text
        assert KEYS.form not in answer.text
    assert stranger.ask("/?key=wrong").status == 403
    assert stranger.post(path, b"token=" + KEYS.form.encode()).status == 403


def test_the_cookie_is_for_this_server_and_no_script(visit: Visit) -> None:
    """It is not the secret of the address, and another server's has another name."""
    said = visit.ask(KEYS.address).headers["set-cookie"]
    assert "HttpOnly" in said
    assert "SameSite=strict" in said
    assert str(visit.port) in said
    assert KEYS.start not in said
    assert len({Keys().start, Keys().session, Keys().form, Keys().form}) == 4
    assert not same("\udcff", "secret")


@pytest.mark.parametrize("path", ["/next", "/settings", "/round/1/answer", "/round/1/hint"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_forms_of_other_sites_are_refused(
    path: str, headers: dict[str, str], visit: Visit, desk: FakeDesk
) -> None:
    """Even if they bear cookie and token."""
    begun(visit)
    calls = list(desk.calls)
    answer = visit.post(path, f"token={KEYS.form}&answer-1=0&slot=1&shown=0".encode(), **headers)
    assert answer.status == 403
    assert desk.calls == calls


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", FORM, 403),
        (b"token=wrong&answer-1=0", FORM, 403),
        (b"token=%FF", FORM, 400),
        (b"token=\xff", FORM, 400),
        (b"token=form-secret&token=form-secret", FORM, 400),
        (b"&".join(b"a%d=" % k for k in range(MOST_FIELDS + 1)), FORM, 400),
        (b'{"token": "form-secret"}', "application/json", 415),
        (b"token=form-secret&answer-1=0", "text/plain", 415),
        (b"token=form-secret&answer-1=0", "multipart/form-data; boundary=x", 415),
        (b"token=form-secret&answer-0=0", FORM, 400),
        (b"token=form-secret&answer-99=0", FORM, 400),
        (b"token=form-secret&answer-x=0", FORM, 400),
        (b"token=form-secret&answer-%D9%A1=0", FORM, 400),
        (b"token=form-secret&answer-1=" + b"1" * (LONGEST["formula"] + 1), FORM, 400),
        (b"token=form-secret&answer-1=" + b"1" * (MOST_BYTES + 1), FORM, 413),
    ],
)
def test_garbled_forms_get_one_sentence(
    body: bytes, kind: str, status: int, visit: Visit, desk: FakeDesk
) -> None:
    """And nothing is marked."""
    address = begun(visit)
    answer = visit.post(f"{address}/answer", body, Content_Type=kind)
    assert answer.status == status
    assert "Traceback" not in answer.text
    assert len(words(answer.text)) < 200
    assert desk.calls == ["next False"]


def test_a_body_without_a_length_is_read_up_to_its_bound(visit: Visit) -> None:
    """Sent in pieces, without saying how many."""
    address = begun(visit)
    answer = visit.ask(
        f"{address}/answer",
        "POST",
        iter([b"token=form-secret&answer-1="] + [b"1" * 1000] * 70),  # type: ignore[arg-type]
        Content_Type=FORM,
    )
    assert answer.status == 413


@pytest.mark.parametrize("length", ["-1", "x", "9" * 30, str(MOST_BYTES + 1)])
def test_a_body_that_says_to_be_huge_is_not_read(length: str, visit: Visit) -> None:
    """Nor is one that cannot say how large it is."""
    address = begun(visit)
    answer = visit.post(f"{address}/answer", b"", Content_Length=length)
    assert answer.status in (400, 413)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/round/99", 404),
        ("/round/0", 404),
        ("/round/-1", 404),
        ("/round/1x", 404),
        ("/round/١", 404),
        ("/round/" + "9" * 40, 404),
        ("/round/..%2f..%2fetc%2fpasswd", 404),
        ("/../pyproject.toml", 404),
        ("//etc/passwd", 404),
        ("/static/", 404),
        ("/round/1/answer", 405),
        ("/next", 405),
    ],
)
def test_other_addresses_get_one_sentence(path: str, status: int, visit: Visit) -> None:
    """None is a file name, and none tells where files are."""
    begun(visit)
    answer = visit.ask(
        path.encode("utf-8").decode("latin-1") if path.isascii() else "/round/%D9%A1"
    )
    assert answer.status == status
    assert "/secret/path" not in answer.text
    assert "Not here" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_no_other_method_is_answered(method: str, visit: Visit) -> None:
    """Not even to tell which ones there are."""
    begun(visit)
    own = {"Origin": f"http://{visit.host}"}
    assert visit.ask("/round/1", method, **own).status == 405
    assert visit.ask("/round/1", method, Origin="http://evil.example").status == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1]"])
def test_other_names_of_the_host_are_refused(host: str, visit: Visit) -> None:
    """A name that somebody else has made point here (DNS rebinding) gets nothing."""
    answer = visit.ask("/", Host=host)
    assert answer.status == 400
    assert "Practice" not in answer.text


@pytest.mark.parametrize("path", [*PATHS, "/practice.js", "/?key=wrong"])
def test_every_answer_bears_the_fences(path: str, visit: Visit) -> None:
    """Pages are not kept; fixed files are, under an address that changes with them."""
    headers = visit.ask(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "connect-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "same-origin"
    fixed = path.endswith((".css", ".js"))
    assert headers["cache-control"] == (
        "private, max-age=31536000, immutable" if fixed else "no-store"
    )
    assert not [name for name in headers if name.startswith("access-control-")]


def test_pages_load_nothing_but_their_own(visit: Visit) -> None:
    """No script or handler in a page, no address of another host; all that is named is there."""
    address = begun(visit)
    style = visit.ask("/practice.css").text
    pages = "".join(visit.ask(path).text for path in (address, "/", "/progress", "/nothing"))
    assert not re.search(
        r"<style|\son\w+=|javascript:|https?://", pages.replace("http://www.w3.org/2000/svg", "")
    )
    named = set(re.findall(r'(?:src|href)="(/[^"#]+\.[^"]+)"', pages))
    named |= set(re.findall(r'url\("([^"]+)"\)', style))
    assert len(named) == 8
    assert {visit.ask(one).status for one in named} == {200}


@pytest.mark.parametrize("failure", [RuntimeError, ExamgenError])
def test_a_failure_of_the_program_is_told_in_a_sentence(
    visit: Visit, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    """Without its words; a full disk is no page that is not there."""

    def fail(*_: object) -> None:
        raise failure("the secret of /home/me")

    monkeypatch.setattr(desk, "progress", fail)
    answer = visit.ask("/progress")
    assert answer.status == 500
    assert "The program itself failed here" in answer.text
    assert "secret" not in answer.text


def test_two_tabs_at_once_lose_nothing(visit: Visit, desk: FakeDesk) -> None:
    """Twenty answers to the same round come in from as many threads."""
    address = begun(visit)
    texts = [f"{k}.5" for k in range(20)]
    found: list[int] = []

    def post(text: str) -> None:
        found.append(visit.send(f"{address}/answer", **{"answer-1": text}).status)

    threads = [Thread(target=post, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert found == [303] * 20
    assert sorted(one.response for one in desk.view(1).slots[0].attempts) == sorted(texts)
