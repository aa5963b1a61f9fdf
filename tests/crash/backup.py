#!/usr/bin/env python3
"""Backups of a server that is written to: each is one moment of it, whole, and restorable.

Threads put, replace and delete objects and commit to Git repositories. What was acknowledged before
a backup began is in it or has been replaced by something later; every object that it lists has its
bytes, every branch its history; no file is in it that nothing refers to. A backup that is killed
leaves nothing that a restore takes.
"""
import argparse
import base64
import json
import os
import random
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402
import objects  # noqa: E402
from objects import GONE, content  # noqa: E402

SIZES = [0, 100, 16_384, 16_385, 100_000, 700_000]
INLINE_BYTES_MAX = 16_384
KEYS = 30
BUCKET = "kept"
XML = "{http://s3.amazonaws.com/doc/2006-03-01/}"


def request(*what):
    return objects.request(*what)[1]


def codecommit(server, operation, **arguments):
    return json.loads(request(server, "POST", "/", json.dumps(arguments).encode(), {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "CodeCommit_20150413." + operation,
        "Authorization": harness.authorization("codecommit")}))


class Worker(threading.Thread):
    """Works until it is told to stop; goes on through everything that befalls the server."""

    def __init__(self, server, number, seed):
        super().__init__(daemon=True)
        self.server, self.number, self.rng = server, number, random.Random(seed)
        self.stopping, self.problems = threading.Event(), []

    def run(self):
        count = 0
        while not self.stopping.is_set():
            count += 1
            try:
                self.step(count)
            except GONE:
                time.sleep(0.05)
            except RuntimeError as error:
                self.problems.append(str(error))


class ObjectWriter(Worker):
    """For each key what was asked for, in order; None is a deletion."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.asked = {}
        self.acknowledged = {}  # key -> how many of them

    def step(self, count):
        key = f"w{self.number}-{self.rng.randrange(KEYS)}"
        path = f"/{BUCKET}/{key}"
        states = self.asked.setdefault(key, [])
        if self.rng.random() < 0.2:
            states.append(None)
            request(self.server, "DELETE", path)
        else:
            state = (f"{key}-{count}", self.rng.choice(SIZES))
            states.append(state)
            request(self.server, "PUT", path, content(*state))
        self.acknowledged[key] = len(states)

    def mark(self):
        return dict(self.acknowledged)

    def check(self, server, listed, since):
        """Problems of what a restored server has of this writer's objects."""
        for key, states in list(self.asked.items()):
            begin = since.get(key, 0)
            allowed = states[max(begin - 1, 0):] + ([None] if begin == 0 else [])
            if key not in listed:
                if None not in allowed:
                    yield f"{key} is lost"
                continue
            body = request(server, "GET", f"/{BUCKET}/{key}")
            if not any(state and body == content(*state) for state in allowed):
                yield f"{key}: {len(body)} bytes that were not there then"


class Committer(Worker):
    """Commits to a repository of its own, and makes and deletes others."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.commits = []
        self.repository = f"repository-{self.number}"
        codecommit(self.server, "CreateRepository", repositoryName=self.repository)

    def step(self, count):
        if count % 5 == 0:
            name = f"short-{self.number}-{count}"
            codecommit(self.server, "CreateRepository", repositoryName=name)
            codecommit(self.server, "DeleteRepository", repositoryName=name)
        parent = {"parentCommitId": self.commits[-1]} if self.commits else {}
        text = base64.b64encode(content(f"{self.number}-{count}", 3_000)).decode()
        try:
            answer = codecommit(self.server, "PutFile", repositoryName=self.repository,
                                branchName="main", filePath=f"file-{count % 20}", fileContent=text,
                                **parent)
            self.commits.append(answer["commitId"])
        except (*GONE, RuntimeError) as error:
            self.find_tip()
            if "ParentCommit" not in str(error):
                raise

    def find_tip(self):
        """A commit whose answer was lost may have been made."""
        time.sleep(0.3)
        try:
            tip = codecommit(self.server, "GetBranch", repositoryName=self.repository,
                             branchName="main")["branch"]["commitId"]
            self.commits.append(tip)
        except (*GONE, RuntimeError):
            pass

    def mark(self):
        return len(self.commits)

    def check(self, server, _, since):
        described = codecommit(server, "GetRepository", repositoryName=self.repository)
        identity = described["repositoryMetadata"]["repositoryId"]
        folder = os.path.join(server.data_dir, "repositories", identity + ".git")
        done = subprocess.run(["git", "-C", folder, "fsck", "--full", "--strict"],
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            yield f"git fsck: {done.stdout}{done.stderr}"
        if since == 0:
            return
        tip = codecommit(server, "GetBranch", repositoryName=self.repository,
                         branchName="main")["branch"]["commitId"]
        known = subprocess.run(["git", "-C", folder, "rev-list", tip], capture_output=True,
                               text=True, timeout=60, check=True).stdout.split()
        missing = set(self.commits[:since]) - set(known)
        if missing:
            yield f"{len(missing)} commits are lost"


def listing(server):
    """Sizes by key."""
    found, after = {}, ""
    while True:
        page = xml.etree.ElementTree.fromstring(request(
            server, "GET", f"/{BUCKET}?list-type=2&start-after={after}"))
        for entry in page.iter(XML + "Contents"):
            after = entry.findtext(XML + "Key")
            found[after] = int(entry.findtext(XML + "Size"))
        if page.findtext(XML + "IsTruncated") != "true":
            return found


class Backups:
    def __init__(self, pawl, server, workers):
        self.pawl, self.server, self.workers = pawl, server, workers
        self.problems, self.passed = [], 0

    def command(self, *arguments):
        return [self.pawl, *arguments]

    def run(self, *arguments):
        return subprocess.run(self.command(*arguments), capture_output=True, text=True,
                              timeout=120, check=False)

    def backup_command(self, destination):
        return ["backup", "--endpoint", self.server.endpoint, "--data-dir", self.server.data_dir,
                destination]

    def make(self, name):
        """(directory, what was acknowledged before) of a backup under load."""
        destination = os.path.join(self.server.directory, name)
        marks = [worker.mark() for worker in self.workers]
        done = self.run(*self.backup_command(destination))
        if done.returncode != 0:
            self.problems.append(f"{name}: {done.stderr}")
        return destination, marks

    def check(self, backup, marks):
        """Restores a backup, and looks at everything in it."""
        restored = harness.Server(self.pawl)
        done = self.run("restore", backup, "--data-dir", restored.data_dir)
        if done.returncode != 0:
            self.problems.append(f"{backup}: {done.stderr}")
            return
        files = sum(len(names) for _, _, names in os.walk(
            os.path.join(restored.data_dir, "objects")))
        with restored as server:
            listed = listing(server)
            large = sum(size > INLINE_BYTES_MAX for size in listed.values())
            # A replaced object's row that a file is to be removed for may be in it.
            if files < large or files > large + 2 * len(self.workers):
                self.problems.append(f"{files} files for {large} objects")
            for worker, mark in zip(self.workers, marks):
                self.problems += worker.check(server, listed, mark)
            self.passed += len(listed) + 1

    def killed(self, number, rng):
        """A kill while a backup is made; `number` is even for the server, odd for the command that
        makes one without a server."""
        destination = os.path.join(self.server.directory, f"killed-{number}")
        stopped = number % 2
        if stopped:
            self.server.kill()
        process = subprocess.Popen(self.command(*self.backup_command(destination)),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.0, 0.25))
        if stopped:
            process.kill()
        else:
            self.server.kill()
        process.wait(60)
        for left in (destination, destination + ".unfinished"):
            target = os.path.join(self.server.directory, f"target-{number}")
            accepted = os.path.exists(left) and self.run(
                "restore", left, "--data-dir", target).returncode == 0
            if accepted != (left == destination and os.path.exists(left)):
                self.problems.append(f"{left}: accepted {accepted}")
        self.server.start()
        if not os.path.exists(destination):
            done = self.run(*self.backup_command(destination))
            if done.returncode != 0 or os.path.exists(destination + ".unfinished"):
                self.problems.append(f"after a kill: {done.stderr}")
        self.passed += 1

    def damaged(self, backup):
        """Any file that is not what was backed up is found."""
        objects = os.path.join(backup, "objects", "data")
        folder = os.path.join(objects, sorted(os.listdir(objects))[0])
        path = os.path.join(folder, os.listdir(folder)[0])
        whole = open(path, "rb").read()
        for name, bytes_ in (("changed", b"x" + whole[1:]), ("cut", whole[:-1])):
            os.remove(path)  # a hard link: the original stays
            with open(path, "wb") as file:
                file.write(bytes_)
            target = os.path.join(self.server.directory, name)
            done = self.run("restore", backup, "--data-dir", target)
            if done.returncode == 0 or "damaged" not in done.stderr:
                self.problems.append(f"{name}: {done}")
            if os.path.exists(target) and os.listdir(target):
                self.problems.append(f"{name} leaves {os.listdir(target)}")
            self.passed += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    parser.add_argument("--backups", type=int, default=3)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    rng = random.Random(options.seed)
    pawl = os.path.abspath(options.pawl)
    with harness.Server(pawl) as server:
        request(server, "PUT", f"/{BUCKET}")
        workers = [ObjectWriter(server, n, options.seed + n) for n in range(4)]
        workers += [Committer(server, n, options.seed + n) for n in (4, 5)]
        backups = Backups(pawl, server, workers)
        for worker in workers:
            worker.start()
        time.sleep(1.0)
        made = []
        for number in range(options.backups):
            made.append(backups.make(f"backup-{number}"))
            time.sleep(0.3)
        for number in range(options.kills):
            backups.killed(number, rng)
        for worker in workers:
            worker.stopping.set()
        for worker in workers:
            worker.join(60)
        for backup, marks in made:
            backups.check(backup, marks)
        server.stop()
        marks = [worker.mark() for worker in workers]
        last, _ = backups.make("without-a-server")
        backups.check(last, marks)
        backups.damaged(last)
        problems = backups.problems + [p for worker in workers for p in worker.problems]
    for problem in problems[:20]:
        print(problem)
    print(f"backups: {backups.passed} checks passed, {len(problems)} problems")
    harness.report_counts(backups.passed, len(problems))
    return 1 if problems or not backups.passed else 0


if __name__ == "__main__":
    sys.exit(main())
