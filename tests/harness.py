"""Starts, kills and restarts a real `pawl serve` in a directory of its own, and speaks its API.

Everything is bounded: a server that does not come up, an answer that does not come, a shutdown that
hangs end in an error, and no process or directory outlives the test.
"""
import atexit
import base64
import http.client
import http.server
import io
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import uuid
import zipfile

ROLE = "arn:aws:iam::000000000000:role/test"
ACCOUNT = "000000000000"
REGION = "us-east-1"
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30


def authorization(service="states"):
    """An Authorization header of the right form; its signature is read with --credentials only."""
    return (f"AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/{service}/aws4_request, "
            "SignedHeaders=host, Signature=0")


class ApiError(Exception):
    """An error answer of the service."""

    def __init__(self, status, code, message):
        super().__init__(f"{code}: {message}")
        self.status, self.code, self.message = status, code, message


class Api:
    """A client of one server; each thread has a connection of its own."""

    def __init__(self, host, port, timeout=75):
        self.host, self.port, self.timeout = host, port, timeout
        self._local = threading.local()

    def request(self, method, path, headers=None, body=b""):
        """(status, headers, body bytes). One attempt on a fresh or kept connection."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
            self._local.connection = connection
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self._local.connection = None
            raise

    def raw(self, target, body, headers=None):
        """A JSON 1.0 call with any bytes as its body: (status, decoded answer or text)."""
        all_headers = {"Content-Type": "application/x-amz-json-1.0",
                       "X-Amz-Target": f"AWSStepFunctions.{target}",
                       "Authorization": authorization(), **(headers or {})}
        all_headers = {k: v for k, v in all_headers.items() if v is not None}
        status, _, answer = self.request("POST", "/", all_headers, body)
        return status, decoded(answer)

    def states(self, operation, **arguments):
        """An operation of Step Functions; raises ApiError for an error answer."""
        status, answer = self.raw(operation, json.dumps(arguments).encode())
        if status >= 300 or not isinstance(answer, dict):
            raise error_of(status, answer)
        return answer

    def lambda_(self, method, path, arguments=None):
        """A call of the Lambda REST API."""
        body = b"" if arguments is None else json.dumps(arguments).encode()
        status, _, answer = self.request(
            method, path, {"Content-Type": "application/json",
                           "Authorization": authorization("lambda")}, body)
        if status >= 300:
            raise error_of(status, decoded(answer))
        return decoded(answer)

    def create_function(self, name, runtime, handler, files):
        """Creates a function out of {file name: text}; answers its ARN."""
        arn = self.lambda_("POST", "/2015-03-31/functions", {
            "FunctionName": name, "Runtime": runtime, "Handler": handler, "Role": ROLE,
            "Timeout": 30, "Code": {"ZipFile": base64.b64encode(zipped(files)).decode()},
        })["FunctionArn"]
        return arn

    def create_machine(self, definition, name=None, **more):
        text = definition if isinstance(definition, str) else json.dumps(definition)
        return self.states("CreateStateMachine", name=name or unique("machine"), definition=text,
                           roleArn=ROLE, **more)["stateMachineArn"]

    def history(self, execution):
        """All events, over as many pages as there are."""
        events, token = [], {}
        while True:
            page = self.states("GetExecutionHistory", executionArn=execution, maxResults=1000,
                               **token)
            events += page["events"]
            if not page.get("nextToken"):
                return events
            token = {"nextToken": page["nextToken"]}

    def wait_closed(self, execution, seconds=60):
        """The description of the execution once it is no longer running."""
        deadline = time.monotonic() + seconds
        while True:
            description = self.states("DescribeExecution", executionArn=execution)
            if description["status"] != "RUNNING":
                return description
            if time.monotonic() > deadline:
                raise TimeoutError(f"{execution} is still running after {seconds} s")
            time.sleep(0.02)


def decoded(answer):
    try:
        return json.loads(answer)
    except ValueError:
        return answer.decode("utf-8", "replace")


def error_of(status, answer):
    if isinstance(answer, dict):
        code = str(answer.get("__type") or answer.get("Code") or answer.get("Type"))
        message = answer.get("message", answer.get("Message", ""))
        return ApiError(status, code.split("#")[-1], message)
    return ApiError(status, "", str(answer)[:200])


def unique(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


def zipped(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            archive.writestr(info, text)
    return data.getvalue()


class Server:
    """`pawl serve` on a free port of 127.0.0.1, with its data in a temporary directory."""

    def __init__(self, binary, options=(), environment=None, keep_log=None):
        self.binary = os.path.abspath(binary)
        self.options = list(options)
        self.environment = {**os.environ, **(environment or {})}
        self.directory = tempfile.mkdtemp(prefix="pawl-test-")
        self.data_dir = os.path.join(self.directory, "data")
        self.log_path = keep_log or os.path.join(self.directory, "server.log")
        self.port = 0
        self.scheme = "http"
        self.process = None
        atexit.register(self.close)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def endpoint(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def api(self, timeout=75):
        return Api("127.0.0.1", self.port, timeout)

    def start(self):
        """Starts the server and waits for its first line. A restart takes the same port again."""
        command = [self.binary, "serve", "--data-dir", self.data_dir,
                   "--listen", f"127.0.0.1:{self.port}", *self.options]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                env=self.environment, cwd=self.directory, start_new_session=True)
        line = self._first_line()
        if not line.startswith(("listening on http://", "listening on https://")):
            self.kill()
            raise RuntimeError(f"no server: first line {line!r}\n{self.log_tail()}")
        self.scheme = line.removeprefix("listening on ").split(":")[0]
        self.port = int(line.strip().rsplit(":", 1)[1])
        return self

    def _first_line(self):
        lines = []
        reader = threading.Thread(
            target=lambda: lines.append(self.process.stdout.readline().decode()), daemon=True)
        reader.start()
        reader.join(START_SECONDS_MAX)
        return lines[0] if lines else ""

    def kill(self):
        """SIGKILL, as a power failure would; nothing gets a chance to tidy up."""
        if self.process is not None:
            self.process.kill()
            self._reap()

    def stop(self):
        """SIGTERM and the exit code; an error when the server does not end in time."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS_MAX)
        finally:
            self.kill()

    def _reap(self):
        self.process.wait()
        self.process.stdout.close()
        try:  # what the server left running, if it did
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process = None

    def close(self):
        if self.process is not None:
            self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)
        atexit.unregister(self.close)

    def log_tail(self, lines=30):
        if not os.path.exists(self.log_path):
            return ""
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-lines:])


class LocalHttpServer:
    """A silent HTTP server on a free port of 127.0.0.1, while the `with` block runs."""

    def __init__(self, handler):
        handler.log_message = lambda *_: None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Collector(LocalHttpServer):
    """An OpenTelemetry collector that keeps every span it gets."""

    def __init__(self):
        self.spans = []
        spans = self.spans

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                for resource in body["resourceSpans"]:
                    for scope in resource["scopeSpans"]:
                        spans.extend(scope["spans"])
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

        super().__init__(Handler)

    def named(self):
        return {span["name"]: span for span in list(self.spans)}

    def wait_for(self, name, seconds=30):
        """The span of that name, once it has come."""
        deadline = time.monotonic() + seconds
        while name not in self.named():
            if time.monotonic() > deadline:
                raise TimeoutError(f"no span {name} after {seconds} s: {list(self.named())}")
            time.sleep(0.02)
        return self.named()[name]


def report_counts(passed, failed):
    """Tells ./dev how many checks ran (tools/dev/stages.sh adds them up)."""
    path = os.environ.get("PAWL_COUNTS")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"{passed} {failed}\n")
