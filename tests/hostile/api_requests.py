"""API requests that must be refused: (what is wrong, operation, arguments, code, message).

`{machine}` and the like in a text are filled in by the runner (see Fixtures in run.py). A message
of None is not compared; one that begins with `~` is a part that the message must contain.
"""

ARN = "arn:aws:states:us-east-1:000000000000"
VALIDATION = "ValidationException"
LONG = "x" * 2100


def null_member(member):
    return (f"1 validation error detected: Value null at '{member}' failed to satisfy constraint: "
            "Member must not be null")


def secret_violates(member, constraint):
    """Of a member that is never shown: definitions, errors, causes."""
    return (f"1 validation error detected: Value at '{member}' failed to satisfy constraint: "
            f"Member must {constraint}")


def violates(member, value, constraint):
    return (f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy "
            f"constraint: Member must {constraint}")


REQUIRED = [
    ("CreateActivity", "name", {}),
    ("CreateStateMachine", "name", {"definition": "{}", "roleArn": "{role}"}),
    ("CreateStateMachine", "definition", {"name": "n", "roleArn": "{role}"}),
    ("CreateStateMachine", "roleArn", {"name": "n", "definition": "{}"}),
    ("DeleteActivity", "activityArn", {}),
    ("DeleteStateMachine", "stateMachineArn", {}),
    ("DescribeActivity", "activityArn", {}),
    ("DescribeExecution", "executionArn", {}),
    ("DescribeStateMachine", "stateMachineArn", {}),
    ("DescribeStateMachineForExecution", "executionArn", {}),
    ("GetActivityTask", "activityArn", {}),
    ("GetExecutionHistory", "executionArn", {}),
    ("ListTagsForResource", "resourceArn", {}),
    ("SendTaskFailure", "taskToken", {}),
    ("SendTaskHeartbeat", "taskToken", {}),
    ("SendTaskSuccess", "taskToken", {"output": "{}"}),
    ("SendTaskSuccess", "output", {"taskToken": "t"}),
    ("StartExecution", "stateMachineArn", {}),
    ("StopExecution", "executionArn", {}),
    ("TagResource", "tags", {"resourceArn": "{machine}"}),
    ("UntagResource", "tagKeys", {"resourceArn": "{machine}"}),
    ("UpdateStateMachine", "stateMachineArn", {}),
    ("ValidateStateMachineDefinition", "definition", {}),
]
MISSING = [(f"{operation} without {member}", operation, arguments, VALIDATION, null_member(member))
           for operation, member, arguments in REQUIRED]

CONSTRAINTS = [
    ("maxResults over 1000", "ListStateMachines", {"maxResults": 1001}, VALIDATION,
     violates("maxResults", 1001, "have value less than or equal to 1000")),
    ("negative maxResults", "ListStateMachines", {"maxResults": -1}, VALIDATION,
     violates("maxResults", -1, "have value greater than or equal to 0")),
    ("maxResults of a history", "GetExecutionHistory",
     {"executionArn": "{done}", "maxResults": 1001}, VALIDATION,
     violates("maxResults", 1001, "have value less than or equal to 1000")),
    ("maxResults of activities", "ListActivities", {"maxResults": 1001}, VALIDATION,
     violates("maxResults", 1001, "have value less than or equal to 1000")),
    ("maxResults of executions", "ListExecutions",
     {"stateMachineArn": "{machine}", "maxResults": 1001}, VALIDATION,
     violates("maxResults", 1001, "have value less than or equal to 1000")),
    ("a long page token", "ListStateMachines", {"nextToken": LONG}, VALIDATION,
     violates("nextToken", LONG, "have length less than or equal to 1024")),
    ("an empty page token", "ListStateMachines", {"nextToken": ""}, VALIDATION,
     violates("nextToken", "", "have length greater than or equal to 1")),
    ("an unknown status", "ListExecutions",
     {"stateMachineArn": "{machine}", "statusFilter": "DONE"}, VALIDATION,
     violates("statusFilter", "DONE", "satisfy enum value set: [SUCCEEDED, TIMED_OUT, "
              "PENDING_REDRIVE, ABORTED, FAILED, RUNNING]")),
    ("an unknown machine type", "CreateStateMachine",
     {"name": "n", "definition": "{pass}", "roleArn": "{role}", "type": "QUICK"}, VALIDATION,
     "~failed to satisfy constraint: Member must satisfy enum value set: ["),
    ("a name of 81 characters", "CreateStateMachine",
     {"name": "n" * 81, "definition": "{pass}", "roleArn": "{role}"}, VALIDATION,
     violates("name", "n" * 81, "have length less than or equal to 80")),
    ("an activity name of 81 characters", "CreateActivity", {"name": "n" * 81}, VALIDATION,
     violates("name", "n" * 81, "have length less than or equal to 80")),
    ("an empty name", "CreateActivity", {"name": ""}, VALIDATION,
     violates("name", "", "have length greater than or equal to 1")),
    ("an execution name of 81 characters", "StartExecution",
     {"stateMachineArn": "{machine}", "name": "n" * 81}, VALIDATION,
     violates("name", "n" * 81, "have length less than or equal to 80")),
    ("an ARN of 2100 characters", "DescribeStateMachine", {"stateMachineArn": LONG}, VALIDATION,
     violates("stateMachineArn", LONG, "have length less than or equal to 256")),
    ("an empty ARN", "DescribeExecution", {"executionArn": ""}, VALIDATION,
     violates("executionArn", "", "have length greater than or equal to 1")),
    ("an empty definition", "CreateStateMachine",
     {"name": "n", "definition": "", "roleArn": "{role}"}, VALIDATION,
     secret_violates("definition", "have length greater than or equal to 1")),
    ("a long error", "StopExecution", {"executionArn": "{done}", "error": "e" * 257}, VALIDATION,
     secret_violates("error", "have length less than or equal to 256")),
    ("a long token", "SendTaskHeartbeat", {"taskToken": LONG}, VALIDATION,
     violates("taskToken", LONG, "have length less than or equal to 2048")),
    ("a long tag key", "TagResource",
     {"resourceArn": "{machine}", "tags": [{"key": "k" * 129, "value": ""}]}, VALIDATION, None),
    ("a long worker name", "GetActivityTask",
     {"activityArn": "{activity}", "workerName": "w" * 81}, VALIDATION,
     violates("workerName", "w" * 81, "have length less than or equal to 80")),
    ("two violations at once", "ListExecutions", {"maxResults": 1001, "statusFilter": "DONE",
                                                  "stateMachineArn": "{machine}"}, VALIDATION,
     "~2 validation errors detected: "),
]

TYPES = [
    ("a number as ARN", "DescribeStateMachine", {"stateMachineArn": 1}, "SerializationException",
     None),
    ("an object as name", "CreateActivity", {"name": {}}, "SerializationException", None),
    ("text as maxResults", "ListStateMachines", {"maxResults": "ten"}, "SerializationException",
     None),
    ("a fraction as maxResults", "ListStateMachines", {"maxResults": True},
     "SerializationException", None),
    ("an object as tags", "TagResource", {"resourceArn": "{machine}", "tags": {"a": "b"}},
     "SerializationException", None),
    ("text as reverseOrder", "GetExecutionHistory",
     {"executionArn": "{done}", "reverseOrder": "yes"}, "SerializationException", None),
    ("an object as input", "StartExecution", {"stateMachineArn": "{machine}", "input": {}},
     "SerializationException", None),
    ("a list as definition", "CreateStateMachine",
     {"name": "n", "definition": [], "roleArn": "{role}"}, "SerializationException", None),
]

# Every operation that takes an ARN, with one that is none, one of another kind, one of nothing.
WRONG_ARNS = [
    ("DescribeStateMachine", "stateMachineArn", {}, "StateMachineDoesNotExist"),
    ("UpdateStateMachine", "stateMachineArn", {"definition": "{pass}"}, "StateMachineDoesNotExist"),
    ("StartExecution", "stateMachineArn", {}, "StateMachineDoesNotExist"),
    ("ListExecutions", "stateMachineArn", {}, "StateMachineDoesNotExist"),
    ("DescribeExecution", "executionArn", {}, "ExecutionDoesNotExist"),
    ("StopExecution", "executionArn", {}, "ExecutionDoesNotExist"),
    ("GetExecutionHistory", "executionArn", {}, "ExecutionDoesNotExist"),
    ("DescribeStateMachineForExecution", "executionArn", {}, "ExecutionDoesNotExist"),
    ("DescribeActivity", "activityArn", {}, "ActivityDoesNotExist"),
    ("GetActivityTask", "activityArn", {}, "ActivityDoesNotExist"),
    ("ListTagsForResource", "resourceArn", {}, "ResourceNotFound"),
    ("TagResource", "resourceArn", {"tags": []}, "ResourceNotFound"),
    ("UntagResource", "resourceArn", {"tagKeys": []}, "ResourceNotFound"),
]
ABSENT = {"stateMachineArn": f"{ARN}:stateMachine:absent", "activityArn": f"{ARN}:activity:absent",
          "executionArn": f"{ARN}:execution:absent:absent",
          "resourceArn": f"{ARN}:stateMachine:absent"}
KINDS = {"StateMachineDoesNotExist": "State Machine", "ExecutionDoesNotExist": "Execution",
         "ActivityDoesNotExist": "Activity"}


def absent_message(code, arn):
    if code == "ResourceNotFound":
        return f"Resource not found: '{arn}'"
    return f"{KINDS[code]} Does Not Exist: '{arn}'"


ARNS = [
    *((f"{operation} on what is no ARN", operation, {member: "invalid_arn", **more}, "InvalidArn",
       "Invalid Arn: 'Invalid ARN prefix: invalid_arn'")
      for operation, member, more, _ in WRONG_ARNS),
    *((f"{operation} on nothing", operation, {member: ABSENT[member], **more}, code,
       absent_message(code, ABSENT[member])) for operation, member, more, code in WRONG_ARNS),
    ("an activity's ARN for a machine", "DescribeStateMachine", {"stateMachineArn": "{activity}"},
     "InvalidArn", None),
    ("a machine's ARN for an activity", "DescribeActivity", {"activityArn": "{machine}"},
     "InvalidArn", None),
    ("a machine's ARN for an execution", "DescribeExecution", {"executionArn": "{machine}"},
     "InvalidArn", None),
    ("another service's ARN", "DescribeStateMachine",
     {"stateMachineArn": "arn:aws:sqs:us-east-1:000000000000:queue"}, "InvalidArn", None),
    ("an ARN with too few parts", "DescribeStateMachine", {"stateMachineArn": "arn:aws:states"},
     "InvalidArn", None),
    ("an ARN with a nul", "DescribeStateMachine",
     {"stateMachineArn": f"{ARN}:stateMachine:a\u0000b"}, None, None),
    ("deleting what is no ARN", "DeleteStateMachine", {"stateMachineArn": "invalid_arn"},
     "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: invalid_arn'"),
    ("deleting an activity that is no ARN", "DeleteActivity", {"activityArn": "invalid_arn"},
     "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: invalid_arn'"),
    ("a role that is none", "CreateStateMachine",
     {"name": "n", "definition": "{pass}", "roleArn": "invalid_arn"}, "InvalidArn",
     "Invalid Role Arn: 'invalid_arn'"),
    ("an express execution described", "DescribeExecution",
     {"executionArn": f"{ARN}:express:m:e:00000000-0000-0000-0000-000000000000"}, "InvalidArn",
     "Invalid Arn: 'Resource type not valid in this context: express'"),
]

NAMES = [
    *((f"a name with {what}", "CreateStateMachine",
       {"name": name, "definition": "{pass}", "roleArn": "{role}"}, "InvalidName",
       f"Invalid Name: '{name}'")
      for what, name in [("a blank", "a b"), ("a slash", "a/b"), ("a bracket", "a[0]"),
                         ("a brace", "a{1}"), ("a wildcard", "a*"), ("a question mark", "a?"),
                         ("a quote", 'a"b'), ("a nul", "a\u0000"), ("a C1 control", "a\u0085"),
                         ("a comma", "a,b"), ("a colon", "a:b"), ("a dollar", "a$b"),
                         ("a backslash", "a\\b"), ("a newline", "a\nb"), ("a tab", "\tb"),
                         ("a percent sign", "100%"), ("a hash", "#1"), ("a tilde", "~a")]),
    ("an activity name with a nul", "CreateActivity", {"name": "\u0000activity"}, "InvalidName",
     "Invalid Name: '\u0000activity'"),
    ("an execution name with a blank", "StartExecution",
     {"stateMachineArn": "{machine}", "name": "a b"}, "InvalidName", "Invalid Name: 'a b'"),
]

INPUT = "Invalid State Machine Execution Input: "
INPUTS = [
    ("a word", "not JSON", INPUT + "'Unrecognized token 'not': was expecting (JSON String, Number, "
     "Array, Object or token 'null', 'true' or 'false')'"),
    ("single quotes", "{'a': 1}", INPUT + "'Unexpected character (''' (code 39)): was expecting "
     "double-quote to start field name'"),
    ("nothing at all", "", INPUT + "'Invalid execution input.'"),
    ("half an object", '{"a": ', None),
    ("a trailing comma", '{"a": 1,}', None),
    ("a leading zero", "01", None),
    ("a plus sign", "+1", None),
    ("not a number", "NaN", None),
    ("a lone surrogate escape cut short", '"\\ud8', None),
    ("a bad escape", '"\\x41"', None),
    ("a control character in a string", '"a\u0001b"', None),
    ("a comment", "/* a */ 1", None),
    ("thousands of brackets", "[" * 20000, None),
    ("thousands of closed brackets", "[" * 20000 + "]" * 20000, None),
]
EXECUTIONS = [
    *((f"input: {what}", "StartExecution", {"stateMachineArn": "{machine}", "input": text},
       "InvalidExecutionInput", message) for what, text, message in INPUTS),
    ("input over 256 KiB", "StartExecution",
     {"stateMachineArn": "{machine}", "input": '"' + "x" * 262143 + '"'}, None, None),
    ("input over 256 KiB of bytes, not of characters", "StartExecution",
     {"stateMachineArn": "{machine}", "input": '"' + "\u20ac" * 90000 + '"'}, None, None),
    ("the name of a closed execution", "StartExecution",
     {"stateMachineArn": "{machine}", "name": "done"}, "ExecutionAlreadyExists",
     "Execution Already Exists: '{done}'"),
    ("the name of a running one with other input", "StartExecution",
     {"stateMachineArn": "{waiting_machine}", "name": "waiting", "input": '{"a":1}'},
     "ExecutionAlreadyExists", "Execution Already Exists: '{waiting}'"),
    ("a machine's name with another definition", "CreateStateMachine",
     {"name": "{machine_name}", "definition": "{succeed}", "roleArn": "{role}"},
     "StateMachineAlreadyExists", "State Machine Already Exists: '{machine}'"),
    ("an update of nothing", "UpdateStateMachine", {"stateMachineArn": "{machine}"},
     "MissingRequiredParameter", "Either the definition, the role ARN, the LoggingConfiguration, "
     "or the TracingConfiguration must be specified"),
    ("an update to a bad definition", "UpdateStateMachine",
     {"stateMachineArn": "{machine}", "definition": "{}"}, "InvalidDefinition",
     "~These fields are required: [States, StartAt]"),
    ("a description without publishing", "CreateStateMachine",
     {"name": "n", "definition": "{pass}", "roleArn": "{role}", "versionDescription": "v"},
     VALIDATION, "Version description can only be set when publish is true"),
    ("a log level without a destination", "CreateStateMachine",
     {"name": "n", "definition": "{pass}", "roleArn": "{role}",
      "loggingConfiguration": {"level": "ALL"}}, "InvalidLoggingConfiguration",
     "Invalid Logging Configuration: Must specify exactly one Log Destination."),
]

TOKENS = [
    *((f"{operation} with {what}", operation, {"taskToken": token, **more}, "InvalidToken",
       "Invalid Token: 'Invalid token'")
      for operation, more in [("SendTaskSuccess", {"output": "{}"}), ("SendTaskFailure", {}),
                              ("SendTaskHeartbeat", {})]
      for what, token in [("a made-up token", "token"), ("base64 of nothing", "AAAA"),
                          ("a token of blanks", "   "), ("control characters", "\u0001\u0002")]),
    ("an answer that is no JSON", "SendTaskSuccess", {"taskToken": "{token}", "output": "not JSON"},
     "InvalidOutput", None),
    ("a token changed in its middle", "SendTaskHeartbeat", {"taskToken": "{token_changed}"},
     "InvalidToken", "Invalid Token: 'Invalid token'"),
    ("a token cut short", "SendTaskHeartbeat", {"taskToken": "{token_cut}"}, "InvalidToken",
     "Invalid Token: 'Invalid token'"),
    *((f"{operation} with a made-up page token", operation, {"nextToken": "made-up", **more},
       "InvalidToken", "Invalid Token: 'Invalid token'")
      for operation, more in [("ListStateMachines", {}), ("ListActivities", {}),
                              ("ListExecutions", {"stateMachineArn": "{machine}"}),
                              ("GetExecutionHistory", {"executionArn": "{done}"})]),
]

TAGS = [
    ("51 tags", "TagResource", {"resourceArn": "{machine}", "tags": [
        {"key": f"k{n}", "value": "v"} for n in range(51)]}, "TooManyTags", None),
    ("51 tags at creation", "CreateActivity", {"name": "tagged", "tags": [
        {"key": f"k{n}", "value": "v"} for n in range(51)]}, "TooManyTags", None),
    ("tags of an execution", "TagResource", {"resourceArn": "{done}", "tags": []}, None, None),
]

REQUESTS = [*MISSING, *CONSTRAINTS, *TYPES, *ARNS, *NAMES, *EXECUTIONS, *TOKENS, *TAGS]
