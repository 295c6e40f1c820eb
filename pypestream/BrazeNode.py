"""The one file to upload to Pypestream: an action node that calls the Braze nodes in AWS.

Design Studio: Command `BrazeNode`; Parameter Input is the payload of a node, and `node` names it:

    {"node": "track-user", "external_id": "{CUSTOMER_ID}", "attributes": {"first_name": "{FIRST_NAME}"}}

`app.py`: PARAMS has, for each environment, `braze_nodes_url` and `braze_nodes_secret`.
"""

import contextlib
import hashlib
import hmac
import http.client
import ipaddress
import json
import queue
import re
import socket
import ssl
import threading
import time
from urllib.parse import urlsplit


class BrazeNode:
    """Sends one signed request to a node and returns the node's answer."""

    # Name look-up, TCP and TLS together.
    CONNECT_SECONDS = 3
    # The whole exchange, connecting included: Pypestream's own limit is unpublished, and someone is waiting.
    TOTAL_SECONDS = 8
    ANSWER_BYTES = 256 * 1024

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

    class Unavailable(Exception):
        """There is no answer of a node; the message is the `detail`, so it holds no value and no secret."""

    def execute(self, log, payload=None, context=None):
        """Calls the node named in the payload, once.

        payload: {"node": [a-z][a-z0-9-]{0,63}, …the payload of that node}, JSON values only.
        context: "env" is required: sandbox, prod or live; case and surrounding blanks are ignored.

        Returns a flat dict of strings, the node's answer unchanged. Whatever goes wrong it is
        {"success": "error", "outcome": "unavailable", "detail": …}. It never raises and waits
        at most TOTAL_SECONDS. `log` gets one line: node, outcome, milliseconds.
        """
        started = time.monotonic()
        # A name that is refused may hold anything, so it is not logged.
        node = "?"
        try:
            node = self._node(payload)
            answer = self._call(node, payload, context)
        except self.Unavailable as reason:
            answer = self._unavailable(str(reason))
        except Exception as error:
            answer = self._unavailable(f"The action node failed ({type(error).__name__}).")
        milliseconds = round((time.monotonic() - started) * 1000)
        # A log that fails must not cost the conversation its answer.
        with contextlib.suppress(Exception):
            log(f"BrazeNode {node}: {answer['outcome']}, {milliseconds} ms")
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
            import app  # Here and not above, so that a missing or broken app.py is an answer too.
        except (Exception, SystemExit):
            raise self.Unavailable("app.py is missing or cannot be imported.")
        params = getattr(app, "PARAMS", None)
        entries = params.items() if isinstance(params, dict) else ()
        entries = {str(name).strip().lower(): entry for name, entry in entries}
        for name in self.ENVIRONMENTS[env]:
            if name in entries:
                return entries[name]
        raise self.Unavailable(f"app.py has no PARAMS for {env}.")

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
                context = ssl.create_default_context()
                secure = http.client.HTTPSConnection(host, port, timeout=self.CONNECT_SECONDS, context=context)
                return secure, path
            if plain and parts.scheme == "http" and self._is_loopback(host):
                return http.client.HTTPConnection(host, port, timeout=self.CONNECT_SECONDS), path
        raise self.Unavailable(f"The braze_nodes_url for {env} in app.py must look like https://host, without a query.")

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
        forwarded = {"env": env}
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
        """The status and the body of the answer, cut after ANSWER_BYTES + 1. One attempt."""
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
            except Exception as error:
                results.put((None, error))

        threading.Thread(target=run, daemon=True).start()
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
                return response.status, response.read(self.ANSWER_BYTES + 1)

    def _answer(self, status, body):
        """The answer in the body: a flat JSON object of strings with `success` and `outcome`."""
        if len(body) > self.ANSWER_BYTES:
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
