"""Notifications of buckets: which events functions get, and that a kill behind an answered PUT
loses none."""
import json
import time

import botocore.exceptions

import harness
import tools

# Answers each event by an object, so that what has been told can be looked up after a kill.
SOURCE = """
import json, os, urllib.request
SIGNED = ("AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, "
          "SignedHeaders=host, Signature=0")
def handler(event, context):
    for record in event["Records"]:
        name = record["eventName"] + "-" + record["s3"]["object"]["key"].replace("/", "_")
        urllib.request.urlopen(urllib.request.Request(
            os.environ["AWS_ENDPOINT_URL"] + "/told/" + name.replace("+", "_").replace("%", "_"),
            json.dumps(record).encode(), {"Authorization": SIGNED}, method="PUT"))
"""
KILLS = 5
PART_BYTES = 5 << 20


class BucketNotifications(tools.Tool):
    STEPS = ["configure", "created", "removed", "filtered", "kills"]

    def __init__(self, server, folder):
        super().__init__("notifications", server, folder)
        self.s3 = self.clients["s3"]

    def configure(self):
        made = self.clients["lambda"].create_function(
            FunctionName="told", Runtime="python3.12", Handler="app.handler", Timeout=30,
            Role="arn:aws:iam::000000000000:role/r",
            Code={"ZipFile": harness.zipped({"app.py": SOURCE})})
        for bucket in ("told", "box"):
            self.s3.create_bucket(Bucket=bucket)
        wanted = {"LambdaFunctionArn": made["FunctionArn"], "Events": ["s3:ObjectCreated:*"]}
        try:
            self.s3.put_bucket_notification_configuration(
                Bucket="box", NotificationConfiguration={"LambdaFunctionConfigurations": [
                    {**wanted, "LambdaFunctionArn": made["FunctionArn"] + "-not"}]})
        except botocore.exceptions.ClientError as error:
            assert "Unable to validate the following destination" in str(error), error
        else:
            raise AssertionError("a function that is not there is taken")
        removed = {**wanted, "Id": "gone", "Events": ["s3:ObjectRemoved:Delete"],
                   "Filter": {"Key": {"FilterRules": [{"Name": "Prefix", "Value": "in/"},
                                                      {"Name": "Suffix", "Value": ".txt"}]}}}
        self.s3.put_bucket_notification_configuration(
            Bucket="box",
            NotificationConfiguration={"LambdaFunctionConfigurations": [wanted, removed]})
        found = self.s3.get_bucket_notification_configuration(Bucket="box")
        ids = [each["Id"] for each in found["LambdaFunctionConfigurations"]]
        assert len(ids[0]) > 8 and ids[1] == "gone", found

    def told(self):
        """The records, by "event-key"."""
        listed = self.s3.list_objects_v2(Bucket="told").get("Contents", [])
        return {each["Key"] for each in listed}

    def record(self, name):
        tools.wait_for(lambda: name in self.told())
        return json.load(self.s3.get_object(Bucket="told", Key=name)["Body"])

    def created(self):
        put = self.s3.put_object(Bucket="box", Key="in/an order.txt", Body=b"12345")
        record = self.record("ObjectCreated:Put-in_an_order.txt")
        assert record["eventSource"] == "aws:s3" and record["eventVersion"] == "2.1", record
        found = record["s3"]["object"]
        assert found["key"] == "in/an+order.txt" and found["size"] == 5, found
        assert found["eTag"] == put["ETag"].strip('"'), found
        assert record["s3"]["bucket"]["arn"] == "arn:aws:s3:::box", record
        self.s3.copy_object(Bucket="box", Key="in/copy.txt", CopySource="box/in/an order.txt")
        self.record("ObjectCreated:Copy-in_copy.txt")
        upload = self.s3.create_multipart_upload(Bucket="box", Key="large")["UploadId"]
        part = self.s3.upload_part(Bucket="box", Key="large", UploadId=upload, PartNumber=1,
                                   Body=b"x" * PART_BYTES)
        self.s3.complete_multipart_upload(
            Bucket="box", Key="large", UploadId=upload,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
        record = self.record("ObjectCreated:CompleteMultipartUpload-large")
        assert record["s3"]["object"]["size"] == PART_BYTES, record

    def removed(self):
        self.s3.delete_object(Bucket="box", Key="large")
        self.s3.delete_objects(Bucket="box", Delete={"Objects": [{"Key": "in/copy.txt"}]})
        record = self.record("ObjectRemoved:Delete-in_copy.txt")
        assert record["s3"]["configurationId"] == "gone", record
        assert "size" not in record["s3"]["object"], record

    def filtered(self):
        assert not any("ObjectRemoved:Delete-large" in name for name in self.told())

    def kills(self):
        """What was answered has been told, or will be."""
        wanted = set()
        for kill in range(KILLS):
            for number in range(4):
                key = f"k{kill}-{number}"
                self.s3.put_object(Bucket="box", Key=key, Body=b"x")
                wanted.add(f"ObjectCreated:Put-{key}")
            time.sleep(kill * 0.05)
            self.server.kill()
            self.server.start()
        # An invocation that the last kill ended is made again after a minute at most.
        tools.wait_for(lambda: wanted <= self.told(), seconds=90)
