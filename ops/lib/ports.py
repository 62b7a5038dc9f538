"""Ports for servers of tests.

usage: ports.py     prints one
"""

import itertools
import os
import socket

# Below the range that outgoing connections take theirs from, so that none is lost between here and its server.
PORTS = itertools.count(20_000 + os.getpid() % 10_000)


def free_port() -> int:
    """A port that nobody listens on, and never the same twice."""
    for port in PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("itertools.count never ends")


if __name__ == "__main__":
    print(free_port())
