#!/usr/bin/env python3
"""Every command of the binary as a person or a script uses it: output, exit codes, and what a
backup is worth."""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path[:0] = [os.path.join(HERE, "..")]
import harness  # noqa: E402
from import_checks import ImportChecks  # noqa: E402
from step_checks import StepChecks  # noqa: E402

COMMAND_SECONDS_MAX = 60
GOOD = '{"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"a":[1,2]},"End":true}}}'
FAILS = '{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"because"}}}'
BAD = '{\n  "StartAt": "P",\n  "States": {"P": {"Type": "Pass", "Next": "Nowhere"}}\n}'
FUNCTION = "def handler(event, context):\n    return event['n'] + 1\n"


class Commands(StepChecks, ImportChecks):
    """One check a method; each raises AssertionError with what is wrong."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.write("good.json", GOOD)
        self.write("fails.json", FAILS)
        self.write("bad.json", BAD)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def run(self, *words, stdin="", environment=None):
        done = subprocess.run([self.binary, *words], input=stdin, capture_output=True, text=True,
                              timeout=COMMAND_SECONDS_MAX, cwd=self.folder, check=False,
                              env={**os.environ, **(environment or {})})
        return done.returncode, done.stdout, done.stderr

    def expect(self, status, part, *words, **more):
        """Exit code, and a part of what was printed (of both streams)."""
        got, out, errors = self.run(*words, **more)
        assert got == status, f"{words}: exit {got}, not {status}: {out}{errors}"
        assert part in out + errors, f"{words}: no {part!r} in {out}{errors}"
        return out

    def check_help(self):
        self.expect(0, "serve", "--help")
        self.expect(0, "PAWL_DATA_DIR", "serve", "--help")
        self.expect(2, "no command 'frobnicate'", "frobnicate")
        self.expect(2, "needs --credentials", "serve", "--listen", "0.0.0.0:0")
        self.expect(2, "--listen", "serve", environment={"PAWL_LISTEN": "0.0.0.0:0"})

    def check_settings_that_name_nothing(self):
        """What a setting names and what is not there stops the server at once, by its name."""
        serve = ["serve", "--listen", "127.0.0.1:0", "--data-dir",
                 os.path.join(self.folder, "nothing")]
        self.write("empty", "")
        for status, part, *words in [
                (1, "absent: cannot be read: No such file", "--credentials", "absent"),
                (1, "empty: no credentials in it", "--credentials", "empty"),
                (1, "absent: cannot be read: No such file", "--http-connections", "absent"),
                (1, "--objects: there is no directory absent", "--objects", "absent"),
                (1, "--function-sdks: there is no directory", "--function-sdks", "absent"),
                (2, "is no origin such as", "--allowed-origins", "example.com"),
                (2, "each is named", "--allowed-origins", "*")]:
            self.expect(status, part, *serve, *words)
        assert not os.path.exists(serve[-1]), "a refused start made its data directory"

    def check_configuration_file(self):
        self.write("wrong.toml", 'threads = 1\n  colour = "red"\n')
        self.expect(2, "wrong.toml:2:3: no setting 'colour'", "serve", "--config", "wrong.toml")
        self.write("broken.toml", "threads = = 1\n")
        self.expect(2, "broken.toml:1:11", "serve", "--config", "broken.toml")

    def check_settings_are_documented(self):
        """Each flag of `serve` is in the README's table and in the configuration file we ship."""
        flags = set(re.findall(r"^  (?:-\w,)?--([a-z-]+)", self.expect(0, "", "serve", "--help"),
                               re.MULTILINE)) - {"help", "config"}
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
            table = set(re.findall(r"--([a-z-]+)", "".join(
                line.split("|")[1] for line in file if line.startswith("| `--"))))
        with open(os.path.join(ROOT, "packaging", "pawl.toml"), encoding="utf-8") as file:
            keys = re.findall(r"^# (\S+) = ", file.read(), re.MULTILINE)
        assert table == flags, f"the README's table: {table ^ flags}"
        expected = {flag.replace("-", "_") for flag in flags}
        assert set(keys) == expected, f"pawl.toml: {set(keys) ^ expected}"

    def check_version(self):
        self.expect(0, "pawl ", "version")
        assert json.loads(self.expect(0, "", "version", "--json"))["name"] == "pawl"

    def check_validate(self):
        self.expect(0, "", "validate", "good.json")
        self.expect(1, "bad.json:3:", "validate", "good.json", "bad.json")
        self.expect(1, "MISSING_TRANSITION_TARGET", "validate", "-", stdin=BAD)
        out = self.expect(1, "", "validate", "--json", "bad.json")
        assert json.loads(out.splitlines()[0])["severity"] == "error", out
        self.expect(2, "cannot be read", "validate", "absent.json")
        self.expect(2, "Is a directory", "validate", "/")

    def check_jsonpath(self):
        assert self.expect(0, "", "jsonpath", "$.a[1]", stdin='{"a":[1,2]}') == "2\n"
        self.expect(1, "", "jsonpath", "$.b", stdin='{"a":1}')
        self.expect(1, "", "jsonpath", "$[", stdin="{}")
        self.expect(1, "Is a directory", "jsonpath", "$", "/")
        lines = '{"path":"$.a","json":"{\\"a\\":1}"}\n{"path":"$.b","json":"{}"}\n'
        answers = self.expect(0, "", "jsonpath", stdin=lines).splitlines()
        assert json.loads(answers[0])["result"] == 1 and "error" in answers[1], answers

    def check_run(self):
        assert self.expect(0, "", "run", "good.json") == '{"a":[1,2]}\n'
        self.expect(1, "FAILED E: because", "run", "fails.json")
        self.expect(1, "InvalidDefinition", "run", "bad.json")
        self.expect(1, "InvalidExecutionInput", "run", "good.json", "--input", "no JSON")
        out = self.expect(0, "", "run", "good.json", "--json")
        assert json.loads(out)["status"] == "SUCCEEDED", out

    def check_env(self):
        code = 'eval "$("$0" env --endpoint http://h:1)" && echo $AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID'
        for keys, expected in [({}, "http://h:1 test"),
                               ({"AWS_ACCESS_KEY_ID": "mine"}, "http://h:1 mine")]:
            environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
            done = subprocess.run(["sh", "-c", code, self.binary], env={**environment, **keys},
                                  capture_output=True, text=True, timeout=30, check=False)
            assert done.stdout.strip() == expected, done.stdout + done.stderr
        self.expect(0, "set -gx AWS_ENDPOINT_URL", "env", "--shell", "fish")
        self.expect(0, "export AWS_CA_BUNDLE='ca.pem'", "env", "--ca-bundle", "ca.pem")
        for endpoint, line in [("http://127.0.0.1:4566", "127.0.0.1 sync-127.0.0.1 sync-localhost"),
                               ("https://10.1.2.3:4566", "10.1.2.3 sync-10.1.2.3")]:
            out = self.expect(0, "", "env", "--hosts", "--endpoint", endpoint)
            assert out == line + "\n", out

    def check_completion(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.expect(0, "serve", "completion", shell)
            if shutil.which(shell):
                done = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True,
                                      timeout=30, check=False)
                assert done.returncode == 0, f"{shell}: {done.stderr}"
        self.expect(2, "tcsh", "completion", "tcsh")

    def check_logs(self):
        with harness.Server(self.binary) as server:
            api = server.api()
            machine = api.create_machine('{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,'
                                         '"Next":"S"},"S":{"Type":"Succeed"}}}')
            execution = api.states("StartExecution", stateMachineArn=machine)["executionArn"]
            out = self.expect(0, "WaitStateEntered", "logs", "--endpoint", server.endpoint,
                              "--follow", execution)
            assert out.endswith("SUCCEEDED\n"), out
            later = self.expect(0, "", "logs", "--endpoint", server.endpoint, "--after", "4",
                                "--json", execution)
            assert [json.loads(line)["id"] for line in later.splitlines()] == [5, 6], later
            self.expect(1, "ExecutionDoesNotExist", "logs", "--endpoint", server.endpoint,
                        execution + "x")
        self.expect(1, "no server at", "logs", "--endpoint", server.endpoint, execution)

    def check_backup(self):
        """Backups of a live and of a stopped server: both run on, functions and all."""
        with harness.Server(self.binary) as server:
            api = server.api()
            function = api.create_function("add", "python3.12", "f.handler", {"f.py": FUNCTION})
            machine = api.create_machine({"StartAt": "W", "States": {
                "W": {"Type": "Wait", "Seconds": 2, "Next": "T"},
                "T": {"Type": "Task", "Resource": function, "End": True}}}, "kept")
            execution = api.states("StartExecution", stateMachineArn=machine, name="one",
                                   input='{"n":41}')["executionArn"]
            target = ["--endpoint", server.endpoint, "--data-dir", server.data_dir]
            live, stopped = (os.path.join(self.folder, name) for name in ("live", "stopped"))
            self.expect(0, live, "backup", *target, live)
            self.expect(1, "exists", "backup", *target, live)
            assert server.stop() == 0
            self.expect(0, stopped, "backup", *target, stopped)
            self.expect(1, "", "restore", live, "--data-dir", server.data_dir)
        for source in (live, stopped):
            self.run_restored(source, execution)
        self.expect(1, "", "restore", self.folder, "--data-dir", os.path.join(self.folder, "no"))

    def run_restored(self, source, execution):
        with tempfile.TemporaryDirectory() as folder:
            restored = harness.Server(self.binary)
            restored.data_dir = os.path.join(folder, "restored")
            self.expect(0, "", "restore", source, "--data-dir", restored.data_dir)
            with restored as server:
                description = server.api().wait_closed(execution)
                assert description.get("output") == "42", f"{source}: {description}"

    def check_credentials(self):
        """With keys, a wrong signature is refused and a right one is not (libcurl signs)."""
        self.write("keys", "AKIDEXAMPLE a-secret\n")
        keys = os.path.join(self.folder, "keys")
        with harness.Server(self.binary, options=["--credentials", keys]) as server:
            absent = "arn:aws:states:us-east-1:000000000000:execution:m:absent"
            for secret, part in [("a-secret", "ExecutionDoesNotExist"),
                                 ("another", "InvalidSignature")]:
                self.expect(1, part, "logs", "--endpoint", server.endpoint, absent, environment={
                    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": secret})
            self.expect(1, "UnrecognizedClient", "logs", "--endpoint", server.endpoint, absent)

    def make_certificate(self, name):
        """A self-signed certificate for 127.0.0.1: the paths of it and of its key."""
        certificate, key = (os.path.join(self.folder, name + end) for end in (".crt", ".key"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=pawl",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
                        "-out", certificate], check=True, capture_output=True, timeout=60)
        return certificate, key

    def check_https(self):
        """curl and Pawl's own client trust the certificate that they are told of, and no other."""
        certificate, key = self.make_certificate("server")
        self.expect(2, "--tls-key", "serve", "--tls-cert", certificate)
        self.expect(1, "absent.pem", "serve", "--listen", "127.0.0.1:0", "--tls-cert",
                    "absent.pem", "--tls-key", key, "--data-dir", os.path.join(self.folder, "tls"))
        other, _ = self.make_certificate("other")
        with harness.Server(self.binary, ["--tls-cert", certificate, "--tls-key", key]) as server:
            url = server.endpoint + "/_pawl/health"
            assert url.startswith("https://127.0.0.1:"), url
            for authority, status in [(certificate, 0), (other, 60)]:
                done = subprocess.run(["curl", "-sS", "--cacert", authority, url], timeout=60,
                                      capture_output=True, text=True, check=False)
                assert done.returncode == status, f"{authority}: {done}"
                assert status or "ok" in done.stdout, done.stdout
            absent = "arn:aws:states:us-east-1:000000000000:execution:m:absent"
            logs = ["logs", "--endpoint", server.endpoint, absent]
            self.expect(1, "ExecutionDoesNotExist", *logs, "--ca-bundle", certificate)
            self.expect(1, "ExecutionDoesNotExist", *logs,
                        environment={"AWS_CA_BUNDLE": certificate})
            self.expect(1, "--ca-bundle", *logs, environment={"AWS_CA_BUNDLE": other})

    def check_service_endpoint(self):
        """Functions of another server: its answers, its errors, and what its absence looks like."""
        code = ("def handler(event, context):\n"
                "    if event == 'fail':\n        raise ValueError('no ' + event)\n"
                "    return {'got': event}\n")
        own = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        with harness.Server(self.binary) as other:
            function = other.api().create_function("there", "python3.12", "f.handler",
                                                   {"f.py": code})
            options = ["--service-endpoint", f"lambda={other.endpoint}",
                       "--service-endpoint", f"states={other.endpoint}"]
            with harness.Server(self.binary, options, own) as server:
                invoke = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True,
                          "Parameters": {"FunctionName": "there", "Payload.$": "$"}}
                plain = {"Type": "Task", "Resource": function, "End": True}
                sdk = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:listStateMachines",
                       "Parameters": {}, "End": True}
                self.expect_end(server, plain, 5, '{"got":5}')
                self.expect_end(server, plain, "fail", "ValueError")
                self.expect_end(server, {**plain, "Resource": function + "x"}, 1,
                                "Lambda.ResourceNotFoundException")
                self.expect_end(server, invoke, {"a": 1}, '"Payload":{"got":{"a":1}}')
                self.expect_end(server, invoke, '"fail"', "ValueError")
                self.expect_end(server, sdk, {}, '{"StateMachines":[]}')
                assert other.stop() == 0
                self.expect_end(server, invoke, 1, "Lambda.SdkClientException")
                self.expect_end(server, sdk, {}, "Sfn.SdkClientException")
        self.expect(2, "no service 'frob'", "serve", "--service-endpoint", "frob=http://h")

    def check_traces(self):
        """A collector gets one trace an execution, the same span ids before and after a crash."""
        definition = {"StartAt": "P", "States": {
            "P": {"Type": "Parallel", "Next": "M", "Branches": [
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}},
                {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 2, "End": True}}}]},
            "M": {"Type": "Map", "Next": "F", "ItemProcessor": {
                "StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}},
            "F": {"Type": "Fail", "Error": "E", "Cause": "why"}}}
        header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
        with harness.Collector() as collector:
            server = harness.Server(self.binary, ["--otlp-endpoint", collector.url])
            with server:
                api = server.api()
                machine = api.create_machine(definition)
                execution = api.states("StartExecution", stateMachineArn=machine,
                                       traceHeader=header)["executionArn"]
                before = collector.wait_for("A")
                server.kill()
                server.start()
                server.api().wait_closed(execution)
                root = collector.wait_for(machine.rsplit(":", 1)[1])
                spans = collector.named()
        assert root["parentSpanId"] == "53995c3f42cd8ad8", root
        assert root["status"] == {"code": 2, "message": "E: why"}, root
        assert {span["traceId"] for span in spans.values()} == {
            "5759e988bd862e3fe1be46a994272793"}, spans
        assert spans["A"]["spanId"] == before["spanId"], (spans["A"], before)
        parents = {"P": root, "M": root, "F": root, "A": spans["P"], "W": spans["P"],
                   "I": spans["M"]}
        for name, parent in parents.items():
            assert spans[name]["parentSpanId"] == parent["spanId"], (name, spans)
        lasted = [int(spans["W"][end + "TimeUnixNano"]) for end in ("start", "end")]
        assert lasted[1] - lasted[0] >= 2_000_000_000, spans["W"]

    def check_traces_of_all_kinds(self):
        """Express executions and children of Map Runs have traces, and join those of callers."""
        last = {"P": {"Type": "Pass", "End": True}}
        config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
        processor = {"ProcessorConfig": config, "StartAt": "P", "States": last}
        each = {"Type": "Map", "Label": "each", "End": True, "ItemProcessor": processor}
        machines = {"sync": {"StartAt": "P", "States": last},
                    "quick": {"StartAt": "P", "States": last},
                    "many": {"StartAt": "M", "States": {"M": each}}}
        parent = "53995c3f42cd8ad8"
        header = {name: {"traceHeader": f"Root=1-5759e988-{n:024x};Parent={parent};Sampled=1"}
                  for n, name in enumerate(machines)}
        with harness.Collector() as collector, \
                harness.Server(self.binary, ["--otlp-endpoint", collector.url]) as server:
            api, arns = server.api(), {}
            for name, definition in machines.items():
                kind = {} if name == "many" else {"type": "EXPRESS"}
                arns[name] = api.create_machine(definition, name, **kind)
            api.states("StartSyncExecution", stateMachineArn=arns["sync"], **header["sync"])
            for name in ("quick", "many"):
                api.states("StartExecution", stateMachineArn=arns[name], input="[1]",
                           **header[name])
            for n, name in enumerate(machines):
                root = collector.wait_for(name)
                assert root["traceId"] == f"5759e988{n:024x}", (name, root)
                assert root["parentSpanId"] == parent, (name, root)
                assert arns[name] in json.dumps(root["attributes"]), root
            collector.wait_for("many/each")

    def check_log_format(self):
        with harness.Server(self.binary, ["--log-format", "json"]) as server:
            server.stop()
            lines = [json.loads(line) for line in server.log_tail().splitlines()]
        stopping = [line for line in lines if "SIGTERM" in line["message"]]
        assert len(stopping) == 1 and stopping[0]["level"] == "INFO", lines

    def expect_end(self, server, task, value, part):
        """Runs one task to its end; `part` stands in the output or in the error."""
        api = server.api()
        machine = api.create_machine({"StartAt": "T", "States": {"T": task}})
        execution = api.states("StartExecution", stateMachineArn=machine, input=json.dumps(value))
        end = api.wait_closed(execution["executionArn"])
        shown = (end.get("output") or end.get("error")).replace(" ", "")
        assert part in shown, f"{task}: {end}"

    def check_pause(self):
        """What is paused stands still, also through a kill, and says so."""
        with harness.Server(self.binary) as server:
            api, target = server.api(), ["--endpoint", server.endpoint]
            machine = api.create_machine(GOOD, "paused")
            self.expect(0, "paused", "pause", machine, "--reason", "bad deploy", "--by", "ann",
                        *target)
            self.expect(0, "already paused", "pause", machine, *target)
            execution = api.states("StartExecution", stateMachineArn=machine)["executionArn"]
            self.expect(0, "by ann: bad deploy", "pause", "--list", *target)
            server.kill()
            server.start()
            api = server.api()
            self.expect(0, "by ann: bad deploy", "explain", execution, *target)
            assert api.states("DescribeExecution", executionArn=execution)["status"] == "RUNNING"
            self.expect(0, "paused", "pause", execution, *target)
            self.expect(0, "resumed", "resume", machine, *target)
            self.expect(0, "paused since", "explain", execution, *target)
            self.expect(0, "resumed", "resume", execution, *target)
            assert api.wait_closed(execution)["status"] == "SUCCEEDED"
            self.expect(1, "has ended", "pause", execution, *target)
            self.expect(1, "Does Not Exist", "pause", machine + "x", *target)
            out = self.expect(0, "", "pause", "--all", "--json", *target)
            assert json.loads(out) == {"changed": True}, out
            self.expect(0, "everything since", "pause", "--list", *target)
            self.expect(0, "resumed", "resume", "--all", *target)
        for words in ("pause", "resume", "pause --all arn:x", "pause --list --all"):
            self.expect(2, "", *words.split())

    def check_halting(self):
        """What would fail halts, says why, goes on when it is mended, or fails after all."""
        broken = GOOD.replace('"Result":{"a":[1,2]}', '"InputPath":"$.absent"')
        with harness.Server(self.binary) as server:
            api, target = server.api(), ["--endpoint", server.endpoint]
            machine = api.create_machine(broken, "halting")
            self.expect(0, "halt where they would fail", "on-failure", machine, "halt", *target)
            self.expect(0, "already", "on-failure", machine, "halt", *target)
            runs = [api.states("StartExecution", stateMachineArn=machine,
                               name=f"run-{n}")["executionArn"] for n in range(3)]
            server.kill()
            server.start()
            api = server.api()
            self.expect(0, machine + " since", "on-failure", "--list", *target)
            self.expect(0, "P: halted since", "explain", runs[0], *target)
            out = self.expect(0, "halted at P since", "list", "--halted", *target)
            assert "States.Runtime" in out and len(out.splitlines()) == 3, out
            assert api.states("DescribeExecution", executionArn=runs[0])["status"] == "RUNNING"
            self.expect(0, "1 continued", "continue", runs[0], *target)  # and halts again
            api.states("UpdateStateMachine", stateMachineArn=machine, definition=GOOD)
            self.expect(0, "1 failed", "fail", runs[2], *target)
            self.expect(0, "2 continued", "continue", "--machine", machine, "--latest", *target)
            ends = [api.wait_closed(run)["status"] for run in runs]
            assert ends == ["SUCCEEDED", "SUCCEEDED", "FAILED"], ends
            self.expect(1, "not halted", "continue", runs[0], *target)
            self.expect(0, "executions fail", "on-failure", machine, "fail", *target)
        for words in ("on-failure arn:x", "on-failure --list arn:x", "continue", "fail",
                      "on-failure arn:x panic"):
            self.expect(2, "", *words.split())

    def check_bulk(self):
        """Many executions by a filter, one by its ARN, and nothing by mistake."""
        waits = '{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}}'
        with harness.Server(self.binary) as server:
            api, target = server.api(), ["--endpoint", server.endpoint]
            machine = api.create_machine(waits, "many")
            runs = [api.states("StartExecution", stateMachineArn=machine,
                               name=f"run-{n}")["executionArn"] for n in range(30)]
            of = ["--machine", machine, *target]
            out = self.expect(0, "30 would be stopped", "stop", *of, "--dry-run")
            assert sorted(out.split()) == sorted(runs), out
            self.expect(0, "1 stopped", "stop", runs[7], "--error", "E", *target)
            self.expect(0, "29 stopped", "stop", *of, "--cause", "enough")
            self.expect(0, "11 redriven", "redrive", *of, "--name-prefix", "run-1",
                        "--started-after", "1h")
            self.expect(0, "0 deleted", "delete", *of, "--started-before", "1h")
            self.expect(1, "stop it first", "delete", runs[1], *target)
            out = self.expect(0, "", "delete", "--all", "--json", *target)
            assert json.loads(out) == {"matched": 19, "done": 19, "skipped": 0, "failed": 0}, out
            self.expect(1, "Invalid Token", "delete", "--all", "--from", "00", *target)
        self.expect(2, "filter is needed", "delete")
        self.expect(2, "filter is needed", "stop", runs[0], "--all")
        self.expect(2, "is no time", "stop", "--all", "--started-after", "yesterday")
        self.expect(2, "--status", "stop", "--all", "--status", "GONE")
        self.expect(1, "no server at", "stop", "--all", *target)

    def check_search(self):
        """Executions are found by what is in them, and by what stands in lists."""
        with harness.Server(self.binary) as server:
            api, target = server.api(), ["--endpoint", server.endpoint]
            machine = api.create_machine(GOOD, "found")
            self.expect(0, "", "search", "declare", machine, "orderId=$.order.id",
                        "first=output:$.a[0]", *target)
            self.expect(0, "found first=output:$.a[0]", "search", "list", *target)
            for n in range(12):
                name = f'"{n}"' if n % 2 else n
                arn = api.states("StartExecution", stateMachineArn=machine, name=f"run-{n}",
                                 input=f'{{"order":{{"id":{name}}}}}')["executionArn"]
                api.wait_closed(arn)
            of = ["list", "--machine", machine, *target]
            out = self.expect(0, "orderId=4", *of, "--where", "orderId=4")
            assert len(out.splitlines()) == 1 and "SUCCEEDED" in out and "first=1" in out, out
            self.expect(0, "run-7", *of, "--where", "orderId='7'")
            out = self.expect(0, "", *of, "--where", "orderId>=2", "--where", "orderId<10",
                              "--json")
            assert [json.loads(line)["search"]["orderId"] for line in out.splitlines()] == [
                2, 4, 6, 8], out
            assert self.expect(0, "", *of, "--where", "orderId^=1").count("run-") == 2
            out = self.expect(0, "there are more", *of, "--limit", "5")
            assert out.splitlines()[0].endswith("orderId=11 first=1"), out
            server.kill()
            server.start()
            self.expect(0, "run-4", *of, "--where", "orderId=4", "--status", "SUCCEEDED")
            self.expect(0, "2 deleted", "delete", "--machine", machine, "--where", "orderId<4",
                        *target)
            self.expect(0, "10 deleted", "delete", "--machine", machine, *target)
            assert self.expect(0, "", *of, "--where", "orderId>=0") == ""
            self.expect(0, "", "search", "remove", machine, "first", *target)
            self.expect(1, "no search attribute 'first'", *of, "--where", "first=1")
            self.expect(1, "must name one value", "search", "declare", machine, "a=$..b", *target)
        for words in ("search", "search declare", "search find", "list --limit 0"):
            self.expect(2, "", *words.split())

    def check_second_server(self):
        """One server owns a data directory."""
        with harness.Server(self.binary) as server:
            self.expect(1, "", "serve", "--listen", "127.0.0.1:0", "--data-dir", server.data_dir)
            self.expect(1, "", "serve", "--listen", f"127.0.0.1:{server.port}", "--data-dir",
                        os.path.join(self.folder, "second"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    options = parser.parse_args()
    passed, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        commands = Commands(os.path.abspath(options.pawl), folder)
        for name in sorted(dir(commands)):
            if not name.startswith("check_"):
                continue
            try:
                getattr(commands, name)()
                passed += 1
            except (AssertionError, harness.ApiError, RuntimeError, TimeoutError, ValueError,
                    subprocess.TimeoutExpired, OSError) as error:
                print(f"FAILS {name[6:]}: {type(error).__name__} {str(error)[:1500]}")
                failed += 1
    print(f"commands: {passed} passed, {failed} failed")
    harness.report_counts(passed, failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
