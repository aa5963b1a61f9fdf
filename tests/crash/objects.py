#!/usr/bin/env python3
"""Kills the server with SIGKILL while objects are written and checks that nothing is lost.

Every PUT and every completed upload that was acknowledged must be readable afterwards, byte for
byte; what was not acknowledged is either there as it was sent or not there; and no file is left
over.
"""
import argparse
import hashlib
import http.client
import os
import random
import re
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402

GONE = (OSError, http.client.HTTPException)
SIZES = [0, 10, 2_000, 16_384, 16_385, 200_000, 1_500_000]
PART_BYTES = 5 << 20


def content(name, size):
    """The bytes of an object follow from its name."""
    seed = hashlib.sha256(name.encode()).digest()
    return (seed * (size // len(seed) + 1))[:size]


def request(server, method, path, body=b"", headers=None):
    """The answer and its body; signed for S3 unless `headers` say else. Raises where it fails."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request(method, path, body,
                           headers or {"Authorization": harness.authorization("s3")})
        answer = connection.getresponse()
        data = answer.read()
    finally:
        connection.close()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {data[:200]!r}")
    return answer, data


class Writer(threading.Thread):
    """Writes objects one after the other, through every kill, until told to stop."""

    def __init__(self, server, number, seed):
        super().__init__(daemon=True)
        self.server, self.number, self.rng = server, number, random.Random(seed)
        self.acknowledged, self.attempted = {}, {}
        self.problems = []
        self.stopping = threading.Event()

    def request(self, method, path, body=b""):
        answer, data = request(self.server, method, path, body)
        return answer, data.decode()

    def run(self):
        count = 0
        while not self.stopping.is_set():
            name = f"w{self.number}-{count}"
            count += 1
            try:
                if count % 10 == 0:
                    self.upload(name)
                else:
                    self.put(name)
            except GONE:
                time.sleep(0.05)
            except RuntimeError as error:
                self.problems.append(str(error))

    def put(self, name):
        size = self.rng.choice(SIZES)
        # Some keys are written again and again: replacing must be as durable as writing.
        key = f"again-{self.number}-{self.rng.randrange(3)}" if self.rng.random() < 0.3 else name
        body = content(name, size)
        self.attempted.setdefault(key, set()).add((name, size))
        self.request("PUT", f"/crash-box/{key}", body)
        self.acknowledged[key] = (name, size)
        self.attempted[key] = {(name, size)}  # nothing older may come back

    def upload(self, name):
        path = f"/crash-box/{name}"
        sizes = [PART_BYTES, 1_000]
        whole = content(name, sum(sizes))
        begun = self.request("POST", path + "?uploads")[1]
        upload = re.search("<UploadId>(.*)</UploadId>", begun)[1]
        parts, begin = "", 0
        for number, size in enumerate(sizes, 1):
            answer, _ = self.request("PUT", f"{path}?uploadId={upload}&partNumber={number}",
                                     whole[begin:begin + size])
            etag = answer.getheader("ETag")
            parts += f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
            begin += size
        self.attempted.setdefault(name, set()).add((name, len(whole)))
        document = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        self.request("POST", f"{path}?uploadId={upload}", document)
        self.acknowledged[name] = (name, len(whole))


def check(server, writer):
    """Problems of what one writer wrote."""
    problems = list(writer.problems)
    for key, versions in writer.attempted.items():
        try:
            _, body = read(server, key)
        except RuntimeError as error:
            if key in writer.acknowledged:
                problems.append(f"acknowledged and lost: {error}")
            continue
        if not any(body == content(*each) for each in versions):
            problems.append(f"{key}: {len(body)} bytes that nobody sent whole")
    return problems


def read(server, key):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", f"/crash-box/{key}")
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{key}: {answer.status} {body[:200]!r}")
    return answer, body


def left_over(server):
    """Files in the incoming directory, once what was written has its name."""
    folder = os.path.join(server.data_dir, "objects", "incoming")
    deadline = time.monotonic() + 10
    while os.listdir(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    return os.listdir(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    rng = random.Random(options.seed)
    with harness.Server(options.pawl) as server:
        writers = [Writer(server, number, options.seed + number) for number in range(6)]
        writers[0].request("PUT", "/crash-box")
        for writer in writers:
            writer.start()
        for _ in range(options.kills):
            time.sleep(rng.uniform(0.05, 1.0))
            server.kill()
            server.start()
        for writer in writers:
            writer.stopping.set()
        for writer in writers:
            writer.join(60)
        server.kill()
        server.start()
        problems = [problem for writer in writers for problem in check(server, writer)]
        leftover = left_over(server)
        if leftover:
            problems.append(f"left over: {leftover}")
        for problem in problems[:20]:
            print(problem)
        acknowledged = sum(len(writer.acknowledged) for writer in writers)
    print(f"objects: {options.kills} kills, {acknowledged} keys acknowledged, "
          f"{len(problems)} problems")
    harness.report_counts(acknowledged if not problems else 0, len(problems))
    return 1 if problems or acknowledged == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
