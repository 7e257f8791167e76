"""Serve a room without internet: the address that phones on the same Wi-Fi reach."""

import contextlib
import ipaddress
import socket

from assistant.errors import CallerError

_ELSEWHERE = ("192.0.2.1", 9)  # an address for documentation: nothing is sent to it


class NoNetwork(CallerError):
    """This machine is on no network that a phone could share."""

    code = "reseau_absent"


def lan_address(chosen: str | None = None) -> str:
    """The address to bind: ``chosen``, else that of the network this machine is on.

    Raises ``CallerError`` for what is not an address of this machine, ``NoNetwork`` when there
    is none.
    """
    if chosen:
        _own(chosen)
        return chosen
    found = _route() or _named()
    if found is None:
        raise NoNetwork
    return found


def _own(address: str) -> None:
    try:
        version = ipaddress.ip_address(address).version
        with socket.socket(socket.AF_INET if version == 4 else socket.AF_INET6) as probe:
            probe.bind((address, 0))
    except (ValueError, OSError) as error:
        raise CallerError("adresse_inconnue", adresse=address[:60]) from error


def _route() -> str | None:
    """The address that a packet to elsewhere would leave from; no packet leaves."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_ELSEWHERE)
        return _reachable(probe.getsockname()[0])
    return None


def _named() -> str | None:
    """Without a way to elsewhere (a hotspot of our own), an address of this machine by its name."""
    with contextlib.suppress(OSError):
        for *_, place in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET):
            if found := _reachable(str(place[0])):
                return found
    return None


def _reachable(address: str) -> str | None:
    parsed = ipaddress.ip_address(address)
    return None if parsed.is_loopback or parsed.is_unspecified else address
