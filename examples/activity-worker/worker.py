#!/usr/bin/env python3
"""An activity worker with boto3: asks for tasks, keeps them alive while it works, answers them.

    worker.py ACTIVITY_ARN      (AWS_ENDPOINT_URL: the server, else http://127.0.0.1:4566)
"""
import json
import os
import signal
import sys
import threading
import time

import boto3
import botocore.config
import botocore.exceptions

HEARTBEAT_SECONDS = 20
# A long poll takes up to 60 seconds.
CONFIG = botocore.config.Config(read_timeout=70, retries={"max_attempts": 0})
UNREACHABLE = (botocore.exceptions.EndpointConnectionError,
               botocore.exceptions.ConnectionClosedError,
               botocore.exceptions.ReadTimeoutError)


def work(task):
    """The work itself. What it raises fails the task; what it returns is the task's output."""
    return {"reviewed": task, "by": "worker.py"}


class Worker:
    def __init__(self, activity):
        endpoint = os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
        keys = {"aws_access_key_id": os.environ.get("AWS_ACCESS_KEY_ID", "test"),
                "aws_secret_access_key": os.environ.get("AWS_SECRET_ACCESS_KEY", "test")}
        self.states = boto3.client("stepfunctions", endpoint_url=endpoint, config=CONFIG,
                                   region_name=activity.split(":")[3], **keys)
        self.activity = activity
        self.name = f"{os.uname().nodename}-{os.getpid()}"
        self.stopping = threading.Event()
        self.busy = False

    def stop(self):
        """The task at hand is finished first; the poll that waits is given up at once."""
        self.stopping.set()
        if not self.busy:
            sys.exit(0)

    def run(self):
        while not self.stopping.is_set():
            try:
                task = self.states.get_activity_task(activityArn=self.activity,
                                                     workerName=self.name)
            except UNREACHABLE:
                time.sleep(1)  # the server is away; tasks wait for it
                continue
            if task.get("taskToken"):
                self.busy = True
                self.handle(task["taskToken"], json.loads(task["input"]))
                self.busy = False

    def handle(self, token, task):
        done = threading.Event()
        beat = threading.Thread(target=self.heartbeat, args=(token, done), daemon=True)
        beat.start()
        try:
            output = work(task)
            self.answer("send_task_success", taskToken=token, output=json.dumps(output))
        except Exception as error:  # whatever it is, the workflow decides what to do about it
            self.answer("send_task_failure", taskToken=token, error=type(error).__name__,
                        cause=str(error))
        finally:
            done.set()

    def heartbeat(self, token, done):
        while not done.wait(HEARTBEAT_SECONDS):
            try:
                self.states.send_task_heartbeat(taskToken=token)
            except UNREACHABLE:
                continue
            except self.states.exceptions.TaskTimedOut:
                return

    def answer(self, operation, **arguments):
        """Until the server has it: the token outlives a restart of the server."""
        while True:
            try:
                getattr(self.states, operation)(**arguments)
                return
            except UNREACHABLE:
                time.sleep(1)
            except (self.states.exceptions.TaskTimedOut, self.states.exceptions.TaskDoesNotExist):
                print("too late: nobody waits for this task any more", file=sys.stderr)
                return


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: worker.py ACTIVITY_ARN")
    worker = Worker(sys.argv[1])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()


if __name__ == "__main__":
    main()
