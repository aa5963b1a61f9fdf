#!/usr/bin/env python3
"""Deploys and runs the published sample that synchronises buckets, given its folder, unmodified.

The sample is a Fabric 1 script in Python 2. It runs here under Python 3: translated in memory by
lib2to3, with stand-ins for Fabric's decorator and for what Python 2 took more lightly. Its
functions ask for the runtime python2.7.
"""
import argparse
import hashlib
import os
import shutil
import sys
import tempfile
import types

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402
from buckets import SMALL  # noqa: E402
from deployment import Deployment  # noqa: E402
from run import REGION, RESOURCES, Suite  # noqa: E402

STACK = "sync-buckets-state-machine-stack"
CONFIGURATION = f"""USER_EMAIL = 'somebody@example.com'
AWS_DEFAULT_REGION = '{REGION}'
"""
FIXES = ["print", "except", "dict", "basestring", "raw_input", "unicode"]


def translated(path):
    """The file's text in Python 3."""
    from lib2to3 import refactor  # of Python 3.12 at most
    tool = refactor.RefactoringTool([f"lib2to3.fixes.fix_{name}" for name in FIXES])
    with open(path, encoding="utf-8") as file:
        return str(tool.refactor_string(file.read() + "\n", path))


def stand_ins(folder):
    """Modules that the script imports: Fabric, its own configuration, and lighter yaml and md5."""
    import yaml
    fabric, api = types.ModuleType("fabric"), types.ModuleType("fabric.api")
    api.task = lambda *arguments, **_: arguments[0] if arguments else (lambda function: function)
    configuration = types.ModuleType("fabfile_config")
    exec(CONFIGURATION, configuration.__dict__)
    loose_yaml = types.ModuleType("yaml")
    loose_yaml.load = yaml.safe_load
    lax = types.ModuleType("hashlib")
    lax.md5 = lambda text: hashlib.md5(text.encode() if isinstance(text, str) else text)
    return {"fabric": fabric, "fabric.api": api, "fabfile_config": configuration,
            "yaml": loose_yaml, "hashlib": lax}


class PublishedDeployment(Deployment):
    """The same questions as of our own deployment, of what the script has deployed."""

    def __init__(self, endpoint, folder):
        super().__init__(endpoint, REGION, None)
        self.folder = folder

    def stack(self, name=STACK):
        return super().stack(name)

    def machine_arn(self):
        outputs = {each["OutputKey"]: each["OutputValue"] for each in self.stack()["Outputs"]}
        name = outputs["SyncBucketsStateMachineName"]
        return f"arn:aws:states:{REGION}:000000000000:stateMachine:{name}"

    def script(self):
        """The script's names, with its folder as the working directory."""
        os.chdir(self.folder)
        os.environ.update({"AWS_ENDPOINT_URL": self.endpoint, "AWS_ACCESS_KEY_ID": "test",
                           "AWS_SECRET_ACCESS_KEY": "test"})
        kept = {name: sys.modules.get(name) for name in stand_ins(self.folder)}
        sys.modules.update(stand_ins(self.folder))
        try:
            names = {"__name__": "fabfile"}
            exec(compile(translated("fabfile.py"), "fabfile.py", "exec"), names)
        finally:
            for name, module in kept.items():
                if module is None:
                    del sys.modules[name]
                else:
                    sys.modules[name] = module
        names["SLEEP_TIME"] = 0.2
        return names


class PublishedSuite(Suite):
    LIST, COPY = "UpdateSourceKeyList", "CopySourceKeys"

    def deploys(self):
        self.deployment.script()["deploy"]()
        stack = self.deployment.stack()
        self.check(f"B0: {stack}", stack["StackStatus"] == "CREATE_COMPLETE")
        resources = self.client("cloudformation").describe_stack_resources(StackName=STACK)
        self.check(f"B0: {resources}", len(resources["StackResources"]) == RESOURCES)
        self.deployment.script()["deploy"]()
        self.check("B1", self.deployment.stack()["StackStatus"] == "CREATE_COMPLETE")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="where the sample lies: fabfile.py, lambda_functions, ...")
    parser.add_argument("--pawl", default="build/dev/pawl")
    arguments = parser.parse_args()
    os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    with harness.Server(arguments.pawl) as server, tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(arguments.folder, os.path.join(folder, "sample"))
        suite = PublishedSuite(server, PublishedDeployment(server.endpoint, copy))
        suite.deploys()
        suite.synchronises(SMALL)
        suite.stops_at_regions()
        suite.takes_parts()
        suite.long_keys()
        os.chdir(HERE)
        log = server.log_tail()
    for problem in suite.problems:
        print("FAILED", problem)
    if suite.problems:
        print(log)
    print(f"the published sample: {suite.passed} passed, {len(suite.problems)} failed")
    return 1 if suite.problems else 0


if __name__ == "__main__":
    sys.exit(main())
