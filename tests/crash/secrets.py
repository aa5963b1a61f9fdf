#!/usr/bin/env python3
"""A SecureString outlives a kill, and no file of the data directory holds it in the clear; a server
with another key says that it cannot read it."""
import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..")]
import harness  # noqa: E402

NAME = "/shop/password"
SECRETS = ["correct-horse-battery", "staple-of-another-kind"]  # two versions of it
PLAIN = "nothing-to-hide-here"
KEY_BYTES = 32


def ssm(server, operation, **arguments):
    """The answer, or the error's code and message."""
    status, _, body = server.api().request("POST", "/", {
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AmazonSSM." + operation,
        "Authorization": harness.authorization("ssm")}, json.dumps(arguments).encode())
    answer = json.loads(body)
    if status < 300:
        return answer
    return answer["__type"], answer["message"]


def value(server, name, **arguments):
    answer = ssm(server, "GetParameter", Name=name, **arguments)
    return answer["Parameter"]["Value"] if isinstance(answer, dict) else answer


def holding(folder, text):
    """The files below the folder in which the text stands."""
    found = []
    for path, _, names in os.walk(folder):
        for name in (os.path.join(path, each) for each in names):
            if os.path.isfile(name):
                with open(name, "rb") as file:
                    if text.encode() in file.read():
                        found.append(name)
    return found


def checks(server):
    """(what is checked, whether it holds), over a kill and a change of the key."""
    ssm(server, "PutParameter", Name="/shop/plain", Value=PLAIN, Type="String")
    for secret in SECRETS:
        ssm(server, "PutParameter", Name=NAME, Value=secret, Type="SecureString", Overwrite=True)
    sealed = value(server, NAME)
    server.kill()
    yield "a plain value stands in some file", holding(server.data_dir, PLAIN)
    for secret in SECRETS:
        yield f"no file holds {secret}", not holding(server.data_dir, secret)
    server.start()
    yield "the newest version outlives a kill", \
        value(server, NAME, WithDecryption=True) == SECRETS[1]
    yield "so does the older one", value(server, NAME + ":1", WithDecryption=True) == SECRETS[0]
    yield "what is not decrypted is what is stored", value(server, NAME) == sealed
    history = ssm(server, "GetParameterHistory", Name=NAME, WithDecryption=True)
    yield "the history has both", [each["Value"] for each in history["Parameters"]] == SECRETS
    server.kill()
    with open(os.path.join(server.data_dir, "functions", "key"), "r+b") as key:
        key.write(bytes(KEY_BYTES))
    server.start()
    refused = value(server, NAME, WithDecryption=True)
    yield f"another key is refused: {refused}", \
        refused[0] == "InvalidKeyId" and "not encrypted with the key" in refused[1]
    yield "what is no secret is read all the same", value(server, "/shop/plain") == PLAIN


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pawl", required=True, help="the binary")
    options = parser.parse_args()
    with harness.Server(options.pawl) as server:
        done = [(name, bool(holds)) for name, holds in checks(server)]
    failed = [name for name, holds in done if not holds]
    print("\n".join(f"not so: {name}" for name in failed) or f"secrets: {len(done)} checks passed")
    harness.report_counts(len(done) - len(failed), len(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
