"""Pawl's client of the Lambda Runtime API for Python.

One inherited Unix socket carries HTTP: each answer travels together with the request for the next
invocation, which is awaited in a blocking read.
"""
import importlib
import json
import logging
import os
import sys
import time
import traceback

SOCKET = 3
API = "/2018-06-01/runtime"
NEXT = ("GET %s/invocation/next HTTP/1.1\r\nHost: pawl\r\n\r\n" % API).encode()
TASK_ROOT = os.environ.get("LAMBDA_TASK_ROOT", os.getcwd())
# Where the code really lies, without a private mount table; traces show where AWS has it.
TASK_REAL = os.environ.pop("PAWL_TASK_DIRECTORY", None)
# The SDK that a function finds when its package has none.
SDK = os.environ.pop("PAWL_PYTHON_SDK", "/var/runtime/python")


class Wire:
    def __init__(self):
        self.buffer = bytearray()

    def write(self, data):
        view = memoryview(data)
        while view:
            view = view[os.write(SOCKET, view):]

    def fill(self):
        data = os.read(SOCKET, 1 << 16)
        if not data:
            os._exit(0)  # the server is gone
        self.buffer += data

    def receive(self):
        """One HTTP response: status, headers, body."""
        while (blank := self.buffer.find(b"\r\n\r\n")) < 0:
            self.fill()
        lines = self.buffer[:blank].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        end = blank + 4 + int(headers["content-length"])
        while len(self.buffer) < end:
            self.fill()
        body = bytes(self.buffer[blank + 4:end])
        del self.buffer[:end]
        return int(lines[0][9:12]), headers, body

    def post(self, path, body, error_type=None, then=b""):
        header = ""
        if error_type is not None:
            shown = "".join(c if " " <= c <= "~" else "?" for c in error_type)
            header = "Lambda-Runtime-Function-Error-Type: %s\r\n" % shown
        head = "POST %s%s HTTP/1.1\r\nHost: pawl\r\n%sContent-Length: %d\r\n\r\n" % (
            API, path, header, len(body))
        self.write(b"".join((head.encode("latin-1"), body, then)))


class LambdaContext:
    def __init__(self, headers):
        env = os.environ
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.log_group_name = env.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = env.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = env.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = env.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = env.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = None
        self.client_context = ClientContext.parse(headers.get("lambda-runtime-client-context"))
        self.identity = CognitoIdentity(headers.get("lambda-runtime-cognito-identity"))
        self._deadline_ms = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline_ms - int(time.time() * 1000), 0)

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        return "LambdaContext([%s])" % ",".join(
            "%s=%s" % (name, getattr(self, name)) for name in (
                "aws_request_id", "log_group_name", "log_stream_name", "function_name",
                "memory_limit_in_mb", "function_version", "invoked_function_arn",
                "client_context", "identity"))


class CognitoIdentity:
    def __init__(self, text):
        value = json.loads(text) if text else {}
        self.cognito_identity_id = value.get("cognitoIdentityId")
        self.cognito_identity_pool_id = value.get("cognitoIdentityPoolId")


class Client:
    def __init__(self, value):
        for name in ("installation_id", "app_title", "app_version_name", "app_version_code",
                     "app_package_name"):
            setattr(self, name, value.get(name))


class ClientContext:
    def __init__(self, value):
        self.custom = value.get("custom")
        self.env = value.get("env")
        self.client = Client(value["client"]) if value.get("client") else None

    @staticmethod
    def parse(text):
        value = json.loads(text) if text else None
        return ClientContext(value) if isinstance(value, dict) else None


class InitError(Exception):
    """The handler cannot be loaded; `trace` is what the answer shows as stackTrace."""

    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind = kind
        self.trace = list(trace)


def shown(text):
    return text.replace(TASK_REAL, "/var/task") if TASK_REAL else text


def stack_trace(error):
    """The error's frames from the function's own code on, printed as Python prints them."""
    frames = traceback.extract_tb(error.__traceback__)
    while frames and frames[0].filename.startswith((__file__, importlib.__file__, "<frozen i")):
        frames = frames[1:]
    return [shown(line) for line in traceback.format_list(frames)]


def error_bytes(message, kind, request_id, trace):
    return json.dumps({"errorMessage": message, "errorType": kind, "requestId": request_id,
                       "stackTrace": trace}, ensure_ascii=False).encode("utf-8", "replace")


def log_error(kind, message, trace):
    text = "[ERROR] %s: %s\n" % (kind, message) if message else "[ERROR] %s\n" % kind
    if trace:
        text += "Traceback (most recent call last):\n" + "".join(trace)
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def load_handler(text):
    try:
        module_path, name = text.rsplit(".", 1)
    except ValueError as error:
        raise InitError("Runtime.MalformedHandlerName", "Bad handler '%s': %s" % (text, error))
    module_name = module_path.replace("/", ".")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise InitError("Runtime.BuiltInModuleConflict",
                        "Cannot use built-in module %s as a handler module" % module_path)
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise InitError("Runtime.ImportModuleError",
                        "Unable to import module '%s': %s" % (module_path, error))
    except SyntaxError as error:
        trace = ['  File "%s" Line %s\n    %s'
                 % (shown(str(error.filename)), error.lineno, error.text)]
        raise InitError("Runtime.UserCodeSyntaxError",
                        "Syntax error in module '%s': %s" % (module_path, shown(str(error))), trace)
    try:
        return getattr(module, name)
    except AttributeError:
        raise InitError("Runtime.HandlerNotFound",
                        "Handler '%s' missing on module '%s'" % (name, module_path))


def layer_paths():
    """Where layers have their modules (AWS Lambda, "Packaging your layer content")."""
    opt = os.environ.pop("PAWL_LAYERS", "/opt")
    version = "python%d.%d" % sys.version_info[:2]
    asked = os.environ.get("AWS_EXECUTION_ENV", "").rpartition("_")[2]
    found = ["%s/python/lib/%s/site-packages" % (opt, name) for name in (version, asked)]
    return [path for path in dict.fromkeys(found) if os.path.isdir(path)] + [opt + "/python"]


class RequestIdFilter(logging.Filter):
    request_id = ""

    def filter(self, record):
        record.aws_request_id = RequestIdFilter.request_id
        return True


class LogHandler(logging.Handler):
    def emit(self, record):
        sys.stdout.write(self.format(record))
        sys.stdout.flush()


def install_logging():
    logging.Formatter.converter = time.gmtime
    handler = LogHandler()
    handler.setFormatter(logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n",
        "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(RequestIdFilter())
    logging.getLogger().addHandler(handler)


def failure(error, request_id):
    kind = type(error).__name__
    trace = stack_trace(error)
    log_error(kind, str(error), trace)
    return kind, error_bytes(str(error), kind, request_id, trace)


def invoke(handler, headers, body):
    """The path to post to, the body, and the error type or None."""
    request_id = headers["lambda-runtime-aws-request-id"]
    RequestIdFilter.request_id = request_id
    trace_id = headers.get("lambda-runtime-trace-id")
    if trace_id:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
    path = "/invocation/%s/" % request_id
    try:
        event = json.loads(body)
    except ValueError as error:
        message = "Unable to unmarshal input: %s" % error
        return (path + "error", error_bytes(message, "Runtime.UnmarshalError", request_id, []),
                "Runtime.UnmarshalError")
    try:
        result = handler(event, LambdaContext(headers))
    except Exception as error:  # whatever the function raises is its answer
        kind, payload = failure(error, request_id)
        return path + "error", payload, kind
    try:
        return path + "response", encode(result), None
    except Exception as error:
        message = "Unable to marshal response: %s" % error
        log_error("Runtime.MarshalError", message, [])
        return (path + "error", error_bytes(message, "Runtime.MarshalError", request_id, []),
                "Runtime.MarshalError")


def encode(result):
    if isinstance(result, bytes):
        return result  # the answer's own text
    text = json.dumps(result, default=encode_default, ensure_ascii=escapes_unicode())
    return text.encode("utf-8", "replace")


def escapes_unicode():
    """Runtimes before Python 3.12 escape what is not ASCII (AWS Lambda, "Building Lambda functions
    with Python", Response format)."""
    version = os.environ.get("AWS_EXECUTION_ENV", "").rpartition("python")[2].split(".")
    return [int(part) for part in version if part.isdigit()] < [3, 12]


def encode_default(value):
    if type(value).__module__ == "decimal" and type(value).__name__ == "Decimal":
        return float(value)
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


def serve(wire, handler):
    wire.write(NEXT)
    while True:
        status, headers, body = wire.receive()
        if status != 200:
            continue  # the acknowledgement of the last answer
        path, answer, error_type = invoke(handler, headers, body)
        sys.stdout.flush()
        sys.stderr.flush()
        wire.post(path, answer, error_type, NEXT)


def main():
    os.set_inheritable(SOCKET, False)
    sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    sys.stderr.reconfigure(line_buffering=True)
    if os.environ.get("AWS_EXECUTION_ENV", "").startswith("AWS_Lambda_python2"):
        import python2  # beside this file
        python2.install(TASK_ROOT)
    sys.path[0] = TASK_ROOT  # the bootstrap's own directory is no place for modules
    sys.path += layer_paths() + [SDK]
    install_logging()
    wire = Wire()
    try:
        handler = load_handler(os.environ.get("_HANDLER", ""))
    except InitError as error:
        log_error(error.kind, str(error), error.trace)
        wire.post("/init/error", error_bytes(str(error), error.kind, "", error.trace), error.kind)
        sys.exit(1)
    except Exception as error:
        kind, payload = failure(error, "")
        wire.post("/init/error", payload, kind)
        sys.exit(1)
    serve(wire, handler)


if __name__ == "__main__":
    main()
