"""Small programs behind a web front: sites that say what they were asked, and a login that judges as Authelia does."""

import json
import posixpath
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from urllib.parse import unquote, urlsplit

SITES, LOGIN, RULES, PAGE = json.load(sys.stdin)


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()


class Site(Quiet):
    """Reads a path as generously as any program does: decodes it again and again, drops parameters, resolves dots."""

    def do_GET(self):
        path = urlsplit(self.path).path.replace("\\", "/")
        while unquote(path) != path:
            path = unquote(path).replace("\\", "/")
        path = posixpath.normpath(re.sub(r";[^/]*", "", re.sub("/+", "/", path)))
        said = {"site": self.server.name, "asked": self.path, "read": path, "headers": headers_of(self)}
        if self.headers.get("Upgrade") == "websocket":
            return self.answer(426, json.dumps(said).encode(), Upgrade="websocket")
        self.answer(401 if path == "/denied" else 200, json.dumps(said).encode(), X_Powered_By="a program")


class Login(Quiet):
    """The session `yes` is somebody's who has two factors, `other` somebody's who may not."""

    def do_GET(self):
        if not self.path.startswith("/api/authz/auth-request"):
            return self.answer(200, json.dumps({"site": "login", "headers": headers_of(self)}).encode())
        url = urlsplit(self.headers["X-Original-URL"])
        path = unquote(url.path)
        cleaned = posixpath.normpath(path) + ("/" if len(path) > 1 and path.endswith("/") else "")
        cleaned += "?" + url.query if url.query else ""
        policy = next(
            (
                rule["policy"]
                for rule in RULES
                if rule["domain"] == url.hostname
                and ("resources" not in rule or any(re.search(one, cleaned) for one in rule["resources"]))
            ),
            "deny",
        )
        session = re.search(r"(?:^|;)\s*authelia_session=([^;]*)", self.headers.get("Cookie") or "")
        who = session and session.group(1)
        if self.headers.get("Authorization") == "Basic cGVyc29uOnBhc3N3b3Jk":
            who = "yes"
        if policy == "bypass" or (policy == "two_factor" and who == "yes"):
            return self.answer(200, Remote_User=who or "")
        if policy == "deny" or who == "other":
            return self.answer(403)
        self.answer(401, Location=f"{PAGE}/?rd={self.headers['X-Original-URL']}")


def headers_of(request):
    return {name.title(): value for name, value in request.headers.items()}


class Server(ThreadingHTTPServer):
    def server_bind(self):
        # The usual way looks its own name up, for which there is nobody to ask.
        TCPServer.server_bind(self)


def serve(handler, name, host, port):
    server = Server((host, port), handler)
    server.name = name
    threading.Thread(target=server.serve_forever).start()


for name, (host, port) in SITES.items():
    serve(Site, name, host, port)
serve(Login, "login", *LOGIN)
print("ready", flush=True)
