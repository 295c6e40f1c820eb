"""BrazeNode against real local servers: `python3 -m unittest discover -s tests/pypestream`."""

import contextlib
import hashlib
import hmac
import http.server
import importlib
import json
import os
import pathlib
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from call import NODE_FILE, install_app, load_node  # noqa: E402

BrazeNode = load_node()
SECRET = "correct horse battery staple"
SENT = {"success": "true", "outcome": "sent", "detail": "Braze accepted everything."}
PAYLOAD = {"node": "track-user", "external_id": "customer-1", "attributes": {"first_name": "Zoë"}}
CONTEXT = {"env": "sandbox"}
PRIVATE = "ada@example.com"


class HastyNode(BrazeNode):
    """The same node with limits short enough for tests."""

    CONNECT_SECONDS = 0.4
    TOTAL_SECONDS = 0.7


class Server(http.server.ThreadingHTTPServer):
    """Keeps what it receives and answers what the test says: status, body, extra headers."""

    daemon_threads = True

    def __init__(self, status=200, body=json.dumps(SENT).encode(), headers=()):
        super().__init__(("127.0.0.1", 0), Handler)
        self.reply = status, body, headers
        self.received = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        # The default poll of half a second would be spent at the end of every test.
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that hangs up is what several tests are about."""


class Handler(http.server.BaseHTTPRequestHandler):
    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.received.append((self.command, self.path, self.headers, body))
        status, text, headers = self.server.reply
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name == "Content-Length" for name, _ in headers):
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_GET = do_CONNECT = handle_any

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def raw_server(behave):
    """A TCP server that hands its first connection to `behave(socket)`; gives its port."""
    with listening() as listener:

        def serve():
            with contextlib.suppress(OSError):
                with listener.accept()[0] as connection:
                    behave(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(2)
        assert not thread.is_alive(), "the node still holds its connection"


def listening():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(5)
    return listener


def closed_port():
    with listening() as listener:
        return listener.getsockname()[1]


def read_request(connection):
    """Reads a whole request, so that closing afterwards is a clean close."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, body = received.split(b"\r\n\r\n", 1)
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)


def drip(connection, text):
    """Sends a byte every 50 ms until the text ends or the client has hung up."""
    for byte in text:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def until_closed(connection):
    while connection.recv(65536):
        pass


def signature_of(headers):
    parts = [part.split("=", 1) for part in headers["Pypestream-Signature"].split(",")]
    return int(parts[0][1]), [value for name, value in parts if name == "v1"]


def hmac_of(secret, moment, node, body):
    return hmac.new(secret.encode(), f"{moment}.{node}.".encode() + body, hashlib.sha256).hexdigest()


class TestCase(unittest.TestCase):
    def setUp(self):
        self.addCleanup(sys.modules.pop, "app", None)
        self.lines = []

    def execute(self, payload=PAYLOAD, context=CONTEXT, node=BrazeNode):
        return node().execute(self.lines.append, payload, context)

    def call(self, url, payload=PAYLOAD, context=CONTEXT, secret=SECRET, node=BrazeNode):
        install_app({"sandbox": {"braze_nodes_url": url, "braze_nodes_secret": secret}})
        return self.execute(payload, context, node)

    def assert_unavailable(self, answer, detail):
        self.assertEqual(set(answer), {"success", "outcome", "detail"})
        self.assertEqual((answer["success"], answer["outcome"]), ("error", "unavailable"))
        self.assertRegex(answer["detail"], detail)
        self.assertNotIn(PRIVATE, str(answer) + str(self.lines))
        self.assertNotIn(SECRET, str(answer) + str(self.lines))

    @contextlib.contextmanager
    def in_time(self):
        """Within the limits of HastyNode, and a second for a busy machine."""
        started = time.monotonic()
        yield
        self.assertLess(time.monotonic() - started, HastyNode.TOTAL_SECONDS + 1)

    def assert_no_request(self, detail, payload=PAYLOAD, context=CONTEXT):
        with Server() as server:
            self.assert_unavailable(self.call(server.url, payload, context), detail)
        self.assertEqual(server.received, [])

    def received_from(self, payload=PAYLOAD, context=CONTEXT, secret=SECRET):
        with Server() as server:
            self.assertEqual(self.call(server.url, payload, context, secret), SENT)
        ((_, _, headers, body),) = server.received
        return headers, body


class Request(TestCase):
    def test_posts_the_payload_without_the_node_and_returns_the_answer_unchanged(self):
        with Server() as server:
            self.assertEqual(self.call(server.url), SENT)
        ((method, path, headers, body),) = server.received
        self.assertEqual((method, path), ("POST", "/nodes/track-user"))
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertEqual(
            json.loads(body.decode()),
            {
                "payload": {"external_id": "customer-1", "attributes": {"first_name": "Zoë"}},
                "context": {"env": "sandbox", "user_data": {}},
            },
        )

    def test_leaves_the_payload_of_the_flow_as_it_was(self):
        payload = dict(PAYLOAD)
        self.received_from(payload)
        self.assertEqual(payload, PAYLOAD)

    def test_forwards_only_what_the_nodes_read_of_the_context(self):
        user_data = {name: "x" for name in BrazeNode.USER_DATA}
        secret_data = {"ip_address": "192.0.2.1", "access_token": "t", "passthrough": "{}"}
        context = {"env": "sandbox", "chat_id": "c1", "events": [1], "user_data": {**user_data, **secret_data}}
        _, body = self.received_from(context=context)
        self.assertEqual(
            json.loads(body.decode())["context"], {"env": "sandbox", "chat_id": "c1", "user_data": user_data}
        )

    def test_forwards_nothing_of_a_context_of_wrong_types(self):
        for user_data in (None, "text", ["platform"], {"platform": {"a": 1}, "language": None, 1: "x"}):
            context = {"env": "sandbox", "chat_id": 7, "user_data": user_data}
            _, body = self.received_from(context=context)
            self.assertEqual(json.loads(body.decode())["context"], {"env": "sandbox", "user_data": {}})

    def test_signs_moment_node_and_raw_body(self):
        headers, body = self.received_from()
        moment, values = signature_of(headers)
        self.assertLess(abs(time.time() - moment), 5)
        self.assertEqual(values, [hmac_of(SECRET, moment, "track-user", body)])

    def test_signs_with_each_secret_while_one_is_being_rotated(self):
        headers, body = self.received_from(secret=" new , old,")
        moment, values = signature_of(headers)
        self.assertEqual(values, [hmac_of(secret, moment, "track-user", body) for secret in ("new", "old")])

    def test_carries_every_kind_of_unicode(self):
        text = "é 漢字 😀 \u0000 \u2028 \ufeff \" \\ \ud800 x \udc00"
        headers, body = self.received_from({**PAYLOAD, text: text})
        self.assertEqual(json.loads(body.decode("ascii"))["payload"][text], text)
        moment, values = signature_of(headers)
        self.assertEqual(values, [hmac_of(SECRET, moment, "track-user", body)])

    def test_sends_a_body_beyond_the_limit_and_returns_the_refusal_of_the_entry(self):
        too_large = {"success": "error", "outcome": "invalid", "detail": "The body is over 256 KB."}
        with Server(413, json.dumps(too_large).encode()) as server:
            self.assertEqual(self.call(server.url, {**PAYLOAD, "text": "x" * 3000000}), too_large)
        self.assertGreater(len(server.received[0][3]), 3000000)

    @unittest.skipUnless(sys.platform == "linux", "elsewhere the reset that follows may discard the refusal")
    def test_reads_a_refusal_that_comes_before_the_whole_body_was_taken(self):
        too_large = json.dumps({"success": "error", "outcome": "invalid"}).encode()

        def refuse_early(connection):
            connection.recv(1000)
            head = f"HTTP/1.1 413 Too Large\r\nContent-Length: {len(too_large)}\r\n\r\n"
            connection.sendall(head.encode() + too_large)

        with raw_server(refuse_early) as port:
            answer = self.call(f"http://127.0.0.1:{port}", {**PAYLOAD, "text": "x" * 3000000})
        self.assertEqual(answer["outcome"], "invalid")

    def test_ignores_trailing_slashes_and_blanks_and_keeps_a_base_path(self):
        for suffix, path in (("", ""), ("/", ""), ("///", ""), ("/braze/", "/braze")):
            with Server() as server:
                self.assertEqual(self.call(f" {server.url}{suffix}\n"), SENT)
            self.assertEqual(server.received[0][1], path + "/nodes/track-user")

    def test_uses_no_proxy_of_the_environment(self):
        with Server() as proxy, Server() as server:
            for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
                os.environ[name] = proxy.url
                self.addCleanup(os.environ.pop, name)
            self.assertEqual(self.call(server.url), SENT)
        self.assertEqual(proxy.received, [])

    def test_makes_one_attempt(self):
        with Server(503, b"busy") as server:
            self.assert_unavailable(self.call(server.url), "status 503")
        self.assertEqual(len(server.received), 1)

    def test_follows_no_redirect(self):
        for status in (301, 302, 303, 307, 308):
            with Server() as other, Server(status, b"", [("Location", other.url + "/nodes/track-user")]) as server:
                self.assert_unavailable(self.call(server.url), f"status {status}")
            self.assertEqual(other.received, [])


class Payload(TestCase):
    def test_refuses_a_payload_that_names_no_node(self):
        names = (None, "", "Track-User", "track user", "1st", "-a", "a/../b", "a\n", "a" * 65, "é", PRIVATE, 7, ["a"])
        for payload in [None, [], ["node"], "track-user", 7, b"{}", {}] + [{"node": name} for name in names]:
            with self.subTest(payload=payload):
                self.assert_no_request("must name a node", payload)

    def test_accepts_the_longest_name_of_a_node(self):
        self.received_from({"node": "a" + "-" * 62 + "9"})

    def test_refuses_what_json_cannot_express(self):
        cyclic = {"node": "track-user"}
        cyclic["self"] = cyclic
        deep = []
        for _ in range(100000):
            deep = [deep]
        values = (float("nan"), float("inf"), -float("inf"), b"bytes", {1, 2}, object(), {("a", "b"): 1}, 1j, deep)
        for payload in [cyclic] + [{"node": "track-user", "a": {"b": [value]}} for value in values]:
            self.assert_no_request("JSON cannot express", payload)

    def test_survives_objects_that_fail_when_touched(self):
        class Hostile(dict):
            def get(self, *_):
                raise RuntimeError(PRIVATE)

            items = get

        self.assert_no_request("failed .RuntimeError", Hostile(node="track-user"))
        self.assert_no_request("failed .RuntimeError", PAYLOAD, Hostile(env="sandbox"))


class Environment(TestCase):
    def outcome_in(self, params, env):
        with Server() as server:
            entry = {"braze_nodes_url": server.url, "braze_nodes_secret": SECRET}
            install_app({name: entry for name in params})
            answer = self.execute(context={"env": env})
        return [json.loads(body.decode())["context"]["env"] for _, _, _, body in server.received] or answer

    def test_ignores_letter_case_and_blanks(self):
        for env in ("sandbox", " Sandbox ", "SANDBOX\n"):
            self.assertEqual(self.outcome_in(["sandbox"], env), ["sandbox"])
        self.assertEqual(self.outcome_in(["Prod"], "PROD"), ["prod"])

    def test_lets_prod_and_live_stand_for_each_other(self):
        self.assertEqual(self.outcome_in(["sandbox", "prod"], "live"), ["live"])
        self.assertEqual(self.outcome_in(["sandbox", "live"], "prod"), ["prod"])

    def test_prefers_the_entry_of_its_own_name(self):
        with Server() as server:
            own = {"braze_nodes_url": server.url, "braze_nodes_secret": SECRET}
            for env, other in (("prod", "live"), ("live", "prod")):
                install_app({other: {}, env: own})
                self.assertEqual(self.execute(context={"env": env}), SENT)

    def test_never_lets_sandbox_and_prod_stand_for_each_other(self):
        self.assert_unavailable(self.outcome_in(["prod", "live"], "sandbox"), "no PARAMS for sandbox")
        self.assert_unavailable(self.outcome_in(["sandbox"], "live"), "no PARAMS for live")

    def test_never_guesses_a_missing_environment(self):
        for context in (None, [], "sandbox", 7, {}, {"env": None}, {"env": ""}, {"env": 1}, {"env": PRIVATE}):
            with self.subTest(context=context):
                self.assert_no_request("must be sandbox, prod or live", PAYLOAD, context)


class App(TestCase):
    def import_app(self, source):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        if source is not None:
            pathlib.Path(folder, "app.py").write_text(source, encoding="utf-8")
        sys.path.insert(0, folder)
        self.addCleanup(sys.path.remove, folder)
        importlib.invalidate_caches()
        sys.modules.pop("app", None)
        return self.execute()

    def test_answers_without_app_py(self):
        self.assert_unavailable(self.import_app(None), "app.py is missing")

    def test_answers_with_a_broken_app_py(self):
        for source in ("PARAMS = {", "raise ValueError", "import sys; sys.exit(1)"):
            self.assert_unavailable(self.import_app(source), "cannot be imported")

    def test_answers_with_params_of_any_shape(self):
        for params in (None, [], "sandbox", {}, {"prod": {}}, {7: {}}):
            install_app(params)
            self.assert_unavailable(self.execute(), "no PARAMS for sandbox")
        for entry in (None, [], "x", {}, {"braze_nodes_url": None}, {"braze_nodes_url": " "}, {"braze_nodes_url": 7}):
            install_app({"sandbox": entry})
            self.assert_unavailable(self.execute(), "have no braze_nodes_url")
        self.assert_unavailable(self.import_app(""), "no PARAMS for sandbox")

    def test_answers_without_a_secret(self):
        for secret in (None, "", " ", 7, b"secret"):
            self.assert_unavailable(self.call("http://127.0.0.1:9", secret=secret), "have no braze_nodes_secret")
        self.assert_unavailable(self.call("http://127.0.0.1:9", secret=" , "), "secret for sandbox in app.py is empty")

    def test_refuses_an_address_that_is_not_https(self):
        for url in (
            "abc.execute-api.eu-west-1.amazonaws.com",
            "http://abc.execute-api.eu-west-1.amazonaws.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://192.168.0.1",
            "http://[::2]",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
            "https://",
            "https:///nodes",
            "https://user:password@example.com",
            "http://127.0.0.1:9@example.com",
            "https://example.com?a=b",
            "https://example.com#a",
            "https://example.com:port",
            "https://example.com:99999",
            "https://[::1",
            "https://exa mple.com",
            "https://example.com/\r\nX-Header: 1",
            "https://exämple.com",
        ):
            with self.subTest(url=url):
                self.assert_unavailable(self.call(url), "must look like https://host")

    def test_speaks_http_to_any_loopback_host(self):
        with Server() as server:
            self.assertEqual(self.call(f"http://localhost:{server.server_port}"), SENT)
        # Not every machine has these two, so that they are dialled has to do.
        for host in ("127.0.0.2", "[::1]"):
            answer = self.call(f"HTTP://{host}:{closed_port()}", node=HastyNode)
            self.assert_unavailable(answer, "nothing was sent")

    def test_refuses_the_placeholders_of_the_template(self):
        source = NODE_FILE.with_name("app.py").read_text(encoding="utf-8")
        self.assert_unavailable(self.import_app(source), "braze_nodes_url for sandbox in app.py must look like")
        template = sys.modules["app"]
        self.assertEqual(set(template.PARAMS), {"sandbox", "prod"})
        for entry in template.PARAMS.values():
            self.assertEqual(set(entry), {"braze_nodes_url", "braze_nodes_secret"})
        self.assertTrue(template.NAME and template.CSV_BOTS and template.PATH and template.BOTS == [])


class Answer(TestCase):
    def test_returns_any_answer_of_a_node_whatever_the_status(self):
        for status, answer in (
            (200, {"success": "false", "outcome": "not_found", "detail": "Nobody."}),
            (200, {"success": "true", "outcome": "partial", "BRAZE_INVALID_FIELDS": "attributes.dob"}),
            (200, {"success": "true", "outcome": "found", "BRAZE_FIRST_NAME": "Zoë 😀"}),
            (400, {"success": "error", "outcome": "invalid", "detail": "Not JSON."}),
            (401, {"success": "error", "outcome": "misconfigured", "detail": "Signature."}),
        ):
            with Server(status, json.dumps(answer, ensure_ascii=False).encode("utf-8")) as server:
                self.assertEqual(self.call(server.url), answer)

    def test_answers_unavailable_when_the_body_is_not_an_answer_of_a_node(self):
        for body in (
            b"",
            b"<html>Bad gateway</html>",
            b'{"message":"Not Found"}',
            b"null",
            b"[]",
            b'"sent"',
            b'{"success":"true","outcome":"sent"',
            b'{"success":"true"}',
            b'{"outcome":"sent"}',
            b'{"success":true,"outcome":"sent"}',
            b'{"success":"yes","outcome":"sent"}',
            b'{"success":"true","outcome":"sent\\nforged line"}',
            b'{"success":"true","outcome":""}',
            b'{"success":"true","outcome":"sent","detail":null}',
            b'{"success":"true","outcome":"sent","nested":{"a":"b"}}',
            b'{"success":"true","outcome":"sent","detail":"\xff"}',
            b"[" * 100000,
            "{}".encode("utf-16"),
        ):
            for status in (200, 500):
                with self.subTest(body=body[:60], status=status), Server(status, body) as server:
                    self.assert_unavailable(self.call(server.url), f"status {status} and no answer of a node")

    def test_answers_unavailable_to_no_content(self):
        with Server(204, b"") as server:
            self.assert_unavailable(self.call(server.url), "status 204")

    def test_takes_an_answer_of_256_kb_and_no_byte_more(self):
        answer = {**SENT, "BRAZE_NOTE": ""}
        answer["BRAZE_NOTE"] = "x" * (256 * 1024 - len(json.dumps(answer)))
        with Server(200, json.dumps(answer).encode()) as server:
            self.assertEqual(self.call(server.url), answer)
        with Server(200, json.dumps(answer).encode() + b" ") as server:
            self.assert_unavailable(self.call(server.url), "too large")

    def test_stops_reading_an_answer_that_never_ends(self):
        def never_end(connection):
            read_request(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                connection.sendall(b"x" * 65536)

        with raw_server(never_end) as port:
            self.assert_unavailable(self.call(f"http://127.0.0.1:{port}"), "too large")

    def test_refuses_a_body_shorter_or_longer_than_announced(self):
        text = json.dumps(SENT).encode()
        with Server(200, text, [("Content-Length", str(len(text) - 1))]) as server:
            self.assert_unavailable(self.call(server.url), "no answer of a node")
        with Server(200, text[:-1], [("Content-Length", str(len(text)))]) as server:
            self.assert_unavailable(self.call(server.url), "answer")


class Failure(TestCase):
    def fails(self, behave, detail, scheme="http"):
        with raw_server(behave) as port, self.in_time():
            answer = self.call(f"{scheme}://127.0.0.1:{port}", {**PAYLOAD, "email": PRIVATE}, node=HastyNode)
            self.assert_unavailable(answer, detail)

    def test_has_three_seconds_to_connect_and_eight_in_all(self):
        self.assertEqual((BrazeNode.CONNECT_SECONDS, BrazeNode.TOTAL_SECONDS), (3, 8))

    def test_says_that_nothing_was_sent_when_nobody_listens(self):
        answer = self.call(f"http://127.0.0.1:{closed_port()}")
        self.assert_unavailable(answer, "ConnectionRefusedError.*nothing was sent")

    def test_says_that_nothing_was_sent_when_the_host_has_no_address(self):
        # A label over 63 characters fails without asking a name server.
        self.assert_unavailable(self.call(f"https://{'a' * 64}.invalid"), "nothing was sent")

    @unittest.skipUnless(sys.platform == "linux", "only Linux lets a connection hang when the queue is full")
    def test_gives_up_a_connection_that_is_not_accepted_in_time(self):
        with socket.socket() as listener, contextlib.ExitStack() as waiting:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            for _ in range(4):  # Fills the queue, so that the next connection hangs.
                client = waiting.enter_context(socket.socket())
                client.setblocking(False)
                client.connect_ex(listener.getsockname())
            with self.in_time():
                answer = self.call(f"http://127.0.0.1:{listener.getsockname()[1]}", node=HastyNode)
            self.assert_unavailable(answer, "nothing was sent")

    def test_gives_up_a_server_that_stalls_in_the_tls_handshake(self):
        self.fails(until_closed, "nothing was sent", "https")

    def test_gives_up_a_server_that_speaks_no_tls(self):
        self.fails(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n"), "nothing was sent", "https")

    def test_sends_nothing_after_it_has_given_up_connecting(self):
        class SlowLookUp(HastyNode):
            def _connect(self, connection):
                time.sleep(0.7)
                super()._connect(connection)
                connected.set()
                time.sleep(0.2)
                connection.close()

        connected = threading.Event()
        with Server() as server:
            self.assert_unavailable(self.call(server.url, node=SlowLookUp), "TimeoutError.*nothing was sent")
            self.assertTrue(connected.wait(2))
            time.sleep(0.3)
        self.assertEqual(server.received, [])

    def test_sends_nothing_after_it_has_given_up_sending(self):
        class SlowToSend(HastyNode):
            def _exchange(self, *arguments):
                time.sleep(0.9)
                with contextlib.suppress(Exception):
                    super()._exchange(*arguments)
                finished.set()

        finished = threading.Event()
        with Server() as server:
            self.assert_unavailable(self.call(server.url, node=SlowToSend), "TimeoutError.*may have the data or not")
            self.assertTrue(finished.wait(2))
        self.assertEqual(server.received, [])

    def test_waits_longer_for_an_answer_than_for_a_connection(self):
        class Patient(BrazeNode):
            CONNECT_SECONDS = 0.5

        def answer_late(connection):
            read_request(connection)
            time.sleep(0.7)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + json.dumps(SENT).encode())

        with raw_server(answer_late) as port:
            self.assertEqual(self.call(f"http://127.0.0.1:{port}", node=Patient), SENT)

    def test_counts_the_time_to_connect_into_the_limit(self):
        class SlowToConnect(BrazeNode):
            CONNECT_SECONDS = TOTAL_SECONDS = 1.5

            def _connect(self, connection):
                time.sleep(1.2)
                super()._connect(connection)

        with raw_server(until_closed) as port:
            started = time.monotonic()
            answer = self.call(f"http://127.0.0.1:{port}", node=SlowToConnect)
            self.assertLess(time.monotonic() - started, 2.5)
            self.assert_unavailable(answer, "TimeoutError.*may have the data or not")

    def test_gives_up_a_server_that_never_answers(self):
        self.fails(until_closed, "may have the data or not")

    def test_gives_up_a_server_that_does_not_take_the_body(self):
        gone = threading.Event()
        with raw_server(lambda connection: gone.wait(3)) as port:
            with self.in_time():
                answer = self.call(f"http://127.0.0.1:{port}", {**PAYLOAD, "text": "x" * 20000000}, node=HastyNode)
            self.assert_unavailable(answer, "may have the data or not")
            gone.set()

    def test_gives_up_a_server_that_drips_its_status_line_headers_or_body(self):
        for fast, slow in (
            (b"", b"HTTP/1.1 200 " + b"O" * 100),
            (b"HTTP/1.1 200 OK\r\n", b"X-Long: " + b"x" * 100),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", b" " * 100),
            (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 5),
        ):

            def drip_slowly(connection):
                read_request(connection)
                connection.sendall(fast)
                drip(connection, slow)

            with self.subTest(slow=slow[:20]):
                self.fails(drip_slowly, "TimeoutError.*may have the data or not")

    def test_answers_when_the_connection_is_closed_without_an_answer(self):
        self.fails(read_request, "RemoteDisconnected.*may have the data or not")

    def test_answers_when_the_connection_is_reset(self):
        def reset(connection):
            connection.recv(1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        self.fails(reset, "may have the data or not")

    def test_answers_when_the_server_speaks_no_http(self):
        for text in (
            b"SSH-2.0-OpenSSH_9.6\r\n",
            b"\x00\xff" * 100000,
            b"HTTP/1.1 999999 ?\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{",
        ):

            def speak(connection):
                read_request(connection)
                connection.sendall(text)

            with self.subTest(text=text[:40]):
                self.fails(speak, "answer")


class Log(TestCase):
    def test_logs_one_line_with_node_outcome_and_milliseconds(self):
        with Server() as server:
            self.call(server.url, {**PAYLOAD, "email": PRIVATE})
        (line,) = self.lines
        self.assertRegex(line, r"^BrazeNode track-user: sent, \d+ ms$")

    def test_logs_one_line_when_there_is_no_answer(self):
        self.call(f"http://127.0.0.1:{closed_port()}", {**PAYLOAD, "email": PRIVATE})
        (line,) = self.lines
        self.assertRegex(line, r"^BrazeNode track-user: unavailable, \d+ ms$")

    def test_does_not_log_a_name_it_refuses(self):
        self.execute({"node": PRIVATE})
        (line,) = self.lines
        self.assertRegex(line, r"^BrazeNode \?: unavailable, \d+ ms$")

    def test_answers_when_the_log_fails_or_is_missing(self):
        def failing(_):
            raise OSError("disk full")

        with Server() as server:
            self.call(server.url)
            for log in (None, "log", failing, lambda: None):
                self.assertEqual(BrazeNode().execute(log, PAYLOAD, CONTEXT), SENT)

    def test_answers_when_called_with_the_log_alone(self):
        self.assert_unavailable(BrazeNode().execute(self.lines.append), "must name a node")


class Tls(TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("openssl"):
            raise unittest.SkipTest("openssl is not installed: certificate checking is not tested")
        cls.folder = tempfile.TemporaryDirectory()
        cls.certificate = os.path.join(cls.folder.name, "certificate.pem")
        cls.key = os.path.join(cls.folder.name, "key.pem")
        made = subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
            + ["-addext", "subjectAltName=DNS:localhost", "-keyout", cls.key, "-out", cls.certificate],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if made.returncode:
            cls.folder.cleanup()
            raise unittest.SkipTest("openssl made no certificate: certificate checking is not tested")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @contextlib.contextmanager
    def server(self):
        with Server() as server:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate, self.key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            yield server

    def trust(self):
        """OpenSSL's own variable: the certificates that create_default_context() trusts."""
        before = os.environ.get("SSL_CERT_FILE")
        os.environ["SSL_CERT_FILE"] = self.certificate
        self.addCleanup(os.environ.pop, "SSL_CERT_FILE")
        if before is not None:
            self.addCleanup(os.environ.__setitem__, "SSL_CERT_FILE", before)

    def test_speaks_https_to_a_server_it_trusts(self):
        self.trust()
        with self.server() as server:
            self.assertEqual(self.call(f"https://localhost:{server.server_port}"), SENT)
        self.assertEqual(len(server.received), 1)

    def test_refuses_a_certificate_nobody_vouches_for(self):
        with self.server() as server:
            answer = self.call(f"https://localhost:{server.server_port}")
            self.assert_unavailable(answer, "SSLCertVerificationError.*nothing was sent")
        self.assertEqual(server.received, [])

    def test_refuses_a_certificate_of_another_host(self):
        self.trust()
        with self.server() as server:
            answer = self.call(f"https://127.0.0.1:{server.server_port}")
            self.assert_unavailable(answer, "SSLCertVerificationError.*nothing was sent")
        self.assertEqual(server.received, [])

    def test_gives_up_a_server_that_drips_over_tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)

        def drip_slowly(connection):
            with context.wrap_socket(connection, server_side=True) as secure:
                read_request(secure)
                drip(secure, b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100)

        self.trust()
        with raw_server(drip_slowly) as port:
            with self.in_time():
                answer = self.call(f"https://localhost:{port}", node=HastyNode)
            self.assert_unavailable(answer, "TimeoutError.*may have the data or not")


class Call(TestCase):
    def test_runs_the_node_for_tests_in_another_language(self):
        with Server() as server:
            params = {"sandbox": {"braze_nodes_url": server.url, "braze_nodes_secret": SECRET}}
            call = {"params": params, "payload": PAYLOAD, "context": CONTEXT}
            script = str(pathlib.Path(__file__).with_name("call.py"))
            output = subprocess.check_output([sys.executable, script], input=json.dumps(call).encode())
        result = json.loads(output.decode())
        self.assertEqual(result["answer"], SENT)
        self.assertRegex(result["log"][0], "^BrazeNode track-user: sent, ")


if __name__ == "__main__":
    unittest.main()
