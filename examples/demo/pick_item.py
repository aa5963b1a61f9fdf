"""A Lambda function: takes an item off its shelf."""
import hashlib
import time


def handler(event, context):
    time.sleep(0.5)  # the walk to the shelf
    shelf = int(hashlib.sha256(event["name"].encode()).hexdigest(), 16) % 40
    return {"name": event["name"], "quantity": event["quantity"], "shelf": shelf}
