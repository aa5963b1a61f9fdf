#!/usr/bin/env python3
"""An asynchronous invocation that was answered with 202 runs, also when the server is killed with
SIGKILL as soon as the answer is there; and so does its destination."""
import argparse
import http.server
import json
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import harness  # noqa: E402

EVENTS = 12
SECONDS_MAX = 60

SOURCE = """import json, os, urllib.request
def handler(event, context):
    body = json.dumps([context.function_name, event]).encode()
    urllib.request.urlopen(urllib.request.Request(os.environ['TELL'], body), timeout=5).close()
    return event
"""


class Listener:
    """Hears what the functions were called with."""

    def __init__(self):
        self.heard = []
        heard = self.heard

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def numbers(self):
        """(those that the function was called with, those that its destination heard of)"""
        called = {event["n"] for name, event in list(self.heard) if name == "work"}
        told = {event["requestPayload"]["n"] for name, event in list(self.heard) if name == "told"}
        return called, told


def invoke(api, number):
    status, _, _ = api.request(
        "POST", "/2015-03-31/functions/work/invocations",
        {"X-Amz-Invocation-Type": "Event", "Authorization": harness.authorization("lambda")},
        json.dumps({"n": number}).encode())
    assert status == 202, status


def set_up(api, url):
    told = api.create_function("told", "python3.12", "index.handler", {"index.py": SOURCE})
    api.create_function("work", "python3.12", "index.handler", {"index.py": SOURCE})
    for name in ("told", "work"):
        api.lambda_("PUT", f"/2015-03-31/functions/{name}/configuration",
                    {"Environment": {"Variables": {"TELL": url}}})
    api.lambda_("PUT", "/2019-09-25/functions/work/event-invoke-config",
                {"DestinationConfig": {"OnSuccess": {"Destination": told}}})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    options = parser.parse_args()
    listener = Listener()
    wanted = set(range(EVENTS))
    with harness.Server(options.pawl) as server:
        set_up(server.api(), listener.url)
        for number in sorted(wanted):
            invoke(server.api(), number)
            if number % 4 == 3:
                server.kill()
                server.start()
        deadline = time.monotonic() + SECONDS_MAX
        while listener.numbers() != (wanted, wanted) and time.monotonic() < deadline:
            time.sleep(0.05)
    called, told = listener.numbers()
    missing = [f"event {n} did not run" for n in sorted(wanted - called)]
    missing += [f"the destination did not hear of event {n}" for n in sorted(wanted - told)]
    print("\n".join(missing) or f"events: {EVENTS} of {EVENTS} ran and were told, over 3 kills")
    harness.report_counts(2 * EVENTS - len(missing), len(missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
