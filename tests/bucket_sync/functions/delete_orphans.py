"""Deletes the page's objects that the source has not."""
import parallel


def handler(event, context):
    region = event.get("sourceRegion", context.invoked_function_arn.split(":")[3])

    def remove_orphan(client, key):
        if parallel.head(client, event["source"], key) is None:
            client.delete_object(Bucket=event["destination"], Key=key)

    parallel.for_each(event["listResult"]["keys"], region, remove_orphan)
