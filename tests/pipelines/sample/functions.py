"""The functions of a pipeline whose action is a state machine: it creates a stack, or inspects a
change set and executes or deletes it. They speak to the services by themselves, with nothing but
Python's own library."""
import io
import json
import os
import re
import time
import urllib.parse
import urllib.request
import zipfile

ENDPOINT = os.environ.get("AWS_ENDPOINT_URL", "")
STACKS = "http://cloudformation.amazonaws.com/doc/2010-05-15/"


def authorization(service):
    return (f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/20260101/"
            f"{os.environ['AWS_REGION']}/{service}/aws4_request, "
            "SignedHeaders=host, Signature=0")


def send(service, path, headers, body=None, method="POST"):
    headers = {"Authorization": authorization(service),
               "X-Amz-Security-Token": os.environ.get("AWS_SESSION_TOKEN", ""), **headers}
    request = urllib.request.Request(ENDPOINT + path, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read()


def call(service, target, version, **arguments):
    answer = send(service, "/", {"X-Amz-Target": target,
                                 "Content-Type": f"application/x-amz-json-{version}"},
                  json.dumps(arguments).encode())
    return json.loads(answer or b"{}")


def states(operation, **arguments):
    return call("states", f"AWSStepFunctions.{operation}", "1.0", **arguments)


def pipeline(operation, **arguments):
    return call("codepipeline", f"CodePipeline_20150709.{operation}", "1.1", **arguments)


def stacks(action, **arguments):
    form = urllib.parse.urlencode({"Action": action, "Version": "2010-05-15", **arguments})
    answer = send("cloudformation", "/", {"Content-Type": "application/x-www-form-urlencoded"},
                  form.encode()).decode()
    return answer


def elements(xml, name):
    return re.findall(f"<{name}>(.*?)</{name}>", xml, re.S)


def read_object(bucket, key):
    return send("s3", f"/{bucket}/{urllib.parse.quote(key)}", {}, method="GET")


def stack_name(event):
    return event["environmentName"] + "-" + event["stackName"]


def template_of(event):
    archive = zipfile.ZipFile(io.BytesIO(
        read_object(event["revisionS3Bucket"], event["revisionS3Key"])))
    return archive.read(event["templatePath"]).decode()


def trigger(event, context):
    """Starts the state machine, then looks after it each time that the pipeline asks again."""
    job = event["CodePipeline.job"]
    print("Event: " + json.dumps(event))
    try:
        if job["data"].get("continuationToken") is not None:
            return look_after(job)
        settings = json.loads(job["data"]["actionConfiguration"]["configuration"]["UserParameters"])
        given = json.loads(read_object(settings["s3Bucket"], settings["stateMachineFile"]))
        place = job["data"]["inputArtifacts"][0]["location"]["s3Location"]
        given["revisionS3Bucket"] = place["bucketName"]
        given["revisionS3Key"] = place["objectKey"]
        execution = states("StartExecution", stateMachineArn=os.environ["stateMachineArn"],
                           name="execution-" + job["id"], input=json.dumps(given))
        pipeline("PutJobSuccessResult", jobId=job["id"],
                 continuationToken=json.dumps({"execution": execution["executionArn"]}))
    except Exception as error:  # whatever it is, the pipeline must not wait for 20 minutes
        fail(job, context, str(error))


def look_after(job):
    token = job["data"]["continuationToken"]
    execution = json.loads(token)["execution"]
    status = states("DescribeExecution", executionArn=execution)["status"]
    if status == "RUNNING":
        pipeline("PutJobSuccessResult", jobId=job["id"], continuationToken=token)
    elif status == "SUCCEEDED":
        pipeline("PutJobSuccessResult", jobId=job["id"])
    else:
        fail(job, None, f"Execution: {execution} has: {status}")


def fail(job, context, message):
    pipeline("PutJobFailureResult", jobId=job["id"], failureDetails={
        "type": "JobFailed", "message": json.dumps(message),
        **({"externalExecutionId": context.aws_request_id} if context else {})})


def check_stack_exists(event, _):
    try:
        stacks("DescribeStacks", StackName=stack_name(event))
        return True
    except urllib.error.HTTPError:
        return False


def create_stack(event, _):
    stacks("CreateStack", StackName=stack_name(event), TemplateBody=template_of(event),
           **{"Capabilities.member.1": "CAPABILITY_IAM",
              "Parameters.member.1.ParameterKey": "environmentName",
              "Parameters.member.1.ParameterValue": event["environmentName"]})


def stack_status(event, _):
    status = elements(stacks("DescribeStacks", StackName=stack_name(event)), "StackStatus")[0]
    if status == "CREATE_COMPLETE":
        return "complete"
    if status == "CREATE_IN_PROGRESS":
        return "in-progress"
    raise RuntimeError(f"the stack has status {status}")


def update_status(event, _):
    status = elements(stacks("DescribeStacks", StackName=stack_name(event)), "StackStatus")[0]
    if status == "UPDATE_COMPLETE":
        return "complete"
    if status in ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"):
        return "in-progress"
    raise RuntimeError(f"the stack has status {status}")


def create_change_set(event, _):
    name = f"{stack_name(event)}-change-set-{int(time.time() * 1000)}"
    stacks("CreateChangeSet", StackName=stack_name(event), ChangeSetName=name,
           ChangeSetType="UPDATE", TemplateBody=template_of(event),
           **{"Capabilities.member.1": "CAPABILITY_IAM",
              "Parameters.member.1.ParameterKey": "environmentName",
              "Parameters.member.1.ParameterValue": event["environmentName"]})
    return name


def change_set(event):
    return stacks("DescribeChangeSet", StackName=stack_name(event),
                  ChangeSetName=event["changeSetName"])


def change_set_status(event, _):
    described = change_set(event)
    status = elements(described, "Status")[0]
    if status == "CREATE_COMPLETE":
        return "complete"
    if status.endswith("_IN_PROGRESS") or status.endswith("_PENDING"):
        return "in-progress"
    raise RuntimeError("the change set failed: " + str(elements(described, "StatusReason")))


def inspect_change_set(event, _):
    for change in elements(change_set(event), "ResourceChange"):
        action = elements(change, "Action")[0]
        if action == "Remove" or "True" in elements(change, "Replacement"):
            return "RESOURCES-BEING-DELETED-OR-REPLACED"
    return "CAN-SAFELY-UPDATE-EXISTING-STACK"


def execute_change_set(event, _):
    stacks("ExecuteChangeSet", StackName=stack_name(event), ChangeSetName=event["changeSetName"])


def delete_change_set(event, _):
    stacks("DeleteChangeSet", StackName=stack_name(event), ChangeSetName=event["changeSetName"])
