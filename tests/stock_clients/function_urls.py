"""Function URLs over plain HTTP: events, answers, CORS, IAM, hostile requests, and a kill."""
import base64
import json

import botocore.auth
import botocore.awsrequest
import botocore.credentials

import harness
import tools

SOURCE = """
import base64
def handler(event, context):
    path = event["rawPath"]
    if path == "/event":
        return event
    if path == "/page":
        return {"statusCode": 201, "headers": {"Content-Type": "text/html", "X-Trace": "1"},
                "cookies": ["a=1; Secure", "b=2"], "body": "<p>"}
    if path == "/bytes":
        return {"statusCode": 200, "headers": {"content-type": "image/png"},
                "body": base64.b64encode(bytes(range(256))).decode(), "isBase64Encoded": True}
    if path == "/wrong":
        return {"statusCode": "many"}
    if path == "/split":
        return {"statusCode": 200, "headers": {"x-bad": "a\\r\\nSet-Cookie: stolen=1",
                                               "b ad": "1", "content-length": "1"}, "body": "fine"}
    if path == "/error":
        raise ValueError("unlucky")
    return "Hello"
"""
SITE = "https://shop.example"


class FunctionUrls(tools.Tool):
    STEPS = ["create", "events", "bodies", "answers", "cross_origin", "hostile", "kill", "by_iam",
             "aliases", "gone"]

    def __init__(self, server, folder):
        super().__init__("function URLs", server, folder)
        self.lambdas = self.clients["lambda"]

    def create(self):
        self.lambdas.create_function(
            FunctionName="web", Runtime="python3.12", Handler="app.handler", Timeout=20,
            Role="arn:aws:iam::000000000000:role/r",
            Code={"ZipFile": harness.zipped({"app.py": SOURCE})})
        made = self.lambdas.create_function_url_config(FunctionName="web", AuthType="NONE")
        self.url = made["FunctionUrl"]
        found = self.lambdas.list_function_url_configs(FunctionName="web")["FunctionUrlConfigs"]
        assert [each["FunctionUrl"] for each in found] == [self.url], found

    def get(self, path="", **more):
        return tools.request_url(self.url, path=path, **more)

    def event(self, path="event", **more):
        status, _, body = self.get(path, **more)
        assert status == 200, (status, body)
        return json.loads(body)

    def events(self):
        event = self.event("event?a=1&a=2&b=%20x", headers={
            "Cookie": "one=1; two=2", "X-Name": "value", "User-Agent": "tests"})
        assert event["version"] == "2.0" and event["rawPath"] == "/event", event
        assert event["rawQueryString"] == "a=1&a=2&b=%20x", event
        assert event["queryStringParameters"] == {"a": "1,2", "b": " x"}, event
        assert event["cookies"] == ["one=1", "two=2"], event
        assert event["headers"]["x-name"] == "value" and "body" not in event, event
        context = event["requestContext"]
        assert context["http"] == {"method": "GET", "path": "/event", "protocol": "HTTP/1.1",
                                   "sourceIp": "127.0.0.1", "userAgent": "tests"}, context
        assert context["domainName"] == f"{context['apiId']}.lambda-url.us-east-1.localhost"
        assert context["accountId"] == "anonymous" and "authorizer" not in context, context
        # By path, where names below localhost do not resolve.
        by_path = f"{self.server.endpoint}/_pawl/function-urls/{context['apiId']}/"
        status, headers, body = tools.request_url(by_path, path="event",
                                                  headers={"User-Agent": "Mozilla/5.0"})
        assert status == 200 and json.loads(body)["rawPath"] == "/event", (status, body)
        assert headers["Content-Security-Policy"] == "sandbox", headers

    def bodies(self):
        event = self.event(method="POST", body=b'{"a": 1}',
                           headers={"Content-Type": "application/json"})
        assert (event["body"], event["isBase64Encoded"]) == ('{"a": 1}', False), event
        data = bytes(range(256)) * 400
        event = self.event(method="PUT", body=data, headers={"Content-Type": "image/png"})
        assert event["isBase64Encoded"] and base64.b64decode(event["body"]) == data

    def answers(self):
        status, headers, body = self.get()
        assert (status, body, headers["Content-Type"]) == (200, b'"Hello"', "application/json")
        status, headers, body = self.get("page")
        assert (status, body, headers["X-Trace"]) == (201, b"<p>", "1"), (status, headers)
        assert headers.get_all("Set-Cookie") == ["a=1; Secure", "b=2"], headers
        assert headers["Content-Type"] == "text/html" and headers["x-amzn-RequestId"], headers
        status, headers, body = self.get("bytes")
        assert body == bytes(range(256)) and headers["Content-Type"] == "image/png"
        status, headers, body = self.get("bytes", method="HEAD")
        assert (status, body, headers["Content-Length"]) == (200, b"", "256"), headers
        for path in ("wrong", "error"):
            status, _, body = self.get(path)
            assert (status, body) == (502, b"Internal Server Error"), (status, body)

    def cross_origin(self):
        asked = {"Origin": SITE, "Access-Control-Request-Method": "PUT"}
        status, headers, body = self.get(method="OPTIONS", headers=asked)
        assert (status, body) == (200, b'"Hello"'), (status, body)
        self.lambdas.update_function_url_config(FunctionName="web", Cors={
            "AllowOrigins": [SITE], "AllowMethods": ["PUT"], "AllowHeaders": ["x-a"],
            "AllowCredentials": True, "MaxAge": 60})
        status, headers, body = self.get(method="OPTIONS", headers=asked)
        assert (status, body) == (200, b""), (status, body)
        assert headers["Access-Control-Allow-Origin"] == SITE, headers
        assert headers["Access-Control-Allow-Methods"] == "PUT", headers
        assert headers["Access-Control-Max-Age"] == "60", headers
        _, headers, _ = self.get("page", headers={"Origin": SITE})
        assert headers["Access-Control-Allow-Credentials"] == "true", headers
        _, headers, _ = self.get("page", headers={"Origin": "https://other.example"})
        assert "Access-Control-Allow-Origin" not in headers, headers

    def hostile(self):
        status, headers, body = self.get("split")
        assert (status, body) == (200, b"fine") and "Set-Cookie" not in headers, headers
        assert "x-bad" not in headers and headers["Content-Length"] == "4", headers
        host = self.url.split("//")[1].strip("/")
        foreign = {"Host": host[:32] + ".lambda-url.us-east-1.evil.example"}
        rebound = {**foreign, "Origin": "http://" + foreign["Host"]}
        status, _, answer = self.get(headers=foreign)
        assert status == 403, ("a name that is not this machine's", status, answer[:200])
        for name, wanted, more in [
                ("an id that is nobody's", 403, {"Host": "a" * 32 + host[32:]}),
                ("such a name, from a page of that name", 403, rebound),
                ("such a name, from no page", 200, foreign),
                ("a large body", 413, {}),
                ("latin-1 in a field", 200, {"X-Name": "\xe9\xff"}),
                ("a signature of nonsense", 200, {"Authorization": "AWS4-HMAC-SHA256 x"}),
                ("a token of its own", 200, {"Authorization": "Bearer x"})]:
            body = b"x" * 6_291_457 if wanted == 413 else None
            status, _, answer = self.get(method="POST", body=body, headers=more)
            assert status == wanted, (name, status, answer[:200])
        status, _, body = tools.request_url(self.server.endpoint, path="/_pawl/function-urls/%00/x")
        assert status == 403, (status, body)
        self.event("event?a=%ff&%fe=1")

    def kill(self):
        """The address outlives the server."""
        self.server.kill()
        self.server.start()
        status, _, body = self.get()
        assert (status, body) == (200, b'"Hello"'), (status, body)

    def by_iam(self):
        self.lambdas.update_function_url_config(FunctionName="web", AuthType="AWS_IAM")
        status, _, body = self.get("event")
        assert status == 403 and b"Forbidden" in body, (status, body)
        request = botocore.awsrequest.AWSRequest("GET", self.url + "event")
        keys = botocore.credentials.Credentials("test", "test")
        botocore.auth.SigV4Auth(keys, "lambda", "us-east-1").add_auth(request)
        event = self.event(headers=dict(request.headers))
        caller = event["requestContext"]["authorizer"]["iam"]
        assert caller["accessKey"] == "test" and caller["accountId"] == "000000000000", caller

    def aliases(self):
        version = self.lambdas.publish_version(FunctionName="web")["Version"]
        self.lambdas.create_alias(FunctionName="web", Name="live", FunctionVersion=version)
        made = self.lambdas.create_function_url_config(FunctionName="web", Qualifier="live",
                                                       AuthType="NONE")
        assert made["FunctionUrl"] != self.url and made["FunctionArn"].endswith(":web:live"), made
        assert tools.request_url(made["FunctionUrl"])[0] == 200
        self.lambdas.delete_alias(FunctionName="web", Name="live")
        assert tools.request_url(made["FunctionUrl"])[0] == 403

    def gone(self):
        self.lambdas.delete_function(FunctionName="web")
        status, _, body = self.get()
        assert status == 403, (status, body)
