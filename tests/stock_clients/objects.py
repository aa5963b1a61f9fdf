"""Objects, roles and keys through stock clients, against a server that verifies signatures."""
import hashlib
import io
import json
import os
import subprocess
import urllib.error
import urllib.request

import boto3
import boto3.s3.transfer
import botocore.config
import botocore.exceptions

import clients

KEY, SECRET = "AKIAPAWLTEST", "not/much+of-a-secret"
REGION = "us-east-2"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"},
     "Action": "sts:AssumeRole"}]})


def code_of(call, *arguments, **named):
    """The error's code, or None."""
    try:
        call(*arguments, **named)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
    return None


class Steps:
    """A run of all steps of a subclass; each is one check."""

    STEPS = []

    def __init__(self, name):
        self.name, self.passed, self.problems = name, 0, []

    def run(self):
        for step in self.STEPS:
            try:
                getattr(self, step)()
                self.passed += 1
            except Exception as error:  # pylint: disable=broad-exception-caught
                self.problems.append(f"{self.name}: {step}: {type(error).__name__} {error}")


class Boto3Objects(Steps):
    """The SDK for Python: every form of body, signature and address."""

    STEPS = ["buckets", "bytes", "large", "streamed", "empty", "conditions", "listing", "versions",
             "presigned", "virtual_host", "checksums", "delete", "roles", "sessions"]

    def __init__(self, endpoint):
        super().__init__("boto3 objects")
        self.endpoint = endpoint
        self.s3 = self.client("s3")

    def client(self, service, key=KEY, secret=SECRET, token=None, **config):
        session = boto3.Session(key, secret, token, region_name=REGION)
        return session.client(service, endpoint_url=self.endpoint,
                              config=botocore.config.Config(
                                  **{"retries": {"max_attempts": 1}, **config}))

    def buckets(self):
        self.s3.create_bucket(Bucket="boto-box",
                              CreateBucketConfiguration={"LocationConstraint": REGION})
        assert code_of(self.s3.create_bucket, Bucket="boto-box",
                       CreateBucketConfiguration={"LocationConstraint": REGION}) \
            == "BucketAlreadyOwnedByYou"
        assert code_of(self.s3.create_bucket, Bucket="elsewhere") \
            == "IllegalLocationConstraintException"
        assert self.s3.get_bucket_location(Bucket="boto-box")["LocationConstraint"] == REGION
        assert [b["Name"] for b in self.s3.list_buckets()["Buckets"]] == ["boto-box"]
        tags = [{"Key": "a", "Value": "b"}]
        self.s3.put_bucket_tagging(Bucket="boto-box", Tagging={"TagSet": tags})
        assert self.s3.get_bucket_tagging(Bucket="boto-box")["TagSet"] == tags
        rules = [{"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "tmp/"},
                  "Expiration": {"Days": 3}}]
        self.s3.put_bucket_lifecycle_configuration(Bucket="boto-box",
                                                   LifecycleConfiguration={"Rules": rules})
        assert self.s3.get_bucket_lifecycle_configuration(Bucket="boto-box")["Rules"] == rules

    def bytes(self):
        made = self.s3.put_object(Bucket="boto-box", Key="a/ü +&?.txt", Body=b"hello",
                                  ContentType="text/x", Metadata={"one": "1"}, Tagging="t=u")
        assert made["ETag"] == '"' + hashlib.md5(b"hello").hexdigest() + '"'
        read = self.s3.get_object(Bucket="boto-box", Key="a/ü +&?.txt")
        assert (read["Body"].read(), read["ContentType"], read["Metadata"], read["TagCount"]) \
            == (b"hello", "text/x", {"one": "1"}, 1)
        part = self.s3.get_object(Bucket="boto-box", Key="a/ü +&?.txt", Range="bytes=1-3")
        assert (part["Body"].read(), part["ContentRange"]) == (b"ell", "bytes 1-3/5")
        self.s3.copy_object(Bucket="boto-box", Key="copy",
                            CopySource={"Bucket": "boto-box", "Key": "a/ü +&?.txt"})
        assert self.s3.head_object(Bucket="boto-box", Key="copy")["Metadata"] == {"one": "1"}
        assert code_of(self.s3.get_object, Bucket="boto-box", Key="none") == "NoSuchKey"
        assert code_of(self.s3.head_object, Bucket="boto-box", Key="none") == "404"

    def large(self):
        data = os.urandom(13 << 20)
        config = boto3.s3.transfer.TransferConfig(multipart_chunksize=5 << 20)
        self.s3.upload_fileobj(io.BytesIO(data), "boto-box", "large", Config=config)
        head = self.s3.head_object(Bucket="boto-box", Key="large")
        assert head["ETag"].endswith('-3"') and head["ContentLength"] == len(data)
        target = io.BytesIO()
        self.s3.download_fileobj("boto-box", "large", target, Config=config)
        assert target.getvalue() == data
        upload = self.s3.create_multipart_upload(Bucket="boto-box", Key="other")["UploadId"]
        self.s3.upload_part_copy(Bucket="boto-box", Key="other", UploadId=upload, PartNumber=1,
                                 CopySource="boto-box/large", CopySourceRange="bytes=100-6000099")
        part = self.s3.list_parts(Bucket="boto-box", Key="other", UploadId=upload)["Parts"][0]
        completed = [self.s3.complete_multipart_upload(
            Bucket="boto-box", Key="other", UploadId=upload,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})["ETag"]
            for _ in range(2)]  # the first answer may have been lost
        assert completed[0] == completed[1], completed
        second = self.s3.get_object(Bucket="boto-box", Key="large", PartNumber=2,
                                    ChecksumMode="ENABLED")
        assert second["Body"].read() == data[5 << 20:10 << 20] and "ChecksumType" in second, second
        read = self.s3.get_object(Bucket="boto-box", Key="other")["Body"].read()
        assert read == data[100:6000100]

    def streamed(self):
        """One request of more than is kept in memory: signed as a whole, and not at all."""
        data = os.urandom(3 << 20)
        self.s3.put_object(Bucket="boto-box", Key="signed", Body=data)
        plain = self.client("s3", s3={"payload_signing_enabled": False})
        plain.put_object(Bucket="boto-box", Key="unsigned", Body=data)
        for key in ("signed", "unsigned"):
            assert self.s3.get_object(Bucket="boto-box", Key=key)["Body"].read() == data
        assert code_of(self.s3.put_object, Bucket="boto-box", Key="bad", Body=data,
                       ContentMD5="AAAAAAAAAAAAAAAAAAAAAA==") == "BadDigest"
        assert code_of(self.s3.head_object, Bucket="boto-box", Key="bad") == "404"

    def empty(self):
        """A body that follows an empty one, or a refusal, on the connection: this client waits for
        the word to go on each time, and takes what it reads instead for the next answer's head."""
        once = self.client("s3", retries={"total_max_attempts": 1})
        once.put_object(Bucket="boto-box", Key="empty", Body=b"")
        once.put_object(Bucket="boto-box", Key="full", Body=b"1")
        for body in (b"", b"1", b"1"):
            assert code_of(once.put_object, Bucket="boto-box", Key="none", Body=body,
                           IfMatch='"other"') == "NoSuchKey"
        once.put_object(Bucket="boto-box", Key="full", Body=b"2")
        assert once.get_object(Bucket="boto-box", Key="full")["Body"].read() == b"2"

    def conditions(self):
        def put(**more):
            return code_of(self.s3.put_object, Bucket="boto-box", Key="once", Body=b"1", **more)
        assert put(IfNoneMatch="*") is None
        assert put(IfNoneMatch="*") == "PreconditionFailed"
        etag = self.s3.head_object(Bucket="boto-box", Key="once")["ETag"]
        assert code_of(self.s3.get_object, Bucket="boto-box", Key="once", IfNoneMatch=etag) == "304"
        assert put(IfMatch='"other"') == "PreconditionFailed"
        assert put(IfMatch=etag) is None

    def listing(self):
        for number in range(25):
            self.s3.put_object(Bucket="boto-box", Key=f"list/{number % 5}/{number:02}", Body=b"")
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket="boto-box", Prefix="list/", PaginationConfig={"PageSize": 7})
        keys = [item["Key"] for page in pages for item in page["Contents"]]
        assert len(keys) == 25 and keys == sorted(keys)
        folders = self.s3.list_objects_v2(Bucket="boto-box", Prefix="list/", Delimiter="/")
        assert [p["Prefix"] for p in folders["CommonPrefixes"]] == [f"list/{n}/" for n in range(5)]
        pages = self.s3.get_paginator("list_objects").paginate(
            Bucket="boto-box", Delimiter="/", PaginationConfig={"PageSize": 2})
        assert {p["Prefix"] for page in pages for p in page.get("CommonPrefixes", [])} \
            == {"a/", "list/"}

    def versions(self):
        self.s3.put_bucket_versioning(Bucket="boto-box",
                                      VersioningConfiguration={"Status": "Enabled"})
        first = self.s3.put_object(Bucket="boto-box", Key="v", Body=b"1")["VersionId"]
        self.s3.put_object(Bucket="boto-box", Key="v", Body=b"2")
        marker = self.s3.delete_object(Bucket="boto-box", Key="v")
        assert marker["DeleteMarker"] is True
        assert code_of(self.s3.get_object, Bucket="boto-box", Key="v") == "NoSuchKey"
        old = self.s3.get_object(Bucket="boto-box", Key="v", VersionId=first)
        assert old["Body"].read() == b"1"
        listed = self.s3.list_object_versions(Bucket="boto-box", Prefix="v")
        assert len(listed["Versions"]) == 2 and listed["DeleteMarkers"][0]["IsLatest"]
        self.s3.delete_object(Bucket="boto-box", Key="v", VersionId=marker["VersionId"])
        assert self.s3.get_object(Bucket="boto-box", Key="v")["Body"].read() == b"2"

    def presigned(self):
        put = self.s3.generate_presigned_url("put_object", {"Bucket": "boto-box", "Key": "pre"})
        urllib.request.urlopen(urllib.request.Request(put, b"signed", method="PUT"))
        get = self.s3.generate_presigned_url("get_object", {"Bucket": "boto-box", "Key": "pre"})
        assert urllib.request.urlopen(get).read() == b"signed"
        for url in (get.replace("pre?", "copy?"), get.split("?")[0]):
            try:
                urllib.request.urlopen(url)
                raise AssertionError(f"{url} was answered")
            except urllib.error.HTTPError as error:
                assert error.code == 403, error

    def virtual_host(self):
        """The name need not be resolvable for the server to know it."""
        client = boto3.Session(KEY, SECRET, region_name=REGION).client(
            "s3", endpoint_url=self.endpoint.replace("127.0.0.1", "localhost"),
            config=botocore.config.Config(s3={"addressing_style": "virtual"}))
        url = client.generate_presigned_url("get_object", {"Bucket": "boto-box", "Key": "copy"})
        host, path = url.removeprefix("http://").split("/", 1)
        assert host.startswith("boto-box.localhost"), host
        read = urllib.request.Request(f"{self.endpoint}/{path}", headers={"Host": host})
        assert urllib.request.urlopen(read).read() == b"hello"

    def checksums(self):
        for name in ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"):
            try:
                made = self.s3.put_object(Bucket="boto-box", Key="sum", Body=b"hello",
                                          ChecksumAlgorithm=name)
            except botocore.exceptions.MissingDependencyException:
                continue  # this client cannot make it
            read = self.s3.get_object(Bucket="boto-box", Key="sum", ChecksumMode="ENABLED")
            assert read["Checksum" + name] == made["Checksum" + name], name

    def delete(self):
        self.s3.put_bucket_versioning(Bucket="boto-box",
                                      VersioningConfiguration={"Status": "Suspended"})
        assert code_of(self.s3.delete_bucket, Bucket="boto-box") == "BucketNotEmpty"
        listed = self.s3.list_object_versions(Bucket="boto-box")
        doomed = [{"Key": item["Key"], "VersionId": item["VersionId"]}
                  for item in listed["Versions"] + listed.get("DeleteMarkers", [])]
        answer = self.s3.delete_objects(Bucket="boto-box", Delete={"Objects": doomed})
        assert len(answer["Deleted"]) == len(doomed) and "Errors" not in answer
        self.s3.delete_bucket(Bucket="boto-box")
        assert code_of(self.s3.head_bucket, Bucket="boto-box") == "404"

    def roles(self):
        iam = self.client("iam")
        role = iam.create_role(RoleName="Deployer", AssumeRolePolicyDocument=TRUST)["Role"]
        assert role["RoleId"].startswith("AROA") and role["AssumeRolePolicyDocument"]["Version"]
        assert code_of(iam.create_role, RoleName="deployer",
                       AssumeRolePolicyDocument=TRUST) == "EntityAlreadyExists"
        assert code_of(iam.create_role, RoleName="x",
                       AssumeRolePolicyDocument="{") == "MalformedPolicyDocument"
        document = json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "s3:GPutbject", "Resource": "*"}]})
        iam.put_role_policy(RoleName="Deployer", PolicyName="inline", PolicyDocument=document)
        read = iam.get_role_policy(RoleName="Deployer", PolicyName="inline")
        assert read["PolicyDocument"] == json.loads(document)
        managed = [p["Arn"] for page in iam.get_paginator("list_policies").paginate(
            Scope="All", PaginationConfig={"PageSize": 10}) for p in page["Policies"]
            if p["PolicyName"] == "AWSLambdaRole"]
        iam.attach_role_policy(RoleName="Deployer", PolicyArn=managed[0])
        assert code_of(iam.delete_role, RoleName="Deployer") == "DeleteConflict"
        iam.detach_role_policy(RoleName="Deployer", PolicyArn=managed[0])
        iam.delete_role_policy(RoleName="Deployer", PolicyName="inline")
        iam.tag_role(RoleName="Deployer", Tags=[{"Key": "a", "Value": "b"}])
        assert iam.get_role(RoleName="Deployer")["Role"]["Tags"] == [{"Key": "a", "Value": "b"}]
        assert code_of(iam.get_role, RoleName="none") == "NoSuchEntity"
        changed = iam.update_role_description(RoleName="Deployer", Description="deploys")["Role"]
        assert changed["Description"] == "deploys", changed
        iam.create_policy(PolicyName="Once", Path="/a/", PolicyDocument=document)
        assert code_of(iam.create_policy, PolicyName="Once",
                       PolicyDocument=document) == "EntityAlreadyExists"

    def sessions(self):
        sts, iam = self.client("sts"), self.client("iam")
        account = sts.get_caller_identity()["Account"]
        session = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/Deployer",
                                  RoleSessionName="tester")
        given = session["Credentials"]
        assert code_of(sts.assume_role, RoleArn=f"arn:aws:iam::{account}:role/Deployer",
                       RoleSessionName="tester", DurationSeconds=7200) == "ValidationError"
        mine = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        identity = self.client("sts", *mine).get_caller_identity()
        assert identity["Arn"] == f"arn:aws:sts::{account}:assumed-role/Deployer/tester", identity
        self.client("s3", *mine).list_buckets()
        for wrong in ((mine[0], mine[1], None), (mine[0], "x", mine[2]), (mine[0], mine[1], "x")):
            assert code_of(self.client("s3", *wrong).list_buckets), wrong
        iam.create_user(UserName="ann")
        key = iam.create_access_key(UserName="ann")["AccessKey"]
        ann = self.client("sts", key["AccessKeyId"], key["SecretAccessKey"])
        assert ann.get_caller_identity()["Arn"].endswith(":user/ann")
        git = iam.create_service_specific_credential(
            UserName="ann", ServiceName="codecommit.amazonaws.com")["ServiceSpecificCredential"]
        assert git["ServicePassword"]
        assert code_of(iam.delete_user, UserName="ann") == "DeleteConflict"
        iam.delete_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"])
        assert code_of(ann.get_caller_identity) == "InvalidClientTokenId"
        iam.delete_role(RoleName="Deployer")


class CommandLineObjects(Steps):
    """`aws s3` of one version of the AWS CLI."""

    STEPS = ["make", "copy", "large", "sync", "move", "presign", "remove"]

    def __init__(self, endpoint, program, name, folder):
        super().__init__(f"{name} objects")
        self.endpoint, self.program = endpoint, program
        self.folder = os.path.join(folder, name)
        self.bucket = f"{name}-box"
        os.makedirs(os.path.join(self.folder, "tree/deep"))
        for path, data in (("small", b"hello"), ("large", os.urandom(18 << 20)),
                           ("tree/a", b"a"), ("tree/deep/b c", b"b")):
            with open(os.path.join(self.folder, path), "wb") as file:
                file.write(data)

    def aws(self, *words):
        environment = {**clients.environment(self.endpoint), "AWS_ACCESS_KEY_ID": KEY,
                       "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": REGION,
                       "AWS_REGION": REGION}
        done = subprocess.run([self.program, *words, "--endpoint-url", self.endpoint],
                              capture_output=True, timeout=clients.CALL_SECONDS_MAX,
                              env=environment, cwd=self.folder, check=False)
        assert done.returncode == 0, (words, done.stderr[-500:])
        return done.stdout.decode()

    def make(self):
        self.aws("s3", "mb", f"s3://{self.bucket}")
        assert self.bucket in self.aws("s3", "ls")

    def copy(self):
        self.aws("s3", "cp", "small", f"s3://{self.bucket}")
        assert self.aws("s3", "cp", f"s3://{self.bucket}/small", "-") == "hello"

    def large(self):
        self.aws("s3", "cp", "large", f"s3://{self.bucket}/l")
        self.aws("s3", "cp", f"s3://{self.bucket}/l", "large.back")
        with open(os.path.join(self.folder, "large"), "rb") as sent, \
                open(os.path.join(self.folder, "large.back"), "rb") as read:
            assert sent.read() == read.read()

    def sync(self):
        self.aws("s3", "sync", "tree", f"s3://{self.bucket}/tree")
        listed = self.aws("s3", "ls", f"s3://{self.bucket}/tree/", "--recursive")
        assert "tree/a" in listed and "tree/deep/b c" in listed
        assert "upload" not in self.aws("s3", "sync", "tree", f"s3://{self.bucket}/tree")

    def move(self):
        self.aws("s3", "mv", f"s3://{self.bucket}/tree/a", f"s3://{self.bucket}/moved")
        assert "moved" in self.aws("s3", "ls", f"s3://{self.bucket}")

    def presign(self):
        url = self.aws("s3", "presign", f"s3://{self.bucket}/moved").strip()
        assert urllib.request.urlopen(url).read() == b"a"

    def remove(self):
        self.aws("s3", "rm", f"s3://{self.bucket}", "--recursive")
        self.aws("s3", "rb", f"s3://{self.bucket}")
