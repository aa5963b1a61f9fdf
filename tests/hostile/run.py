#!/usr/bin/env python3
"""Throws every request of api_requests.py, definitions.py and wire.py at a fresh server. Each must
get the right error, and the server must live through all of them and shut down cleanly."""
import argparse
import json
import os
import socket
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import api_requests  # noqa: E402
import definitions  # noqa: E402
import harness  # noqa: E402
import newer_requests  # noqa: E402
import operator_requests  # noqa: E402
import stack_requests  # noqa: E402
import wire  # noqa: E402

PASS = '{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}'
SUCCEED = '{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}'
WAIT = '{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}}'
SOCKET_SECONDS_MAX = 10
STARTED_SECONDS_MAX = 60


class Fixtures:
    """What the requests refer to by {name}."""

    def __init__(self, api):
        machine = api.create_machine(PASS, "hostile")
        waiting_machine = api.create_machine(WAIT, "waiting")
        activity = api.states("CreateActivity", name="hostile")["activityArn"]
        done = api.states("StartExecution", stateMachineArn=machine, name="done")["executionArn"]
        waiting = api.states("StartExecution", stateMachineArn=waiting_machine, name="waiting",
                             input="{}")["executionArn"]
        api.wait_closed(done)
        token = self.open_task(api, activity, "asking")
        middle = len(token) // 2
        changed = "A" if token[middle] != "A" else "B"
        self.names = {
            "machine": machine, "machine_name": "hostile", "waiting_machine": waiting_machine,
            "activity": activity, "done": done, "waiting": waiting, "role": harness.ROLE,
            "pass": PASS, "succeed": SUCCEED, "token": token, "token_cut": token[:-5],
            "token_changed": token[:middle] + changed + token[middle + 1:],
        }

    @staticmethod
    def open_task(api, activity, name):
        machine = api.create_machine({"StartAt": "A", "States": {
            "A": {"Type": "Task", "Resource": activity, "End": True}}}, name)
        api.states("StartExecution", stateMachineArn=machine)
        return api.states("GetActivityTask", activityArn=activity)["taskToken"]

    def fill(self, value):
        if isinstance(value, str):
            for name, text in self.names.items():
                value = value.replace("{" + name + "}", text)
            return value
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}
        return [self.fill(item) for item in value] if isinstance(value, list) else value


def wrong_message(expected, message):
    if expected is None:
        return not message and "the message is empty"
    if expected.startswith("~"):
        return expected[1:] not in message and f"the message lacks {expected[1:][:200]!r}"
    return expected != message and f"expected the message {expected[:300]!r}"


def check_request(api, fixtures, case):
    """What is wrong with the answer, or nothing."""
    _, operation, arguments, code, message = case
    status, answer = api.raw(operation, json.dumps(fixtures.fill(arguments)).encode())
    if status < 400 or not isinstance(answer, dict):
        return f"accepted: HTTP {status} {str(answer)[:200]}"
    error = harness.error_of(status, answer)
    got = f"{status} {error.code}: {error.message[:400]}"
    if status >= 500:
        return f"a server error: {got}"
    if code is not None and error.code != code:
        return f"expected {code}, got {got}"
    problem = wrong_message(fixtures.fill(message) if message else None, error.message)
    return f"{problem}, got {got}" if problem else None


def check_operator(api, fixtures, case):
    """A request to one of Pawl's own operations."""
    _, path, body, part = case
    status, _, answer = api.request(
        "POST", f"/_pawl/{path}", {"Content-Type": "application/json",
                                   "Authorization": harness.authorization("pawl")},
        fixtures.fill(body).encode())
    text = answer.decode("utf-8", "replace")
    if not 400 <= status < 500:
        return f"status {status}: {text[:300]}"
    return part not in text and f"the answer lacks {part!r}: {text[:300]}"


def check_definition(api, case, machine_type):
    """Both ways to a diagnostic: ValidateStateMachineDefinition and CreateStateMachine."""
    _, definition, expected = case
    text = definition if isinstance(definition, str) else json.dumps(definition)
    answer = api.states("ValidateStateMachineDefinition", definition=text, type=machine_type)
    found = answer["diagnostics"]
    if answer["result"] != "FAIL":
        return "found to be valid"
    for code, message, location in expected:
        if not any((code is None or code == d["code"])
                   and (message is None or message == d["message"])
                   and (location is None or location == d.get("location")) for d in found):
            return f"expected {code}: {message} at {location}, got {json.dumps(found)[:600]}"
    try:
        api.create_machine(text, harness.unique("bad"), type=machine_type)
        return "CreateStateMachine took it"
    except harness.ApiError as error:
        if error.code != "InvalidDefinition":
            return f"CreateStateMachine answered {error}"
        texts = [message for _, message, _ in expected if message]
        missing = [text for text in texts if text not in error.message]
        return missing and f"CreateStateMachine does not say {missing[0]!r}: {error.message}"


def check_wire(port, case):
    _, data, allowed = case
    with socket.create_connection(("127.0.0.1", port), timeout=SOCKET_SECONDS_MAX) as connection:
        answer = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                answer += chunk
        except (ConnectionError, TimeoutError) as error:
            if isinstance(error, TimeoutError):
                return f"no answer and no close within {SOCKET_SECONDS_MAX} s"
    first = answer.split(b"\r\n", 1)[0].split(b" ")
    status = int(first[1]) if len(first) > 1 and first[0].startswith(b"HTTP/") else 0
    return None if status in allowed else f"status {status}: {answer[-300:]!r}"


def checks(server, api, fixtures):
    """(group, name, what is wrong or None) for every case."""
    for case in [*api_requests.REQUESTS, *newer_requests.REQUESTS]:
        yield "request", case[0], lambda case=case: check_request(api, fixtures, case)
    for case in definitions.DEFINITIONS:
        yield "definition", case[0], lambda case=case: check_definition(api, case, "STANDARD")
    for case in definitions.EXPRESS_DEFINITIONS:
        yield "express", case[0], lambda case=case: check_definition(api, case, "EXPRESS")
    for case in operator_requests.OPERATOR:
        yield "operator", case[0], lambda case=case: check_operator(api, fixtures, case)
    for case in wire.WIRE:
        yield "wire", case[0], lambda case=case: check_wire(server.port, case)
    yield "wire", "workers that go while they poll", lambda: polls_of_the_gone(server)


def run_one(server, check):
    try:
        problem = check()
    except harness.ApiError as error:
        problem = f"an error where none belongs: {error}"
    except OSError as error:
        problem = f"no answer: {type(error).__name__} {error}"
    if server.process.poll() is not None:
        return f"THE SERVER DIED with {server.process.returncode}\n{server.log_tail()}"
    return problem or None


def executions_started(server):
    """The line of the metrics that counts them."""
    _, _, text = server.api().request("GET", "/_pawl/metrics")
    name = b"pawl_executions_started_total "
    return next(line for line in text.splitlines() if line.startswith(name))


def answer_at_shutdown(server):
    """What is wrong with the answer to a StartSyncExecution that outlasts its server."""
    api = server.api()
    tells = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "Next": "Wait",
             "Parameters": {"StateMachineArn": api.create_machine(PASS, "told")}}
    machine = api.create_machine({"StartAt": "Tells", "States": {
        "Tells": tells, "Wait": {"Type": "Wait", "Seconds": 200, "End": True}}},
        "outlasts", type="EXPRESS")
    errors = []

    def call():
        try:
            server.api(timeout=60).states("StartSyncExecution", stateMachineArn=machine)
        except (harness.ApiError, OSError) as error:
            errors.append(error)

    before = executions_started(server)
    caller = threading.Thread(target=call, daemon=True)
    caller.start()
    deadline = time.monotonic() + STARTED_SECONDS_MAX
    while executions_started(server) == before and time.monotonic() < deadline:
        time.sleep(0.02)
    code = server.stop()
    caller.join(30)
    refused = [error for error in errors if getattr(error, "code", "") == "ServiceUnavailable"]
    return None if code == 0 and len(refused) == 1 else f"exit code {code}, answer {errors}"


def polls_of_the_gone(server):
    """What is wrong after workers have closed their connections while they polled."""
    api = server.api(timeout=SOCKET_SECONDS_MAX)
    activity = api.states("CreateActivity", name="left")["activityArn"]
    poll = wire.post(json.dumps({"activityArn": activity}).encode(),
                     b"X-Amz-Target: AWSStepFunctions.GetActivityTask\r\n")

    def connect():
        connection = socket.create_connection(("127.0.0.1", server.port),
                                              timeout=SOCKET_SECONDS_MAX)
        connection.sendall(poll)
        return connection

    for _ in range(20):
        connect().close()
    # These close their sides only. When they are answered, on all of the server's threads, it has
    # noticed that the others went.
    for _ in range(20):
        with connect() as connection:
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        if not answer.endswith(b"\r\n\r\n{}"):
            return f"a client that closed its side got {answer!r}"
    try:
        return None if Fixtures.open_task(api, activity, "left") else "no task"
    except OSError as error:
        return f"somebody who has gone got the task: {error}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    parser.add_argument("--only", default="", help="run the cases whose name contains this")
    options = parser.parse_args()
    passed, failed = 0, 0
    with harness.Server(options.pawl) as server:
        api = server.api(timeout=30)
        fixtures = Fixtures(api)
        for group, name, check in checks(server, api, fixtures):
            if options.only not in f"{group}: {name}":
                continue
            problem = run_one(server, check)
            if problem:
                print(f"FAILS {group}: {name}\n      {problem}")
                failed += 1
                if server.process.poll() is not None:
                    server.start()
                    api = server.api(timeout=30)
            else:
                passed += 1
        if options.only in "stacks":
            stacks, problems = stack_requests.run(server)
            passed, failed = passed + stacks, failed + len(problems)
            for problem in problems:
                print(f"FAILS stacks: {problem}")
        # After all that, ordinary work goes on.
        machine = server.api().create_machine(PASS, "afterwards")
        execution = server.api().states("StartExecution", stateMachineArn=machine)["executionArn"]
        worked = server.api().wait_closed(execution)["status"] == "SUCCEEDED"
        problem = answer_at_shutdown(server)
        if not worked or problem:
            print(f"FAILS the server does not work or stop as it should afterwards: {problem}")
            failed += 1
    print(f"hostile: {passed} passed, {failed} failed")
    harness.report_counts(passed, failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
