"""Requests that must be refused, of the operations beyond machines, executions and activities; rows
as in api_requests.py."""

ARN = "arn:aws:states:us-east-1:000000000000"
VALIDATION = "ValidationException"
NO_MAP_RUN = f"{ARN}:mapRun:absent/Each:00000000-0000-0000-0000-000000000000"
NO_EXECUTION = f"{ARN}:execution:absent:absent"
NO_MACHINE = f"{ARN}:stateMachine:absent"
NOT_AN_ARN = "Invalid Arn: 'Invalid ARN prefix: invalid_arn'"

REQUIRED = [
    ("StartSyncExecution", "stateMachineArn", {}),
    ("TestState", "definition", {"roleArn": "{role}"}),
    ("ListMapRuns", "executionArn", {}),
    ("DescribeMapRun", "mapRunArn", {}),
    ("UpdateMapRun", "mapRunArn", {"maxConcurrency": 1}),
    ("RedriveExecution", "executionArn", {}),
    ("PublishStateMachineVersion", "stateMachineArn", {}),
    ("DeleteStateMachineVersion", "stateMachineVersionArn", {}),
    ("ListStateMachineVersions", "stateMachineArn", {}),
    ("CreateStateMachineAlias", "name", {"routingConfiguration": []}),
    ("DescribeStateMachineAlias", "stateMachineAliasArn", {}),
    ("DeleteStateMachineAlias", "stateMachineAliasArn", {}),
]
MISSING = [(f"{operation} without {member}", operation, arguments, VALIDATION,
            f"~Value null at '{member}'") for operation, member, arguments in REQUIRED]

ARNS = [
    *((f"{operation} on what is no ARN", operation, {member: "invalid_arn", **more}, "InvalidArn",
       NOT_AN_ARN)
      for operation, member, more in [
          ("StartSyncExecution", "stateMachineArn", {}), ("ListMapRuns", "executionArn", {}),
          ("DescribeMapRun", "mapRunArn", {}), ("UpdateMapRun", "mapRunArn", {"maxConcurrency": 1}),
          ("RedriveExecution", "executionArn", {}),
          ("PublishStateMachineVersion", "stateMachineArn", {}),
          ("ListStateMachineVersions", "stateMachineArn", {})]),
    ("a Map Run that is not there", "DescribeMapRun", {"mapRunArn": NO_MAP_RUN}, "ResourceNotFound",
     f"Resource not found: '{NO_MAP_RUN}'"),
    ("an update of a Map Run that is not there", "UpdateMapRun",
     {"mapRunArn": NO_MAP_RUN, "maxConcurrency": 1}, "ResourceNotFound",
     f"Resource not found: '{NO_MAP_RUN}'"),
    ("the Map Runs of nothing", "ListMapRuns", {"executionArn": NO_EXECUTION},
     "ExecutionDoesNotExist", f"Execution Does Not Exist: '{NO_EXECUTION}'"),
    ("a redrive of nothing", "RedriveExecution", {"executionArn": NO_EXECUTION},
     "ExecutionDoesNotExist", f"Execution Does Not Exist: '{NO_EXECUTION}'"),
    ("a machine's ARN for a Map Run", "DescribeMapRun", {"mapRunArn": "{machine}"}, "InvalidArn",
     None),
    ("a Map Run's ARN for an execution", "DescribeExecution", {"executionArn": NO_MAP_RUN},
     "InvalidArn", None),
    ("a synchronous run of nothing", "StartSyncExecution", {"stateMachineArn": NO_MACHINE},
     "StateMachineDoesNotExist", f"State Machine Does Not Exist: '{NO_MACHINE}'"),
]

REFUSED = [
    ("a synchronous run of a Standard machine", "StartSyncExecution",
     {"stateMachineArn": "{machine}"}, "StateMachineTypeNotSupported",
     "This operation is not supported by this type of state machine"),
    ("a redrive of what succeeded", "RedriveExecution", {"executionArn": "{done}"},
     "ExecutionNotRedrivable", "Execution is SUCCEEDED and cannot be redriven"),
    ("a redrive of what runs", "RedriveExecution", {"executionArn": "{waiting}"},
     "ExecutionNotRedrivable", "Execution is RUNNING and cannot be redriven"),
    ("an update of a Map Run to nothing", "UpdateMapRun", {"mapRunArn": NO_MAP_RUN}, VALIDATION,
     None),
    ("a share of failures above all", "UpdateMapRun",
     {"mapRunArn": NO_MAP_RUN, "toleratedFailurePercentage": 101}, VALIDATION, None),
    ("less than no children at once", "UpdateMapRun",
     {"mapRunArn": NO_MAP_RUN, "maxConcurrency": -1}, VALIDATION, None),
    ("Map Runs behind a made-up token", "ListMapRuns",
     {"executionArn": "{done}", "nextToken": "made-up"}, "InvalidToken",
     "Invalid Token: 'Invalid token'"),
    ("a list of both a machine and a Map Run", "ListExecutions",
     {"stateMachineArn": "{machine}", "mapRunArn": NO_MAP_RUN}, VALIDATION, None),
    ("a list of neither", "ListExecutions", {}, VALIDATION,
     "Must provide a StateMachine ARN or MapRun ARN"),
    ("a state that is no JSON", "TestState", {"definition": "not JSON", "roleArn": "{role}"},
     "InvalidDefinition", None),
    ("a state of no type", "TestState", {"definition": "{}", "roleArn": "{role}"},
     "InvalidDefinition", None),
    ("a state's input that is no JSON", "TestState",
     {"definition": '{"Type":"Pass","End":true}', "roleArn": "{role}", "input": "not JSON"},
     "InvalidExecutionInput", None),
    ("a Task without a role", "TestState", {
        "definition": '{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",'
                      '"Parameters":{"FunctionName":"f"},"End":true}'}, None, None),
    ("an unknown inspection level", "TestState",
     {"definition": '{"Type":"Pass","End":true}', "roleArn": "{role}", "inspectionLevel": "ALL"},
     VALIDATION, None),
    ("an alias of no version", "CreateStateMachineAlias",
     {"name": "live", "routingConfiguration": []}, VALIDATION, None),
    ("an alias of a version that is not there", "CreateStateMachineAlias",
     {"name": "live", "routingConfiguration": [
         {"stateMachineVersionArn": "{machine}:99", "weight": 100}]}, None, None),
]

REQUESTS = [*MISSING, *ARNS, *REFUSED]
