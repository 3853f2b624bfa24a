"""Asks the server how it is: prints what it answers, and ends with 1 unless that is good. Imports little: it runs often."""

import socket
import sys

TIMEOUT_SECONDS = 3


def main(url: str) -> int:
    place, _, path = url.removeprefix("http://").partition("/")
    host, _, port = place.partition(":")
    with socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(f"GET /{path} HTTP/1.0\r\n\r\n".encode())
        head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
    print(body.decode())
    return 0 if head.split(b" ")[1] == b"200" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
