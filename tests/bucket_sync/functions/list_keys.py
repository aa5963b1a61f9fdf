"""A page of a bucket's keys, and the token of the next one: as many as a state's data holds."""
import json

import boto3

PAGE_KEYS_MAX = 1024
ANSWER_BYTES_MAX = 28800

clients = {}


def handler(event, context):
    region = event.get("sourceRegion", context.invoked_function_arn.split(":")[3])
    client = clients.setdefault(region, boto3.client("s3", region_name=region))
    request = {"Bucket": event[event["listBucket"]], "Prefix": event.get("prefix", ""),
               "StartAfter": event.get("startAfter", ""),
               "MaxKeys": event.get("maxKeys", PAGE_KEYS_MAX)}
    token = event.get("listResult", {}).get("token", "")
    if token:
        request["ContinuationToken"] = token
    while True:
        page = client.list_objects_v2(**request)
        keys = [each["Key"] for each in page.get("Contents", [])]
        result = {"keys": keys, "token": page.get("NextContinuationToken", "")}
        if len(json.dumps(result)) <= ANSWER_BYTES_MAX:
            return result
        request["MaxKeys"] = len(keys) // 2
        assert request["MaxKeys"] > 0, "a single key is too long"
