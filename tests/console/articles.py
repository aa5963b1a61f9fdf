#!/usr/bin/env python3
"""What the two articles' machines need, on a server that is there: `articles.py deploy|sync URL`.

Says "ready" with what can be looked at, does its work when it reads a line, and ends with "done".
The machines are those of tests/pipelines and tests/bucket_sync.
"""
import json
import os
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.join(HERE, "..")
sys.path.insert(0, TESTS)
SYNC_REGION = "us-east-2"
WAIT_SECONDS = 2  # of the deploy machine, between two looks at the stack


def say(word, **more):
    print(json.dumps({"word": word, **more}), flush=True)


def deploy(url):
    """A pipeline whose action is a state machine; the work is a push of a template."""
    sys.path.insert(0, os.path.join(TESTS, "pipelines"))
    from article import PIPELINE, Article
    from sample import templates
    machine = templates.machine
    templates.machine = lambda rejects_by, _: machine(rejects_by, WAIT_SECONDS)
    article = Article(types.SimpleNamespace(endpoint=url))
    article.deploy()
    article.end_of(PIPELINE)
    article.deploy_again()
    arn = article.client("stepfunctions").list_state_machines()["stateMachines"][0]
    say("ready", machine=arn["stateMachineArn"], pipeline=PIPELINE, region="us-east-1")
    sys.stdin.readline()
    _, execution = article.push(article.template, "Add the sample's stack")
    ended = article.end_of(PIPELINE, execution)
    if article.problems or ended["status"] != "Succeeded":
        raise AssertionError(f"{article.problems} {ended}")


def sync(url):
    """Two buckets made equal by a machine of functions; the work is one execution."""
    sys.path.insert(0, os.path.join(TESTS, "bucket_sync"))
    from buckets import SMALL, Buckets
    from deployment import Deployment
    from machine import DEFINITION
    deployment = Deployment(url, SYNC_REGION, DEFINITION)
    deployment.deploy()
    buckets = Buckets(deployment.client("s3"), "originals", "copies")
    buckets.make((SYNC_REGION, SYNC_REGION))
    buckets.fill(SMALL)
    states = deployment.client("stepfunctions")
    arn = deployment.machine_arn()
    say("ready", machine=arn, region=SYNC_REGION)
    sys.stdin.readline()
    # Small pages: many turns of the two loops.
    states.start_execution(stateMachineArn=arn, input=json.dumps(
        {"source": "originals", "destination": "copies", "maxKeys": 5}))
    sys.stdin.readline()
    problems = buckets.problems()
    if problems:
        raise AssertionError(problems)


def main():
    what, url = sys.argv[1:]
    {"deploy": deploy, "sync": sync}[what](url)
    say("done")


if __name__ == "__main__":
    main()
