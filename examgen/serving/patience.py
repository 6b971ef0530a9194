"""Connections that wait: whoever opens many of them and asks nothing keeps nobody else out."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_WAITING = 32
"""Connections that may wait for their first or next request; a browser opens six."""


class Patient(H11Protocol):
    """A connection; where too many wait, the one that has waited longest is let go.

    The server itself waits for the head of a request for ever, and answers nobody once it has its
    fill of connections.
    """

    waits_since = 0.0
    """Seconds, by the clock of the loop."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """There is one more."""
        super().connection_made(transport)
        self.waits_since = self.loop.time()
        waiting = [one for one in self.connections if isinstance(one, Patient) and one.is_waiting]
        if len(waiting) > MOST_WAITING:
            min(waiting, key=lambda one: one.waits_since).transport.close()

    def on_response_complete(self) -> None:
        """It waits again."""
        super().on_response_complete()
        self.waits_since = self.loop.time()

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is being answered; what comes after an answer it may never end."""
        answered = self.cycle is None or self.cycle.response_complete
        return answered and not self.transport.is_closing()
