"""The one file to upload to Pypestream: an action node that calls the Braze nodes in AWS.

Design Studio: Command `BrazeNode`; Parameter Input is the payload of a node, and `node` names it:

    {"node": "track-user", "external_id": "{CUSTOMER_ID}", "attributes": {"first_name": "{FIRST_NAME}"}}

`app.py`: PARAMS has, for each environment, `braze_nodes_url` and `braze_nodes_secret`. It is found as Braze's partner
page has it: `solution/app.py`, and this file one or more packages below, such as `solution/nodes/BrazeNode.py`.
"""

import contextlib
import contextvars
import hashlib
import hmac
import http.client
import importlib
import importlib.machinery
import importlib.util
import ipaddress
import json
import os
import queue
import re
import socket
import ssl
import sys
import threading
import time
import uuid
from urllib.parse import urlsplit


class BrazeNode:
    """Sends one signed request to a node and returns the node's answer."""

    # Name look-up, TCP and TLS together.
    CONNECT_SECONDS = 3
    # The whole exchange, connecting included: Pypestream's own limit is unpublished, and someone is waiting.
    TOTAL_SECONDS = 8
    LOG_SECONDS = 0.5
    # As much as a Lambda function can answer: a look-up gives the flow all the fields that it asked for.
    MAX_ANSWER_BYTES = 6 * 1024 * 1024

    # The entries of app.PARAMS that serve an environment, best first.
    ENVIRONMENTS = {"sandbox": ("sandbox",), "prod": ("prod", "live"), "live": ("live", "prod")}
    # What the nodes read of context["user_data"]; the rest stays in Pypestream.
    USER_DATA = (
        "platform",
        "browser_language",
        "last_viewed_url",
        "user_browser",
        "language",
    )

    # Where this file is, which decides on the app.py that belongs to it. Kept on the class: the globals of a module are
    # replaced when another solution's copy is loaded under the same name. A text run by exec() has no __file__.
    PACKAGE = globals().get("__package__") or __name__.rpartition(".")[0]
    FOLDER = os.path.dirname(os.path.abspath(__file__)) if "__file__" in globals() else None

    # The app.py that had to be loaded without being imported, by path.
    _loaded = {}

    class Unavailable(Exception):
        """There is no answer of a node; the message is the `detail`, so it holds no value and no secret."""

    def execute(self, log, payload=None, context=None):
        """Calls the node named in the payload, once.

        payload: {"node": [a-z][a-z0-9-]{0,63}, …the payload of that node}, JSON values only.
        context: "env" is required: sandbox, prod or live; case and surrounding blanks are ignored.

        Returns a flat dict of strings, the node's answer unchanged. Whatever goes wrong it is
        {"success": "error", "outcome": "unavailable", "detail": …}. It never raises, and waits at most
        TOTAL_SECONDS for the answer and LOG_SECONDS for `log`, which gets one line (node, outcome, milliseconds)
        in a daemon thread, so that a log that hangs or raises costs the conversation nothing.
        """
        started = time.monotonic()
        # A name that is refused may hold anything, so it is not logged.
        node = "?"
        try:
            node = self._node(payload)
            answer = self._call(node, payload, context)
        except self.Unavailable as reason:
            answer = self._unavailable(str(reason))
        except BaseException as error:
            answer = self._unavailable(f"The action node failed ({type(error).__name__}).")
        milliseconds = round((time.monotonic() - started) * 1000)
        # BaseException: a log may end in sys.exit().
        with contextlib.suppress(BaseException):
            self._within(self.LOG_SECONDS, log, f"BrazeNode {node}: {answer['outcome']}, {milliseconds} ms")
        return answer

    def _call(self, node, payload, context):
        env = self._env(context)
        params = self._params(env)
        connection, base_path = self._connection(params, env)
        secrets = self._secrets(params, env)
        body = self._body(payload, context, env)
        headers = {
            "Content-Type": "application/json",
            "Pypestream-Signature": self._signature(secrets, node, body),
        }
        return self._answer(*self._post(connection, base_path + "/nodes/" + node, body, headers))

    def _node(self, payload):
        node = payload.get("node") if isinstance(payload, dict) else None
        if not isinstance(node, str) or not re.fullmatch("[a-z][a-z0-9-]{0,63}", node):
            raise self.Unavailable('The payload must name a node, such as "node": "track-user".')
        return node

    def _env(self, context):
        """Never guesses: a test conversation must not reach the live workspace."""
        env = context.get("env") if isinstance(context, dict) else None
        env = env.strip().lower() if isinstance(env, str) else None
        if env not in self.ENVIRONMENTS:
            raise self.Unavailable("The env of the context must be sandbox, prod or live.")
        return env

    def _params(self, env):
        try:
            app = self._app()
        except BaseException:
            raise self.Unavailable("app.py cannot be imported.")
        if app is None:
            raise self.Unavailable("app.py is missing: it belongs beside BrazeNode.py or in a package above it.")
        params = getattr(app, "PARAMS", None)
        entries = params.items() if isinstance(params, dict) else ()
        entries = {str(name).strip().lower(): entry for name, entry in entries}
        for name in self.ENVIRONMENTS[env]:
            if name in entries:
                return entries[name]
        raise self.Unavailable(f"app.py has no PARAMS for {env}.")

    def _app(self):
        """The module app.py of this solution, or None; raises what app.py raises.

        The packages that this file is in are searched, nearest first, as `from .. import app` does for one level.
        A top-level `app` counts only where this file is top level, too: seen from a package it is somebody else's.
        """
        if not self.PACKAGE:
            return self._top_level_app()
        package, folder = self.PACKAGE, self.FOLDER
        while package:
            name = package + ".app"
            app = self._import(name) if folder is None else self._load(name, folder)
            if app is not None:
                return app
            package, folder = package.rpartition(".")[0], folder and os.path.dirname(folder)
        return None

    def _top_level_app(self):
        """For a file that was loaded without a package.

        The folders that the partner page names come before sys.path, which may lead to another solution's app.py.
        """
        if self.FOLDER is None:
            return self._import("app")
        above = os.path.dirname(self.FOLDER)
        app = self._load("app", self.FOLDER)
        # An app.py in a folder of sys.path is a top-level one.
        if app is None and above not in [os.path.abspath(entry) for entry in sys.path if isinstance(entry, str)]:
            app = self._load("app", above)
        is_in_package = os.path.isfile(os.path.join(self.FOLDER, "__init__.py"))
        # In the repository of this file its neighbour is the template, and the real app.py elsewhere.
        if is_in_package or (app is not None and not self._is_template(app)):
            return app
        return self._import("app") or app

    @staticmethod
    def _import(name):
        """The module of this name, or None where there is none."""
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            return None

    @classmethod
    def _load(cls, name, folder):
        """The module in this folder and no other, or None where there is none."""
        find = importlib.machinery.PathFinder.find_spec
        spec = find(name, [folder])
        # A folder called `app` without __init__.py has no loader.
        if spec is None or spec.loader is None:
            return None
        package = name.rpartition(".")[0]
        path = list(getattr(sys.modules.get(package), "__path__", ())) if package else sys.path
        # Imported where that leads to this very file, so that it runs once for the whole solution.
        if cls._file(find(name, path)) == spec.origin:
            module = importlib.import_module(name)
            # Another solution's app.py may have been imported under this name before.
            if cls._file(getattr(module, "__spec__", None)) == spec.origin:
                return module
        if spec.origin not in cls._loaded:
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            cls._loaded[spec.origin] = module
        return cls._loaded[spec.origin]

    @staticmethod
    def _file(spec):
        """Absolute, which it is not everywhere: an entry of sys.path may be relative."""
        return os.path.abspath(spec.origin) if spec is not None and spec.origin else None

    @staticmethod
    def _is_template(app):
        params = getattr(app, "PARAMS", None)
        entries = list(params.values()) if isinstance(params, dict) else []
        return bool(entries) and all(
            isinstance(entry, dict) and str(entry.get("braze_nodes_url")).startswith("<") for entry in entries
        )

    def _param(self, params, name, env):
        value = params.get(name) if isinstance(params, dict) else None
        if not isinstance(value, str) or not value.strip():
            raise self.Unavailable(f"The PARAMS for {env} in app.py have no {name}.")
        return value.strip()

    def _secrets(self, params, env):
        """One secret, or several separated by commas while one is being rotated."""
        secrets = self._param(params, "braze_nodes_secret", env).split(",")
        secrets = [secret.strip() for secret in secrets if secret.strip()]
        if not secrets:
            raise self.Unavailable(f"The braze_nodes_secret for {env} in app.py is empty.")
        return secrets

    def _connection(self, params, env):
        """The connection, not yet opened, and the path that braze_nodes_url may end in.

        Refused: anything but https (http only to a loopback host), a user name, a query, a fragment,
        inner blanks and characters outside ASCII.
        """
        url = self._param(params, "braze_nodes_url", env)
        with contextlib.suppress(ValueError):
            parts = urlsplit(url)
            host, path = parts.hostname, parts.path.rstrip("/")
            # Always given: http.client would take the end of an IPv6 address for the port.
            port = parts.port or (443 if parts.scheme == "https" else 80)
            # The whole of it is checked, because urlsplit drops some control characters silently.
            plain = host and re.fullmatch("[!-~]+", url) and not re.search("[?#@]", url)
            # http.client follows no redirect and uses no proxy: the signed body goes to this host only.
            if plain and parts.scheme == "https":
                context = self._tls_context()
                secure = http.client.HTTPSConnection(host, port, timeout=self.CONNECT_SECONDS, context=context)
                return secure, path
            if plain and parts.scheme == "http" and self._is_loopback(host):
                return http.client.HTTPConnection(host, port, timeout=self.CONNECT_SECONDS), path
        raise self.Unavailable(f"The braze_nodes_url for {env} in app.py must look like https://host, without a query.")

    def _tls_context(self):
        """Trusts what `requests` in the same container trusts, found in the same order.

        https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification
        """
        path = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
        try:
            if not path:
                # Not part of Python; it comes with requests.
                with contextlib.suppress(ImportError):
                    path = importlib.import_module("certifi").where()
            if path and os.path.isdir(path):
                return ssl.create_default_context(capath=path)
            return ssl.create_default_context(cafile=path)
        except Exception as error:
            raise self.Unavailable(
                "The CA certificates (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE or certifi) cannot be read"
                f" ({type(error).__name__}); nothing was sent."
            )

    @staticmethod
    def _is_loopback(host):
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    def _body(self, payload, context, env):
        """The envelope as bytes: strict JSON, and of the context only what the nodes read."""
        chat_id = context.get("chat_id")
        user_data = context.get("user_data")
        user_data = user_data if isinstance(user_data, dict) else {}
        # The entry answers a call_id that it has seen with the answer it gave.
        forwarded = {"env": env, "call_id": str(uuid.uuid4())}
        if isinstance(chat_id, str):
            forwarded["chat_id"] = chat_id
        forwarded["user_data"] = {
            name: user_data[name] for name in self.USER_DATA if isinstance(user_data.get(name), str)
        }
        envelope = {
            "payload": {name: value for name, value in payload.items() if name != "node"},
            "context": forwarded,
        }
        try:
            # ASCII: half an emoji (a lone surrogate) has no UTF-8 form but does have a JSON escape,
            # and nothing on the way can re-encode the bytes that were signed.
            text = json.dumps(envelope, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        except Exception:
            raise self.Unavailable("The payload holds something that JSON cannot express; nothing was sent.")
        return text.encode("ascii")

    @staticmethod
    def _signature(secrets, node, body):
        moment = str(int(time.time()))
        signed = f"{moment}.{node}.".encode("ascii") + body
        values = [hmac.new(secret.encode("utf-8"), signed, hashlib.sha256).hexdigest() for secret in secrets]
        return ",".join(["t=" + moment] + ["v1=" + value for value in values])

    def _post(self, connection, path, body, headers):
        """The status and the body of the answer, cut after MAX_ANSWER_BYTES + 1. One attempt."""
        deadline = time.monotonic() + self.TOTAL_SECONDS
        try:
            # Connecting is a step of its own so that one given up on can never send anything later.
            self._within(self.CONNECT_SECONDS, self._connect, connection)
        except Exception as error:
            raise self.Unavailable(f"No connection to braze_nodes_url ({type(error).__name__}); nothing was sent.")
        sock = connection.sock
        try:
            left = max(0, deadline - time.monotonic())
            return self._within(left, self._exchange, connection, path, body, headers)
        except Exception as error:
            raise self.Unavailable(
                f"No complete answer from braze_nodes_url ({type(error).__name__}); Braze may have the data or not."
            )
        finally:
            # Wakes and ends a thread that was given up on; close() would wait for its read to end.
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _within(seconds, work, *arguments):
        """What `work` returns or raises, or TimeoutError when it takes longer.

        In a thread, because no timeout of a socket covers a name look-up that hangs or a server
        that drips: each recv has its own limit, and http.client makes any number of them.
        """
        results = queue.Queue()

        def run():
            try:
                results.put((work(*arguments), None))
            except BaseException as error:
                results.put((None, error))

        # The caller's context: a log may keep the id of the conversation in a context variable.
        threading.Thread(target=contextvars.copy_context().run, args=(run,), daemon=True).start()
        try:
            result, error = results.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError
        if error is not None:
            raise error
        return result

    def _connect(self, connection):
        connection.connect()
        connection.sock.settimeout(self.TOTAL_SECONDS)

    def _exchange(self, connection, path, body, headers):
        with contextlib.closing(connection):
            # A server may answer 413 and hang up before it has read everything.
            with contextlib.suppress(ConnectionError):
                connection.request("POST", path, body, headers)
            with connection.getresponse() as response:
                return response.status, response.read(self.MAX_ANSWER_BYTES + 1)

    def _answer(self, status, body):
        """The answer in the body: a flat JSON object of strings with `success` and `outcome`."""
        if len(body) > self.MAX_ANSWER_BYTES:
            raise self.Unavailable("The answer from braze_nodes_url is too large.")
        try:
            answer = json.loads(body.decode("utf-8"))
        except (ValueError, RecursionError):
            answer = None
        # A word outside these would have no branch in the flow, or break the log line.
        if (
            isinstance(answer, dict)
            and all(isinstance(value, str) for value in answer.values())
            and answer.get("success") in ("true", "false", "error")
            and re.fullmatch("[a-z0-9_]{1,64}", answer.get("outcome", ""))
        ):
            return answer
        raise self.Unavailable(
            f"braze_nodes_url gave status {status} and no answer of a node; check the address and the deployment."
        )

    @staticmethod
    def _unavailable(detail):
        return {"success": "error", "outcome": "unavailable", "detail": detail}
