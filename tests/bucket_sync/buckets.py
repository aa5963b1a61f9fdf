"""The buckets of a synchronisation: how they begin, and what must have become of them."""
import collections
import concurrent.futures

Counts = collections.namedtuple("Counts", "fresh equal changed described orphans")
COMMON = Counts(fresh=1848, equal=500, changed=100, described=50, orphans=300)
SMALL = Counts(fresh=40, equal=20, changed=10, described=5, orphans=15)
ODD_KEYS = ["with space.txt", "a+b&c=d.txt", "ünïcode/ключ/鍵.txt", "percent%41.txt", "end/"]
REDIRECT = "moved.html"
THREADS = 8


def body(key, turn=0):
    return f"{key} {turn}".encode()


class Buckets:
    def __init__(self, s3, source, destination):
        self.s3, self.source, self.destination = s3, source, destination

    def make(self, regions):
        for name, region in zip((self.source, self.destination), regions):
            self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={
                "LocationConstraint": region})

    def put_all(self, puts):
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda arguments: self.s3.put_object(**arguments), puts))

    def fill(self, counts):
        puts = []

        def put(bucket, key, turn=0, **more):
            puts.append({"Bucket": bucket, "Key": key, "Body": body(key, turn), **more})

        for number in range(counts.fresh):
            put(self.source, f"fresh/{number:06}")
        for key in ODD_KEYS:
            put(self.source, key, Metadata={"origin": "source"}, Tagging="kind=odd&n=1",
                ContentType="text/plain", CacheControl="max-age=60")
        puts.append({"Bucket": self.source, "Key": REDIRECT,
                     "WebsiteRedirectLocation": "/there.html"})
        for number in range(counts.equal):
            for bucket in (self.source, self.destination):
                put(bucket, f"equal/{number:06}")
        for number in range(counts.changed):
            put(self.source, f"changed/{number:06}", 1)
            put(self.destination, f"changed/{number:06}", 0)
        for number in range(counts.described):
            put(self.source, f"described/{number:06}", Metadata={"side": "source"})
            put(self.destination, f"described/{number:06}", Metadata={"side": "destination"})
        for number in range(counts.orphans):
            put(self.destination, f"orphan/{number:06}")
        self.put_all(puts)

    def listing(self, bucket):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return {each["Key"]: each for page in pages for each in page.get("Contents", [])}

    def times(self):
        return {key: each["LastModified"] for key, each in self.listing(self.destination).items()}

    def problems(self):
        """What of the destination is not as in the source."""
        there, here = self.listing(self.source), self.listing(self.destination)
        found = [f"missing {key}" for key in there.keys() - here.keys()]
        found += [f"left {key}" for key in here.keys() - there.keys()]
        found += [f"ETag of {key}" for key in there.keys() & here.keys()
                  if there[key]["ETag"] != here[key]["ETag"]]
        for key in [REDIRECT, *ODD_KEYS, *(key for key in there if key.startswith("described/"))]:
            if key not in here or key not in there:
                continue
            left, right = (self.description(bucket, key)
                           for bucket in (self.source, self.destination))
            if left != right:
                found.append(f"{key}: {left} and {right}")
        return found[:10]

    def description(self, bucket, key):
        head = self.s3.head_object(Bucket=bucket, Key=key)
        tags = self.s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
        members = ("ContentType", "CacheControl", "Metadata", "WebsiteRedirectLocation")
        return {name: head.get(name) for name in members} | {"tags": tags}
