"""Prints what a bucket tells it of."""


def handler(event, context):
    for record in event["Records"]:
        print("found", record["eventName"], record["s3"]["object"]["key"])
