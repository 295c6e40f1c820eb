"""BrazeNode against real local servers: `python3 -m unittest discover -s tests/pypestream`."""

import ast
import contextlib
import contextvars
import hashlib
import hmac
import http.server
import importlib
import itertools
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
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from call import NODE_FILE, load_node  # noqa: E402

ROOT = tempfile.TemporaryDirectory()
NUMBERS = itertools.count()


def new_solution(params):
    """The class BrazeNode of a solution of its own, whose app.py has these PARAMS."""
    return load_node(ROOT.name, f"solution_{next(NUMBERS)}", params)


BrazeNode = new_solution({})
SECRET = "correct horse battery staple"
SENT = {"success": "true", "outcome": "sent", "detail": "Braze accepted everything."}
PAYLOAD = {"node": "track-user", "external_id": "customer-1", "attributes": {"first_name": "Zoë"}}
CONTEXT = {"env": "sandbox"}
PRIVATE = "ada@example.com"


class Hasty:
    """Put before BrazeNode: limits short enough for tests."""

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


def context_of(body):
    """The context without its call_id, which differs from call to call."""
    context = json.loads(body.decode())["context"]
    del context["call_id"]
    return context


def hmac_of(secret, moment, node, body):
    return hmac.new(secret.encode(), f"{moment}.{node}.".encode() + body, hashlib.sha256).hexdigest()


class TestCase(unittest.TestCase):
    def setUp(self):
        self.lines = []

    def execute(self, payload=PAYLOAD, context=CONTEXT, params=None, behave=object):
        """What the node of a solution with these PARAMS answers; the members of `behave` replace its own."""
        node = new_solution(params)
        node = node if behave is object else type("Node", (behave, node), {})
        return node().execute(self.lines.append, payload, context)

    def call(self, url, payload=PAYLOAD, context=CONTEXT, secret=SECRET, behave=object):
        params = {"sandbox": {"braze_nodes_url": url, "braze_nodes_secret": secret}}
        return self.execute(payload, context, params, behave)

    def assert_unavailable(self, answer, detail):
        self.assertEqual(set(answer), {"success", "outcome", "detail"})
        self.assertEqual((answer["success"], answer["outcome"]), ("error", "unavailable"))
        self.assertRegex(answer["detail"], detail)
        self.assertNotIn(PRIVATE, str(answer) + str(self.lines))
        self.assertNotIn(SECRET, str(answer) + str(self.lines))

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
            json.loads(body.decode())["payload"], {"external_id": "customer-1", "attributes": {"first_name": "Zoë"}}
        )
        self.assertEqual(context_of(body), {"env": "sandbox", "user_data": {}})

    def test_gives_each_call_a_uuid_of_its_own(self):
        ids = [json.loads(self.received_from()[1].decode())["context"]["call_id"] for _ in range(2)]
        self.assertEqual([uuid.UUID(value).version for value in ids], [4, 4])
        self.assertEqual([str(uuid.UUID(value)) for value in ids], ids)
        self.assertNotEqual(ids[0], ids[1])

    def test_leaves_the_payload_of_the_flow_as_it_was(self):
        payload = dict(PAYLOAD)
        self.received_from(payload)
        self.assertEqual(payload, PAYLOAD)

    def test_forwards_only_what_the_nodes_read_of_the_context(self):
        user_data = {name: "x" for name in BrazeNode.USER_DATA}
        secret_data = {"ip_address": "192.0.2.1", "access_token": "t", "passthrough": "{}"}
        context = {"env": "sandbox", "chat_id": "c1", "events": [1], "user_data": {**user_data, **secret_data}}
        _, body = self.received_from(context=context)
        self.assertEqual(context_of(body), {"env": "sandbox", "chat_id": "c1", "user_data": user_data})

    def test_forwards_nothing_of_a_context_of_wrong_types(self):
        for user_data in (None, "text", ["platform"], {"platform": {"a": 1}, "language": None, 1: "x"}):
            context = {"env": "sandbox", "chat_id": 7, "user_data": user_data}
            _, body = self.received_from(context=context)
            self.assertEqual(context_of(body), {"env": "sandbox", "user_data": {}})

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
        text = 'é 漢字 😀 \u0000 \u2028 \ufeff " \\ \ud800 x \udc00'
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

    def test_survives_objects_that_end_the_process_when_touched(self):
        class Ending(dict):
            def get(self, *_):
                raise SystemExit(PRIVATE)

        self.assert_no_request("failed .SystemExit", Ending(node="track-user"))


class Environment(TestCase):
    def outcome_in(self, params, env):
        with Server() as server:
            entry = {"braze_nodes_url": server.url, "braze_nodes_secret": SECRET}
            answer = self.execute(context={"env": env}, params={name: entry for name in params})
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
                self.assertEqual(self.execute(context={"env": env}, params={other: {}, env: own}), SENT)

    def test_never_lets_sandbox_and_prod_stand_for_each_other(self):
        self.assert_unavailable(self.outcome_in(["prod", "live"], "sandbox"), "no PARAMS for sandbox")
        self.assert_unavailable(self.outcome_in(["sandbox"], "live"), "no PARAMS for live")

    def test_never_guesses_a_missing_environment(self):
        for context in (None, [], "sandbox", 7, {}, {"env": None}, {"env": ""}, {"env": 1}, {"env": PRIVATE}):
            with self.subTest(context=context):
                self.assert_no_request("must be sandbox, prod or live", PAYLOAD, context)


class App(TestCase):
    def test_answers_with_params_of_any_shape(self):
        for params in (None, [], "sandbox", {}, {"prod": {}}, {7: {}}):
            self.assert_unavailable(self.execute(params=params), "no PARAMS for sandbox")
        for entry in (None, [], "x", {}, {"braze_nodes_url": None}, {"braze_nodes_url": " "}, {"braze_nodes_url": 7}):
            self.assert_unavailable(self.execute(params={"sandbox": entry}), "have no braze_nodes_url")

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
            answer = self.call(f"HTTP://{host}:{closed_port()}", behave=Hasty)
            self.assert_unavailable(answer, "nothing was sent")

    def test_refuses_the_placeholders_of_the_template(self):
        namespace = {}
        exec(NODE_FILE.with_name("app.py").read_text(encoding="utf-8"), namespace)
        self.assertEqual(set(namespace["PARAMS"]), {"sandbox", "prod"})
        for entry in namespace["PARAMS"].values():
            self.assertEqual(set(entry), {"braze_nodes_url", "braze_nodes_secret"})
        self.assertTrue(namespace["NAME"] and namespace["CSV_BOTS"] and namespace["PATH"] and namespace["BOTS"] == [])
        answer = self.execute(params=namespace["PARAMS"])
        self.assert_unavailable(answer, "braze_nodes_url for sandbox in app.py must look like")


# Run by a Python of its own: argv[1] is Python that sets `nodes`, a list of classes.
LOAD = """
import importlib, importlib.util, json, sys

def by_path(path, name="BrazeNode"):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.BrazeNode

def by_name(name):
    return importlib.import_module(name).BrazeNode

def forget():
    for name in [name for name in sys.modules if name.split(".")[0] in ("solution", "app", "BrazeNode")]:
        del sys.modules[name]
    importlib.invalidate_caches()

sys.path.remove("")
load, payload, context = sys.argv[1:]
exec(load)
answers = [node().execute(print, json.loads(payload), json.loads(context)) for node in nodes]
sys.stderr.write(json.dumps(answers))
"""
APP = "PARAMS = {{'sandbox': {{'braze_nodes_url': {url!r}, 'braze_nodes_secret': 'secret of {folder}'}}}}"
MISSING = "app.py is missing: it belongs beside BrazeNode.py or in a package above it."
BROKEN = "app.py cannot be imported."


class Layout(TestCase):
    """Which app.py is found, by solutions in real folders that a Python of their own loads."""

    def found(self, files, load):
        """For each of the `nodes` that `load` sets: the folder of the app.py that it used, else the detail."""
        with tempfile.TemporaryDirectory() as root, Server() as server:
            for file, source in self.written(files):
                folder = os.path.dirname(file) or "."
                path = pathlib.Path(root, file)
                path.parent.mkdir(parents=True, exist_ok=True)
                if path.name == "BrazeNode.py":
                    source = NODE_FILE.read_text(encoding="utf-8")
                if path.name == "app.py" and not source:
                    source = APP.format(url=f"{server.url}/{folder}", folder=folder)
                path.write_text(source, encoding="utf-8")
            arguments = [load, json.dumps(PAYLOAD), json.dumps(CONTEXT)]
            ran = subprocess.run(
                [sys.executable, "-c", LOAD] + arguments, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        answers = json.loads(ran.stderr.decode())
        used = iter(server.received)
        return [self.folder_of(*next(used)) if answer == SENT else answer["detail"] for answer in answers]

    @staticmethod
    def written(files):
        for file in files if isinstance(files, dict) else files.split():
            yield file, files[file] if isinstance(files, dict) else ""

    def folder_of(self, _, path, headers, body):
        folder = path[1 : -len("/nodes/track-user")]
        moment, values = signature_of(headers)
        self.assertEqual(values, [hmac_of(f"secret of {folder}", moment, "track-user", body)])
        return folder

    PAGE = "solution/__init__.py solution/app.py solution/nodes/__init__.py solution/nodes/BrazeNode.py "
    BY_NAME = "sys.path[:0] = ['.']; nodes = [by_name('solution.nodes.BrazeNode')]"
    BY_PATH = "sys.path[:0] = ['.']; nodes = [by_path('solution/nodes/BrazeNode.py')]"

    def test_finds_app_py_where_the_partner_page_has_it(self):
        self.assertEqual(self.found(self.PAGE, self.BY_NAME), ["solution"])

    def test_never_takes_a_top_level_app_from_within_a_package(self):
        for decoy in ("", "; import app"):
            without = self.PAGE.replace("solution/app.py", "app.py")
            for load in (self.BY_NAME, self.BY_PATH):
                with self.subTest(decoy=decoy, load=load):
                    load = load.replace("; nodes", decoy + "; nodes")
                    self.assertEqual(self.found(self.PAGE + "app.py", load), ["solution"])
                    self.assertEqual(self.found(without, load), [MISSING])

    def test_finds_app_py_without_init_files(self):
        files = "solution/app.py solution/nodes/BrazeNode.py app.py"
        self.assertEqual(self.found(files, self.BY_NAME), ["solution"])
        self.assertEqual(self.found(files, self.BY_PATH), ["solution"])

    def test_finds_app_py_beside_itself_in_a_package(self):
        for files in (
            "solution/app.py solution/BrazeNode.py app.py",
            "solution/__init__.py solution/app.py solution/BrazeNode.py",
        ):
            for load in ("by_name('solution.BrazeNode')", "by_path('solution/BrazeNode.py')"):
                with self.subTest(files=files, load=load):
                    self.assertEqual(self.found(files, f"sys.path[:0] = ['.']; nodes = [{load}]"), ["solution"])

    def test_takes_the_nearest_app_py_of_a_deep_package(self):
        load = "sys.path[:0] = ['.']; nodes = [by_name('brand.solution.nodes.crm.BrazeNode')]"
        node = "brand/solution/nodes/crm/BrazeNode.py app.py "
        for folder in ("brand/solution/nodes/crm", "brand/solution/nodes", "brand/solution", "brand"):
            node += folder + "/__init__.py "
        self.assertEqual(self.found(node, load), [MISSING])
        for folder in ("brand", "brand/solution", "brand/solution/nodes", "brand/solution/nodes/crm"):
            node += folder + "/app.py "
            self.assertEqual(self.found(node, load), [folder])

    def test_finds_a_top_level_app_py_from_a_top_level_file(self):
        load = "nodes = [by_name('BrazeNode')]"
        self.assertEqual(self.found("flat/BrazeNode.py flat/app.py", "sys.path[:0] = ['flat']; " + load), ["flat"])
        self.assertEqual(self.found("a/BrazeNode.py b/app.py", "sys.path[:0] = ['a', 'b']; " + load), ["b"])
        self.assertEqual(self.found("a/BrazeNode.py", "sys.path[:0] = ['a']; " + load), [MISSING])

    def test_takes_the_app_py_of_its_own_folder_before_another_of_the_path(self):
        for first in ("", "import app; "):
            load = (
                f"sys.path[:0] = ['other', 'flat']; {first}nodes = [by_name('BrazeNode'), by_path('flat/BrazeNode.py')]"
            )
            self.assertEqual(self.found("flat/BrazeNode.py flat/app.py other/app.py", load), ["flat", "flat"])

    def test_finds_app_py_when_it_is_loaded_by_its_path(self):
        self.assertEqual(self.found(self.PAGE + "app.py", self.BY_PATH), ["solution"])
        for name in ("solution.nodes.BrazeNode", "solution.nodes.Renamed"):
            load = f"nodes = [by_path('solution/nodes/BrazeNode.py', {name!r})]"
            self.assertEqual(self.found(self.PAGE + "app.py", "sys.path[:0] = ['.']; " + load), ["solution"])
            self.assertEqual(self.found(self.PAGE + "app.py", load), ["solution"])

    def test_finds_its_folder_after_the_process_has_gone_to_another(self):
        load = "nodes = [by_path('solution/nodes/BrazeNode.py', 'solution.nodes.BrazeNode')]; import os; os.chdir('/')"
        self.assertEqual(self.found(self.PAGE, load), ["solution"])

    def test_finds_app_py_for_a_text_without_a_file_in_a_package(self):
        for package in ("'solution.nodes'", "None", "''"):
            load = f"""
sys.path[:0] = ["."]
import solution.nodes
space = {{"__name__": "solution.nodes.BrazeNode", "__package__": {package}}}
exec(open("solution/nodes/BrazeNode.py", encoding="utf-8").read(), space)
nodes = [space["BrazeNode"]]
"""
            with self.subTest(package=package):
                self.assertEqual(self.found(self.PAGE + "app.py", load), ["solution"])

    def test_finds_a_top_level_app_py_for_a_text_without_a_file(self):
        load = """
sys.path[:0] = ["flat"]
space = {"__name__": "node"}
exec(open("BrazeNode.py", encoding="utf-8").read(), space)
nodes = [space["BrazeNode"]]
"""
        self.assertEqual(self.found("BrazeNode.py app.py flat/app.py", load), ["flat"])

    def test_keeps_two_solutions_in_one_process_apart(self):
        pages = self.PAGE.replace("solution/", "one/") + self.PAGE.replace("solution/", "two/") + "app.py"
        for load in (
            "by_name('one.nodes.BrazeNode'), by_name('two.nodes.BrazeNode')",
            "by_path('one/nodes/BrazeNode.py'), by_path('two/nodes/BrazeNode.py')",
            "by_path('one/nodes/BrazeNode.py', 'nodes.BrazeNode'), by_path('two/nodes/BrazeNode.py', 'x.nodes.BrazeNode')",
        ):
            with self.subTest(load=load):
                expected = ["one", "two"] if "'nodes." not in load else [MISSING, "two"]
                self.assertEqual(self.found(pages, f"sys.path[:0] = ['.']; import app; nodes = [{load}]"), expected)

    def test_keeps_two_solutions_of_one_name_apart(self):
        for package in (self.PAGE, "solution/app.py solution/nodes/BrazeNode.py"):
            files = " ".join(f"{root}/{file}" for root in ("one", "two") for file in package.split())
            load = """
nodes = []
for root in ("one", "two"):
    sys.path[:0] = [root]
    nodes.append(by_name("solution.nodes.BrazeNode"))
    forget()
import solution.nodes
"""
            with self.subTest(package=package):
                self.assertEqual(self.found(files, load), ["one/solution", "two/solution"])
                load = "sys.path[:0] = ['one', 'two']; import solution.app; nodes = [%s]" % ", ".join(
                    f"by_path('{root}/solution/nodes/BrazeNode.py', 'solution.nodes.BrazeNode')"
                    for root in ("one", "two")
                )
                self.assertEqual(self.found(files, load), ["one/solution", "two/solution"])
                # The second has no app.py, and the first one's is not its own.
                without = files.replace("two/solution/app.py", "")
                self.assertEqual(self.found(without, load), ["one/solution", MISSING])

    def test_runs_app_py_once_for_the_whole_solution(self):
        once = "import builtins; assert not hasattr(builtins, 'ran'); builtins.ran = True; PARAMS = {}"
        files = {file: once if file == "solution/app.py" else "" for file in self.PAGE.split()}
        for load in (
            "node = by_name('solution.nodes.BrazeNode')",
            "import solution.app; node = by_name('solution.nodes.BrazeNode')",
            "node = by_path('solution/nodes/BrazeNode.py')",
        ):
            with self.subTest(load=load):
                load = f"sys.path[:0] = ['.']; {load}; nodes = [node, node]"
                self.assertEqual(self.found(files, load), ["app.py has no PARAMS for sandbox."] * 2)

    def test_lets_app_py_import_its_neighbours(self):
        files = {file: "" for file in self.PAGE.split()}
        files["solution/app.py"] = "from .settings import PARAMS"
        files["solution/settings.py"] = "PARAMS = {'prod': {}}"
        self.assertEqual(self.found(files, self.BY_NAME), ["app.py has no PARAMS for sandbox."])

    def test_answers_with_a_broken_app_py_and_looks_no_further(self):
        for source in (
            "PARAMS = {",
            "raise ValueError",
            "import sys; sys.exit(1)",
            "raise KeyboardInterrupt",
            "import missing_package",
            "from . import missing",
        ):
            files = {
                "brand/app.py": "",
                "brand/solution/app.py": source,
                "brand/solution/nodes/BrazeNode.py": "",
                "app.py": "",
            }
            for load in ("by_name('brand.solution.nodes.BrazeNode')", "by_path('brand/solution/nodes/BrazeNode.py')"):
                with self.subTest(source=source, load=load):
                    self.assertEqual(self.found(files, f"sys.path[:0] = ['.']; nodes = [{load}]"), [BROKEN])

    def test_passes_over_the_template_beside_it_where_there_is_another(self):
        template = {"kit/BrazeNode.py": "", "kit/app.py": NODE_FILE.with_name("app.py").read_text(encoding="utf-8")}
        load = "sys.path[:0] = ['mine']; nodes = [by_path('kit/BrazeNode.py')]"
        self.assertEqual(self.found({**template, "mine/app.py": ""}, load), ["mine"])
        (detail,) = self.found(template, load)
        self.assertRegex(detail, "braze_nodes_url for sandbox in app.py must look like")


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

    def test_takes_an_answer_of_6_mb_and_no_byte_more(self):
        answer = {**SENT, "BRAZE_NOTE": ""}
        answer["BRAZE_NOTE"] = "x" * (6 * 1024 * 1024 - len(json.dumps(answer)))
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
        with raw_server(behave) as port:
            answer = self.call(f"{scheme}://127.0.0.1:{port}", {**PAYLOAD, "email": PRIVATE}, behave=Hasty)
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
            answer = self.call(f"http://127.0.0.1:{listener.getsockname()[1]}", behave=Hasty)
            self.assert_unavailable(answer, "nothing was sent")

    def test_gives_up_a_server_that_stalls_in_the_tls_handshake(self):
        self.fails(until_closed, "nothing was sent", "https")

    def test_gives_up_a_server_that_speaks_no_tls(self):
        self.fails(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n"), "nothing was sent", "https")

    def test_sends_nothing_after_it_has_given_up_connecting(self):
        class SlowLookUp(Hasty):
            def _connect(self, connection):
                time.sleep(0.7)
                super()._connect(connection)
                connected.set()
                time.sleep(0.2)
                connection.close()

        connected = threading.Event()
        with Server() as server:
            self.assert_unavailable(self.call(server.url, behave=SlowLookUp), "TimeoutError.*nothing was sent")
            self.assertTrue(connected.wait(2))
            time.sleep(0.3)
        self.assertEqual(server.received, [])

    def test_sends_nothing_after_it_has_given_up_sending(self):
        class SlowToSend(Hasty):
            def _exchange(self, *arguments):
                time.sleep(0.9)
                with contextlib.suppress(Exception):
                    super()._exchange(*arguments)
                finished.set()

        finished = threading.Event()
        with Server() as server:
            self.assert_unavailable(self.call(server.url, behave=SlowToSend), "TimeoutError.*may have the data or not")
            self.assertTrue(finished.wait(2))
        self.assertEqual(server.received, [])

    def test_waits_longer_for_an_answer_than_for_a_connection(self):
        class Patient:
            CONNECT_SECONDS = 1

        def answer_late(connection):
            read_request(connection)
            time.sleep(1.1)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + json.dumps(SENT).encode())

        with raw_server(answer_late) as port:
            self.assertEqual(self.call(f"http://127.0.0.1:{port}", behave=Patient), SENT)

    def test_counts_the_time_to_connect_into_the_limit(self):
        class SlowToConnect(Hasty):
            CONNECT_SECONDS = 3

            def _connect(self, connection):
                time.sleep(0.2)
                super()._connect(connection)

            def _within(self, seconds, work, *arguments):
                limits.append(seconds)
                return super()._within(seconds, work, *arguments)

        limits = []
        with raw_server(until_closed) as port:
            answer = self.call(f"http://127.0.0.1:{port}", behave=SlowToConnect)
        self.assert_unavailable(answer, "TimeoutError.*may have the data or not")
        to_connect, for_the_answer, _ = limits
        self.assertEqual(to_connect, 3)
        self.assertLessEqual(for_the_answer, Hasty.TOTAL_SECONDS - 0.2)

    def test_gives_up_a_server_that_never_answers(self):
        self.fails(until_closed, "may have the data or not")

    def test_gives_up_a_server_that_does_not_take_the_body(self):
        gone = threading.Event()
        with raw_server(lambda connection: gone.wait(3)) as port:
            answer = self.call(f"http://127.0.0.1:{port}", {**PAYLOAD, "text": "x" * 20000000}, behave=Hasty)
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
        def raising(error):
            def log(_):
                raise error

            return log

        logs = [raising(error) for error in (OSError("disk full"), SystemExit(1), KeyboardInterrupt(), GeneratorExit())]
        with Server() as server:
            self.call(server.url)
            node = new_solution({"sandbox": {"braze_nodes_url": server.url, "braze_nodes_secret": SECRET}})
            for log in [None, "log", lambda: None] + logs:
                self.assertEqual(node().execute(log, PAYLOAD, CONTEXT), SENT)

    def test_answers_while_the_log_hangs(self):
        released = threading.Event()
        self.addCleanup(released.set)
        answer = BrazeNode().execute(lambda _: released.wait(60), PAYLOAD, {})
        self.assertFalse(released.is_set())
        self.assert_unavailable(answer, "must be sandbox, prod or live")

    def test_does_not_keep_the_process_alive_for_a_log_that_hangs(self):
        script = (
            "import sys, time; sys.path[:0] = [sys.argv[1]]; from BrazeNode import BrazeNode;"
            "BrazeNode().execute(lambda _: time.sleep(60))"
        )
        subprocess.run([sys.executable, "-c", script, str(NODE_FILE.parent)], check=True, timeout=30)

    def test_logs_before_it_returns_and_in_the_context_of_the_caller(self):
        conversation = contextvars.ContextVar("conversation")
        conversation.set("c1")
        BrazeNode().execute(lambda line: self.lines.append((conversation.get(), line)))
        self.assertEqual([name for name, _ in self.lines], ["c1"])

    def test_answers_when_called_with_the_log_alone(self):
        self.assert_unavailable(BrazeNode().execute(self.lines.append), "must name a node")


class Tls(TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("openssl"):
            raise unittest.SkipTest("openssl is not installed: certificate checking is not tested")
        cls.folder = tempfile.TemporaryDirectory()
        cls.certificate, cls.key = cls.make_certificate("localhost")
        cls.other_certificate, _ = cls.make_certificate("other")

    @classmethod
    def make_certificate(cls, name):
        certificate, key = (os.path.join(cls.folder.name, f"{name}-{part}.pem") for part in ("certificate", "key"))
        made = subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=" + name]
            + ["-addext", f"subjectAltName=DNS:{name}", "-keyout", key, "-out", certificate],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if made.returncode:
            cls.folder.cleanup()
            raise unittest.SkipTest("openssl made no certificate: certificate checking is not tested")
        return certificate, key

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

    def setUp(self):
        super().setUp()
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
            self.set_variable(name, None)
        self.addCleanup(sys.modules.pop, "certifi", None)
        self.hide_certifi()

    def set_variable(self, name, value):
        before = os.environ.pop(name, None)
        if before is not None:
            self.addCleanup(os.environ.__setitem__, name, before)
        else:
            self.addCleanup(os.environ.pop, name, None)
        if value is not None:
            os.environ[name] = value

    def hide_certifi(self):
        sys.modules["certifi"] = None

    def install_certifi(self, file):
        """A package certifi that names this file, in a folder at the front of sys.path."""
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        pathlib.Path(folder, "certifi.py").write_text(f"def where(): return {file!r}", encoding="utf-8")
        sys.path.insert(0, folder)
        self.addCleanup(sys.path.remove, folder)
        sys.modules.pop("certifi")
        importlib.invalidate_caches()

    def hashed_folder(self):
        """A folder of certificates as OpenSSL looks them up: by the hash of the subject."""
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        command = ["openssl", "x509", "-hash", "-noout", "-in", self.certificate]
        name = subprocess.check_output(command).decode().strip()
        shutil.copy(self.certificate, os.path.join(folder, name + ".0"))
        return folder

    def trust(self):
        self.set_variable("REQUESTS_CA_BUNDLE", self.certificate)

    def assert_trusted(self):
        with self.server() as server:
            self.assertEqual(self.call(f"https://localhost:{server.server_port}"), SENT)

    def assert_not_trusted(self):
        with self.server() as server:
            answer = self.call(f"https://localhost:{server.server_port}")
        self.assert_unavailable(answer, "SSLCertVerificationError.*nothing was sent")

    def test_trusts_the_file_or_folder_of_requests_variables(self):
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            for path in (self.certificate, self.hashed_folder()):
                with self.subTest(name=name, path=path):
                    self.set_variable(name, path)
                    self.assert_trusted()
                    self.set_variable(name, "")
                    self.assert_not_trusted()

    def test_takes_the_first_of_the_two_variables_then_certifi_then_the_system(self):
        self.set_variable("SSL_CERT_FILE", self.certificate)
        self.assert_trusted()
        self.install_certifi(self.other_certificate)
        self.assert_not_trusted()
        self.set_variable("CURL_CA_BUNDLE", self.certificate)
        self.assert_trusted()
        self.set_variable("REQUESTS_CA_BUNDLE", self.other_certificate)
        self.assert_not_trusted()

    def test_trusts_the_certificates_of_certifi(self):
        self.assert_not_trusted()
        self.install_certifi(self.certificate)
        self.assert_trusted()

    def test_says_when_the_certificates_cannot_be_read(self):
        for path in (os.path.join(self.folder.name, "missing.pem"), self.key):
            self.set_variable("REQUESTS_CA_BUNDLE", path)
            answer = self.call("https://localhost:9")
            self.assert_unavailable(answer, "CA certificates .REQUESTS_CA_BUNDLE.* cannot be read .*nothing was sent")

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
            answer = self.call(f"https://localhost:{port}", behave=Hasty)
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


class Compatibility(unittest.TestCase):
    @unittest.skipUnless(sys.version_info >= (3, 8), "this Python reads nothing newer than 3.7")
    def test_uses_no_syntax_newer_than_python_3_7(self):
        ast.parse(NODE_FILE.read_text(encoding="utf-8"), feature_version=(3, 7))


if __name__ == "__main__":
    unittest.main()
