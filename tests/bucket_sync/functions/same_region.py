"""Whether both buckets are in one region."""


def handler(event, _):
    return event["sourceRegion"] == event["destinationRegion"]
