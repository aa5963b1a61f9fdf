"""Copies the page's objects that the destination has not, or has otherwise."""
import parallel

DESCRIBED = ["CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage",
             "ContentType", "Expires", "Metadata"]


def described(answer):
    return {name: str(answer[name]) for name in DESCRIBED if name in answer}


def handler(event, context):
    source, destination = event["source"], event["destination"]
    region = event.get("sourceRegion", context.invoked_function_arn.split(":")[3])

    def synchronise(client, key):
        there = parallel.head(client, source, key)
        here = parallel.head(client, destination, key)
        target = there.get("WebsiteRedirectLocation")
        if target is not None:
            if here is None or here.get("WebsiteRedirectLocation") != target:
                client.put_object(Bucket=destination, Key=key, WebsiteRedirectLocation=target)
        elif here is None or here["ETag"] != there["ETag"] or described(here) != described(there):
            client.copy_object(Bucket=destination, Key=key, MetadataDirective="COPY",
                               TaggingDirective="COPY",
                               CopySource={"Bucket": source, "Key": key})

    parallel.for_each(event["listResult"]["keys"], region, synchronise)
