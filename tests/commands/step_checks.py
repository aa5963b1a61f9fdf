"""Checks of what executions reach: services elsewhere, by stand-ins that keep what they are sent,
and Maps over objects."""
import http.server
import json
import tempfile
import time
import urllib.parse

import harness


class StandIn(harness.LocalHttpServer):
    """A service that answers what it is told, one (status, headers, body) a request, and keeps the
    requests: (target, body)."""

    def __init__(self, *answers):
        self.requests = []
        left, requests = list(answers), self.requests

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                requests.append((self.headers.get("X-Amz-Target"), body))
                status, headers, answer = left.pop(0)
                self.send_response(status)
                for name, value in {"x-amzn-RequestId": "id-1", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer.encode())

        super().__init__(Handler)


class Endpoint(harness.LocalHttpServer):
    """Tells which path it was asked for, 404 for /gone, and keeps the requests: (method, target,
    headers, body)."""

    def __init__(self):
        self.requests = []
        requests = self.requests

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                requests.append((self.command, self.path, self.headers, body))
                path = self.path.split("?")[0]
                answer = json.dumps({"seen": path}, separators=(",", ":")).encode()
                self.send_response(404 if path == "/gone" else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(answer)

        super().__init__(Handler)


NOBODY = "http://127.0.0.1:1"
JSON10 = {"Content-Type": "application/x-amz-json-1.0"}
XML = {"Content-Type": "text/xml"}
QUEUE = "http://queue.invalid/000000000000/q"
TOPIC = "arn:aws:sns:us-east-1:000000000000:t"
NO_QUEUE = json.dumps({"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "No queue."})
NO_BODY = json.dumps({"__type": "com.amazon.coral.service#MissingParameter",
                      "message": "The request must contain the parameter MessageBody."})
NO_TABLE = json.dumps({"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
                       "message": "Requested resource not found"})
BAD_ITEM = json.dumps({"__type": "com.amazon.coral.validate#ValidationException",
                       "message": "1 validation error detected"})
NO_TOPIC = ("<ErrorResponse xmlns='http://sns.amazonaws.com/doc/2010-03-31/'><Error>"
            "<Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message>"
            "</Error><RequestId>id-2</RequestId></ErrorResponse>")
PUBLISHED = ("<PublishResponse xmlns='http://sns.amazonaws.com/doc/2010-03-31/'><PublishResult>"
             "<MessageId>m-1</MessageId><SequenceNumber>7</SequenceNumber></PublishResult>"
             "<ResponseMetadata><RequestId>id-2</RequestId></ResponseMetadata></PublishResponse>")


def machine_of(resource, parameters):
    return {"StartAt": "T", "States": {"T": {
        "Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters,
        "End": True}}}


def wait_for_event(api, execution, kind, seconds=60):
    deadline = time.monotonic() + seconds
    while not any(event["type"] == kind for event in api.history(execution)):
        assert time.monotonic() < deadline, f"no {kind} after {seconds} s"
        time.sleep(0.02)


class StepChecks:
    """Mixed into Commands, whose binary it uses."""

    def run_task(self, server, resource, parameters):
        """How an execution of the one task ends."""
        api = server.api()
        machine = api.create_machine(machine_of(resource, parameters))
        execution = api.states("StartExecution", stateMachineArn=machine)["executionArn"]
        return api.wait_closed(execution)

    def check_optimized_integrations(self):
        """Queues, tables, topics and buses elsewhere get what AWS would send them."""
        sqs = StandIn((200, JSON10, '{"MessageId":"m","MD5OfMessageBody":"x"}'),
                      (400, {**JSON10, "x-amzn-query-error":
                             "AWS.SimpleQueueService.NonExistentQueue;Sender"}, NO_QUEUE),
                      (400, JSON10, NO_BODY))
        dynamodb = StandIn((200, {**JSON10, "Server": "Server", "x-amz-crc32": "1"},
                            '{"Item":{"id":{"S":"a"}}}'),
                           (400, JSON10, NO_TABLE), (400, JSON10, BAD_ITEM))
        sns = StandIn((200, XML, PUBLISHED), (404, XML, NO_TOPIC))
        events = StandIn((200, {}, '{"Entries":[{"EventId":"e"}],"FailedEntryCount":0}'),
                         (200, {}, '{"Entries":[{"ErrorCode":"X"}],"FailedEntryCount":1}'))
        with sqs, dynamodb, sns, events:
            options = []
            for name, service in [("sqs", sqs), ("dynamodb", dynamodb), ("sns", sns),
                                  ("events", events)]:
                options += ["--service-endpoint", f"{name}={service.url}"]
            with harness.Server(self.binary, options) as server:
                self.queues(server, sqs)
                self.tables(server, dynamodb)
                self.topics(server, sns)
                self.buses(server, events)

    def queues(self, server, sqs):
        send = {"QueueUrl": QUEUE, "MessageBody": {"a": [1]}}
        end = self.run_task(server, "sqs:sendMessage", send)
        output = json.loads(end["output"])
        assert list(output) == ["MD5OfMessageBody", "MessageId", "SdkHttpMetadata",
                                "SdkResponseMetadata"], output
        assert output["SdkResponseMetadata"] == {"RequestId": "id-1"}, output
        http_part = output["SdkHttpMetadata"]
        assert http_part["HttpStatusCode"] == 200, output
        assert http_part["HttpHeaders"]["Content-Type"] == JSON10["Content-Type"], output
        assert http_part["AllHttpHeaders"]["x-amzn-RequestId"] == ["id-1"], output
        target, body = sqs.requests[0]
        assert target == "AmazonSQS.SendMessage", target
        assert json.loads(body) == {**send, "MessageBody": '{"a":[1]}'}, body
        end = self.run_task(server, "sqs:sendMessage", {**send, "MessageBody": "m"})
        assert end["error"] == "SQS.QueueDoesNotExistException", end
        assert end["cause"] == (
            "No queue. (Service: AmazonSQS; Status Code: 400; Error Code: "
            "AWS.SimpleQueueService.NonExistentQueue; Request ID: id-1; Proxy: null)"), end
        end = self.run_task(server, "sqs:sendMessage", {**send, "MessageBody": None})
        assert end["error"] == "SQS.AmazonSQSException", end
        assert "MessageBody" not in json.loads(sqs.requests[2][1]), sqs.requests
        end = self.run_task(server, "sqs:sendMessage", {**send, "QueueUrl": "no-such-queue"})
        assert (end["error"], end["cause"]) == (
            "SQS.SdkClientException",
            "Unable to execute HTTP request: no-such-queue: Name or service not known"), end

    def tables(self, server, dynamodb):
        key = {"TableName": "t", "Key": {"id": {"S": "a"}}}
        end = self.run_task(server, "dynamodb:getItem", key)
        output = json.loads(end["output"])
        assert output["Item"] == {"id": {"S": "a"}}, output
        assert output["SdkHttpMetadata"]["HttpHeaders"]["x-amz-crc32"] == "1", output
        assert dynamodb.requests[0] == ("DynamoDB_20120810.GetItem",
                                        json.dumps(key, separators=(",", ":")))
        for error in ["ResourceNotFoundException", "AmazonDynamoDBException"]:
            end = self.run_task(server, "dynamodb:getItem", key)
            assert end["error"] == f"DynamoDB.{error}", end
            assert "(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: " in end["cause"]

    def topics(self, server, sns):
        attributes = {"one": {"DataType": "String", "StringValue": "a b"}}
        publish = {"TopicArn": TOPIC, "Message": {"m": 1}, "MessageAttributes": attributes}
        end = self.run_task(server, "sns:publish", publish)
        output = json.loads(end["output"])
        assert list(output) == ["MessageId", "SdkHttpMetadata", "SdkResponseMetadata",
                                "SequenceNumber"], output
        assert urllib.parse.parse_qs(sns.requests[0][1]) == {
            "Action": ["Publish"], "Version": ["2010-03-31"], "TopicArn": [TOPIC],
            "Message": ['{"m":1}'], "MessageAttributes.entry.1.Name": ["one"],
            "MessageAttributes.entry.1.Value.DataType": ["String"],
            "MessageAttributes.entry.1.Value.StringValue": ["a b"]}, sns.requests
        end = self.run_task(server, "sns:publish", publish)
        assert (end["error"], end["cause"]) == (
            "SNS.NotFoundException",
            "Topic does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound; "
            "Request ID: id-2; Proxy: null)"), end

    def buses(self, server, events):
        entry = {"Detail": {"m": 1}, "DetailType": "d", "Source": "s", "Resources": ["r"]}
        end = self.run_task(server, "events:putEvents", {"Entries": [entry]})
        assert json.loads(end["output"]) == {"Entries": [{"EventId": "e"}],
                                             "FailedEntryCount": 0}, end
        sent = json.loads(events.requests[0][1])["Entries"][0]
        assert sent["Detail"] == '{"m":1}', sent
        assert sent["Resources"] == ["r", end["executionArn"], end["stateMachineArn"]], sent
        end = self.run_task(server, "events:putEvents", {"Entries": [entry]})
        assert end["error"] == "EventBridge.FailedEntry", end
        assert json.loads(end["cause"])["FailedEntryCount"] == 1, end

    def check_http_endpoints(self):
        """http:invoke sends what the task says, authorized by its connection, to the origins that
        a setting names; TestState does the same."""
        connections = {"shop": {"AuthorizationType": "API_KEY", "AuthParameters": {
            "ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "secret"},
            "InvocationHttpParameters": {
                "QueryStringParameters": [{"Key": "shop", "Value": "1 2"}]}}}}
        with Endpoint() as endpoint, tempfile.NamedTemporaryFile("w") as file:
            json.dump(connections, file)
            file.flush()
            options = ["--http-endpoints", f"{endpoint.url},{NOBODY}",
                       "--http-connections", file.name]
            with harness.Server(self.binary, options) as server:
                self.calls(server, endpoint)
        with harness.Server(self.binary) as server:
            end = self.run_task(server, "http:invoke", {"ApiEndpoint": endpoint.url,
                                                        "Method": "GET"})
            assert end["error"] == "States.Runtime", end
            assert "--http-endpoints" in end["cause"], end
        self.expect(2, "is no origin", "serve", "--http-endpoints", "shop.example.com")

    def calls(self, server, endpoint):
        arn = "arn:aws:events:us-east-1:000000000000:connection/shop/81210c42"
        order = {"ApiEndpoint": endpoint.url + "/orders", "Method": "POST",
                 "Authentication": {"ConnectionArn": arn}, "Headers": {"X-Trace": "t"},
                 "QueryParameters": {"kind": ["a", "b"]}, "RequestBody": {"items": [1, "x y"]}}
        end = self.run_task(server, "http:invoke", order)
        result = json.loads(end["output"])
        assert list(result) == ["Headers", "ResponseBody", "StatusCode", "StatusText"], result
        assert result["ResponseBody"] == {"seen": "/orders"}, result
        assert (result["StatusCode"], result["StatusText"]) == (200, "OK"), result
        assert result["Headers"]["content-type"] == ["application/json"], result
        method, target, headers, body = endpoint.requests[0]
        assert (method, target) == ("POST", "/orders?kind=a&kind=b&shop=1%202"), target
        assert json.loads(body) == {"items": [1, "x y"]}, body
        assert headers["User-Agent"] == "Amazon|StepFunctions|HttpInvoke|us-east-1", headers
        assert headers["Range"] == "bytes=0-262144" and headers["x-key"] == "secret", headers
        assert headers["X-Trace"] == "t", headers
        assert headers["Content-Type"] == "application/json", headers

        form = {**order, "Transform": {"RequestBodyEncoding": "URL_ENCODED"}}
        tested = server.api().states(
            "TestState", roleArn="arn:aws:iam::000000000000:role/r", definition=json.dumps(
                machine_of("http:invoke", form)["States"]["T"]))
        assert tested["status"] == "SUCCEEDED", tested
        assert endpoint.requests[1][3] == "items[0]=1&items[1]=x%20y", endpoint.requests[1]
        for parameters, error, cause in [
                ({**order, "ApiEndpoint": endpoint.url + "/gone"},
                 "States.Http.StatusCode.404", '{"seen":"/gone"}'),
                ({**order, "Authentication": {"ConnectionArn": arn.replace("shop", "none")}},
                 "Events.ConnectionResource.ResourceNotFound", "none"),
                ({**order, "Headers": {"Host": "x"}}, "States.Runtime", "'Host'"),
                ({**order, "ApiEndpoint": "http://127.0.0.1:2/"}, "States.Runtime", "may not call"),
                ({**order, "ApiEndpoint": NOBODY + "/"}, "States.Http.Socket", ""),
        ]:
            end = self.run_task(server, "http:invoke", parameters)
            assert end["error"] == error and cause in end["cause"], end

    def check_callback_from_a_queue(self):
        """The queue's answer is the task's submission; who reads the token ends the task."""
        answer = '{"MessageId":"m","MD5OfMessageBody":"x"}'
        with StandIn((200, JSON10, answer)) as sqs:
            options = ["--service-endpoint", f"sqs={sqs.url}"]
            with harness.Server(self.binary, options) as server:
                api = server.api()
                machine = api.create_machine(machine_of(
                    "sqs:sendMessage.waitForTaskToken",
                    {"QueueUrl": QUEUE, "MessageBody": {"token.$": "$$.Task.Token"}}))
                execution = api.states("StartExecution", stateMachineArn=machine)["executionArn"]
                wait_for_event(api, execution, "TaskSubmitted")
                token = json.loads(json.loads(sqs.requests[0][1])["MessageBody"])["token"]
                api.states("SendTaskSuccess", taskToken=token, output='"done"')
                assert api.wait_closed(execution)["output"] == '"done"'
                submitted = [event for event in api.history(execution)
                             if event["type"] == "TaskSubmitted"][0]["taskSubmittedEventDetails"]
                assert submitted["resource"] == "sendMessage.waitForTaskToken", submitted
                assert json.loads(submitted["output"])["MessageId"] == "m", submitted

    def check_distributed_map_elsewhere(self):
        """Items are read from, and results written to, the S3 that a setting names: here another
        Pawl."""
        put = {"Authorization": harness.authorization("s3")}
        rows, row_bytes = 90, 200_000  # together more than one part of an upload
        lines = [json.dumps({"n": n, "text": "x" * row_bytes}) for n in range(rows)]
        keys = [f"many/{n:04}" for n in range(1_005)]  # more than one page of a list
        with harness.Server(self.binary) as elsewhere:
            s3 = elsewhere.api()
            assert s3.request("PUT", "/box", put)[0] == 200
            assert s3.request("PUT", "/box/lines.jsonl", put, "\n".join(lines).encode())[0] == 200
            for key in keys:
                assert s3.request("PUT", f"/box/{key}", put, b"1")[0] == 200
            options = ["--service-endpoint", f"s3={elsewhere.endpoint}"]
            with harness.Server(self.binary, options) as server:
                api = server.api()
                end = self.map_over_objects(
                    api, "getObject", {"Bucket": "box", "Key": "lines.jsonl"}, "box")
                details = json.loads(end["output"])["ResultWriterDetails"]
                assert details["Bucket"] == "box", end
                manifest = json.loads(s3.request("GET", "/box/" + details["Key"], put)[2])
                files = manifest["ResultFiles"]["SUCCEEDED"]
                results = []
                for file in files:
                    results += json.loads(s3.request("GET", "/box/" + file["Key"], put)[2])
                numbers = sorted(json.loads(result["Output"])["n"] for result in results)
                assert numbers == list(range(rows)), numbers
                assert sum(file["Size"] for file in files) > rows * row_bytes, files
                end = self.map_over_objects(
                    api, "listObjectsV2", {"Bucket": "box", "Prefix": "many/"})
                assert [item["Key"] for item in json.loads(end["output"])] == keys
                end = self.map_over_objects(api, "getObject", {"Bucket": "box", "Key": "none"})
                assert end["error"] == "States.ItemReaderFailed", end
                assert "The specified key does not exist" in end["cause"], end
                end = self.map_over_objects(
                    api, "getObject", {"Bucket": "box", "Key": "lines.jsonl"}, "nowhere")
                assert end["error"] == "States.ResultWriterFailed", end
                assert "The specified bucket does not exist" in end["cause"], end
                end = self.run_task(server, "aws-sdk:s3:headObject",
                                    {"Bucket": "box", "Key": "lines.jsonl"})
                assert json.loads(end["output"])["ContentLength"] > rows * row_bytes, end

    def map_over_objects(self, api, operation, parameters, result_bucket=None):
        """How an execution ends whose Distributed Map passes on what it reads."""
        state = {"Type": "Map", "End": True, "MaxConcurrency": 50, "ItemReader": {
            "Resource": f"arn:aws:states:::s3:{operation}", "Parameters": parameters,
            **({"ReaderConfig": {"InputType": "JSONL"}} if operation == "getObject" else {})},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}}
        if result_bucket:
            state["ResultWriter"] = {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": result_bucket, "Prefix": "out"}}
        machine = api.create_machine({"StartAt": "M", "States": {"M": state}})
        execution = api.states("StartExecution", stateMachineArn=machine)["executionArn"]
        return api.wait_closed(execution)

    def check_object_items(self):
        """A Distributed Map takes the members of an object, of its input or in a file, one by
        one."""
        processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                     "StartAt": "P", "States": {"P": {"Type": "Succeed"}}}
        state = {"Type": "Map", "End": True, "ItemProcessor": processor}
        shown = {"ItemSelector": {"k.$": "$$.Map.Item.Key", "v.$": "$$.Map.Item.Value",
                                  "i.$": "$$.Map.Item.Index", "s.$": "$$.Map.Item.Source"}}
        given = {"b": 1, "a": {"x": [2]}}
        expected = [{"k": "b", "v": 1, "i": 0}, {"k": "a", "v": {"x": [2]}, "i": 1}]
        with harness.Server(self.binary) as server:
            api = server.api()

            def output_of(definition, value):
                machine = api.create_machine({"StartAt": "M", "States": {"M": definition}})
                execution = api.states("StartExecution", stateMachineArn=machine,
                                       input=json.dumps(value))["executionArn"]
                return json.loads(api.wait_closed(execution)["output"])

            pairs = [{"Key": "b", "Value": 1}, {"Key": "a", "Value": {"x": [2]}}]
            assert output_of(state, given) == pairs
            assert output_of({**state, **shown}, given) == [
                {**item, "s": "STATE_DATA"} for item in expected]
            put = {"Authorization": harness.authorization("s3")}
            assert api.request("PUT", "/items", put)[0] == 200
            assert api.request("PUT", "/items/o.json", put, json.dumps(
                {"in": given}).encode())[0] == 200
            reader = {"ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/in"},
                "Parameters": {"Bucket": "items", "Key": "o.json"}}}
            assert output_of({**state, **shown, **reader}, {}) == [
                {**item, "s": "S3://items/o.json"} for item in expected]
            assert output_of({**state, **reader}, {}) == pairs
            flat = {"ItemReader": {
                "Resource": "arn:aws:states:::s3:listObjectsV2",
                "ReaderConfig": {"InputType": "JSON", "Transformation": "LOAD_AND_FLATTEN"},
                "Parameters": {"Bucket": "items"}}}
            assert [item["s"] for item in output_of({**state, **shown, **flat}, {})] == [
                "S3://items/o.json"]
            data = {"mapItemReaderData": json.dumps({"in": given})}
            answer = api.states(
                "TestState", definition=json.dumps({**state, **shown, **reader}),
                roleArn=harness.ROLE, input="{}", inspectionLevel="DEBUG",
                stateConfiguration=data, mock={"result": "[1,2]"})
            selected = json.loads(answer["inspectionData"]["afterItemSelector"])
            assert [(item["k"], item["v"]) for item in selected] == [
                ("b", 1), ("a", {"x": [2]})], answer
