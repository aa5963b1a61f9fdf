"""Work on keys by a few threads at once, each with a client of its own."""
import threading

import boto3
from botocore.exceptions import ClientError

try:
    from Queue import Empty, Queue
except ImportError:
    from queue import Empty, Queue

THREADS = 10

kept = {}


def clients(region):
    """Those of the last invocation, where there was one."""
    if region not in kept:
        kept[region] = [boto3.client("s3", region_name=region) for _ in range(THREADS)]
    return kept[region]


def head(client, bucket, key):
    """What a HEAD says, or nothing where there is no such object."""
    try:
        return client.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if int(error.response["Error"]["Code"]) != 404:
            raise
        return None


def for_each(keys, region, work):
    """Calls work(client, key) for every key; fails when one of them does."""
    queue = Queue()
    for key in keys:
        queue.put(key)
    failures = []

    def run(client):
        while not failures:
            try:
                key = queue.get_nowait()
            except Empty:
                return
            try:
                work(client, key)
            except Exception as failure:  # of any kind: it is the invocation's own
                failures.append(failure)

    threads = [threading.Thread(target=run, args=(client,)) for client in clients(region)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
