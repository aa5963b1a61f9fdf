#!/usr/bin/env python3
"""Kills the server with SIGKILL while several clones push, each to a branch of its own and all to a
shared one.

Every commit whose push git reported as done must be in its branch afterwards, however the pushes
met each other; and the repository is whole.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..")]
import harness  # noqa: E402

GIT_SECONDS_MAX = 60
WRITERS = 3
SHARED = "shared"
BYTES_MAX = 200_000  # of a commit's file: small ones come unpacked, large ones as a pack
# How long the server lives, of which a push takes a part.
SECONDS = (0.2, 1.2)
PUSHES_MIN = 2 * WRITERS  # between two kills


def codecommit(server, operation, **arguments):
    status, _, body = server.api().request("POST", "/", {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "CodeCommit_20150413." + operation,
        "Authorization": harness.authorization("codecommit")}, json.dumps(arguments).encode())
    assert status < 300, body
    return json.loads(body)


class Clone:
    def __init__(self, folder, name, url):
        self.folder, self.url = os.path.join(folder, name), url
        self.home = folder
        os.mkdir(self.folder)
        self.must("init", "-q", "-b", "work")

    def git(self, *arguments):
        """(whether it succeeded, its output)"""
        settings = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com",
                    "-c", "gc.auto=0"]
        environment = {**os.environ, "HOME": self.home, "GIT_TERMINAL_PROMPT": "0",
                       "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(["git", *settings, *arguments], cwd=self.folder, env=environment,
                              capture_output=True, text=True, timeout=GIT_SECONDS_MAX, check=False)
        return done.returncode == 0, (done.stdout + done.stderr).strip()

    def must(self, *arguments):
        succeeded, output = self.git(*arguments)
        assert succeeded, f"git {arguments[0]}: {output}"
        return output


class Writer(threading.Thread):
    """Commits and pushes, through every kill, until told to stop."""

    def __init__(self, folder, url, number, seed, pushed):
        super().__init__(daemon=True)
        self.branch = f"w{number}"
        self.rng = random.Random(seed)
        self.clone = Clone(folder, self.branch, url)
        self.acknowledged = {self.branch: [], SHARED: []}
        self.pushed = pushed
        self.stopping = threading.Event()
        self.problem = None

    def commit(self, count):
        with open(os.path.join(self.clone.folder, self.branch), "wb") as file:
            file.write(self.rng.randbytes(self.rng.randrange(1, BYTES_MAX)))
        self.clone.must("add", ".")
        self.clone.must("commit", "-qm", f"{self.branch} {count}")

    def push(self, branch):
        succeeded, _ = self.clone.git("push", "-q", self.clone.url, "HEAD:refs/heads/" + branch)
        if succeeded:
            self.acknowledged[branch].append(self.clone.must("rev-parse", "HEAD"))
            self.pushed.release()
        return succeeded

    def run(self):
        count = 0
        try:
            while not self.stopping.is_set():
                count += 1
                self.commit(count)
                self.push(self.branch)
                # On top of what the others pushed; when they are faster, the next time.
                if self.clone.git("fetch", "-q", self.clone.url, SHARED)[0]:
                    self.clone.must("merge", "-q", "--no-edit", "--allow-unrelated-histories",
                                    "FETCH_HEAD")
                self.push(SHARED)
        except (AssertionError, OSError, subprocess.SubprocessError) as problem:
            self.problem = f"{self.branch}: {problem}"


def kill_often(server, writers, pushed, kills, rng):
    for _ in range(kills):
        for _ in range(PUSHES_MIN):
            if not pushed.acquire(timeout=GIT_SECONDS_MAX):
                return
        writers[0].stopping.wait(rng.uniform(*SECONDS))
        server.kill()
        server.start()


def problems_of(folder, url, writers):
    """What does not hold, once all is quiet."""
    yield from (writer.problem for writer in writers if writer.problem)
    copy = Clone(folder, "copy", url)
    copy.must("fetch", "-q", url, "+refs/heads/*:refs/heads/*")
    whole, output = copy.git("fsck", "--strict", "--full")
    if not whole:
        yield f"fsck: {output}"
    for branch in [SHARED, *(writer.branch for writer in writers)]:
        known = set(copy.must("rev-list", branch).split())
        for writer in writers:
            for commit in writer.acknowledged.get(branch, []):
                if commit not in known:
                    yield f"{branch}: {commit} was pushed by {writer.branch} and is gone"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pawl", required=True, help="the binary")
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with harness.Server(options.pawl) as server, tempfile.TemporaryDirectory() as folder:
        repository = codecommit(server, "CreateRepository", repositoryName="app")
        url = repository["repositoryMetadata"]["cloneUrlHttp"].replace("http://", "http://a:b@")
        pushed = threading.Semaphore(0)
        writers = [Writer(folder, url, number, rng.random(), pushed) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        kill_often(server, writers, pushed, options.kills, rng)
        for writer in writers:
            writer.stopping.set()
        for writer in writers:
            writer.join()
        problems = list(problems_of(folder, url, writers))
        count = sum(len(commits) for writer in writers for commits in writer.acknowledged.values())
        if count < options.kills * PUSHES_MIN:
            problems.append(f"only {count} pushes were acknowledged")
        print("\n".join(problems) or
              f"pushes: {options.kills} kills, {count} acknowledged, 0 problems")
        if problems:
            print(f"--seed {options.seed}\n{server.log_tail()}")
    harness.report_counts(options.kills + count if not problems else 0, len(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
