"""Definitions that must be refused: (what is wrong, definition, [(code, message, location)]).

Every diagnostic named must be among the answer's; a location of None is not compared. Wording is
AWS's where it is known.
"""

SCHEMA = "SCHEMA_VALIDATION_FAILED"
TARGET = "MISSING_TRANSITION_TARGET"
LAMBDA = "arn:aws:lambda:us-east-1:000000000000:function:f"


def machine(state, **more):
    """A machine of one state X with `state` merged into an ordinary Pass."""
    return {"StartAt": "X", "States": {"X": {"Type": "Pass", "End": True, **state}}, **more}


def only(state, **more):
    """A machine of one state X that is exactly `state`."""
    return {"StartAt": "X", "States": {"X": state}, **more}


def task(**more):
    return only({"Type": "Task", "Resource": LAMBDA, "End": True, **more})


def choice(*rules, **more):
    return {"StartAt": "X", "States": {"X": {"Type": "Choice", "Choices": list(rules), **more},
                                       "Y": {"Type": "Pass", "End": True}}}


def inner(state):
    return {"StartAt": "I", "States": {"I": state}}


def map_state(**more):
    return only({"Type": "Map", "ItemProcessor": inner({"Type": "Pass", "End": True}), "End": True,
                 **more})


def schema(message, location):
    return [(SCHEMA, message, location)]


JSON_CASES = [
    ("no JSON", "not a definition",
     [("INVALID_JSON_DESCRIPTION", None, None)]),
    ("a bare quote", "'", [("INVALID_JSON_DESCRIPTION", None, None)]),
    ("cut in the middle", '{"StartAt": "X", "States": {"X"',
     [("INVALID_JSON_DESCRIPTION", None, None)]),
    ("blank", " ", [(None, "Definition must be a valid JSON object", None)]),
    ("an array", "[]", [(None, None, None)]),
    ("a string", '"x"', [(None, None, None)]),
    ("a number", "1", [(None, None, None)]),
    ("null", "null", [(None, None, None)]),
    ("thousands of brackets", "[" * 5000, [(None, None, None)]),
    ("thousands of objects", '{"a":' * 5000 + "1" + "}" * 5000, [(None, None, None)]),
]

STRUCTURE_CASES = [
    ("nothing in it", {}, schema("These fields are required: [States, StartAt]", "/")),
    ("no States", {"StartAt": "X"}, schema("These fields are required: [States]", "/")),
    ("no StartAt", {"States": {"X": {"Type": "Succeed"}}},
     schema("These fields are required: [StartAt]", "/")),
    ("StartAt names nothing", {"StartAt": "Y", "States": {"X": {"Type": "Succeed"}}},
     [(TARGET, "Missing 'Next' target: Y", "/StartAt")]),
    ("States is a list", {"StartAt": "X", "States": []}, [(SCHEMA, None, None)]),
    ("a state is a string", {"StartAt": "X", "States": {"X": "Pass"}}, [(SCHEMA, None, None)]),
    ("no Type", only({"End": True}), [(SCHEMA, None, None)]),
    ("an unknown Type", only({"Type": "Loop", "End": True}),
     schema("The field 'Type' should have one of these values: "
            "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]", "/States/X/Type")),
    ("Type in small letters", only({"Type": "pass", "End": True}),
     schema("The field 'Type' should have one of these values: "
            "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]", "/States/X/Type")),
    ("Next and End", machine({"Next": "X"}),
     schema("There should only be one of the following fields: [Next, End]", "/States/X")),
    ("neither Next nor End", only({"Type": "Pass"}),
     schema("This object should have only one of the following fields: [Next, End]", "/States/X")),
    ("Next to nowhere", only({"Type": "Pass", "Next": "Nowhere"}),
     [(TARGET, "Missing 'Next' target: Nowhere", "/States/X/Next")]),
    ("an unreachable state", {"StartAt": "X", "States": {"X": {"Type": "Succeed"},
                                                         "C": {"Type": "Succeed"}}},
     [(TARGET, 'State "C" is not reachable.', "/States/C")]),
    ("no way out", {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"},
                                               "B": {"Type": "Pass", "Next": "A"}}},
     [("MISSING_END_STATE", "Workflow has no terminal state", None)]),
    ("a state name twice in nested scopes",
     {"StartAt": "X", "States": {"X": {"Type": "Parallel", "End": True, "Branches": [
         {"StartAt": "X", "States": {"X": {"Type": "Succeed"}}}]}}},
     [("DUPLICATE_STATE_NAME", "Duplicate State name: X", None)]),
    ("a state name of 81 characters",
     {"StartAt": "n" * 81, "States": {"n" * 81: {"Type": "Succeed"}}},
     [("INVALID_STATE_NAME", None, None)]),
    ("an unknown query language", machine({}, QueryLanguage="SQL"),
     schema("Value should be one of the following: [JSONPath, JSONata]", "/QueryLanguage")),
    ("an unknown version", machine({}, Version="2.0"),
     schema("Value should be one of the following: [1.0]", "/Version")),
    ("a text as TimeoutSeconds", machine({}, TimeoutSeconds="10"), [(SCHEMA, None, None)]),
    ("a negative TimeoutSeconds", machine({}, TimeoutSeconds=-1), [(SCHEMA, None, None)]),
    ("a field that no machine has", machine({}, Colour="red"),
     schema("Field 'Colour' is not supported", "/")),
    ("JSONPath in a JSONata machine",
     machine({"QueryLanguage": "JSONPath"}, QueryLanguage="JSONata"),
     schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
            "/States/X")),
]

FIELD_CASES = [
    ("a field that Pass has not", machine({"TimeoutSeconds": 3}),
     schema("Field 'TimeoutSeconds' is not supported", "/States/X")),
    ("an unknown field", machine({"Retries": 3}),
     schema("Field 'Retries' is not supported", "/States/X")),
    ("the wrong letter case", machine({"resultPath": "$"}),
     schema("Field 'resultPath' is not supported", "/States/X")),
    ("Retry on Pass", machine({"Retry": []}),
     schema("Field 'Retry' is not supported", "/States/X")),
    ("Next on Succeed", only({"Type": "Succeed", "End": True}), [(SCHEMA, None, None)]),
    ("Next on Fail", only({"Type": "Fail", "Next": "X"}), [(SCHEMA, None, None)]),
    ("Error and ErrorPath", only({"Type": "Fail", "Error": "E", "ErrorPath": "$.e"}),
     schema("There should only be one of the following fields: [Error, ErrorPath]", "/States/X")),
    ("a number as Next", only({"Type": "Pass", "Next": 1}), [(SCHEMA, None, None)]),
    ("a number as InputPath", machine({"InputPath": 1}), [(SCHEMA, None, None)]),
    ("a broken path", machine({"InputPath": "$.["}), [(SCHEMA, None, None)]),
    ("ResultPath with a wildcard", machine({"ResultPath": "$.a[*]"}),
     schema("Value is not a Reference Path", "/States/X/ResultPath")),
    ("a payload template without a path", machine({"Parameters": {"x.$": "plain"}}),
     schema("The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function "
            "call", "/States/X/Parameters")),
    ("an unknown intrinsic function", machine({"Parameters": {"x.$": "States.Nothing()"}}),
     schema("The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function "
            "call", "/States/X/Parameters")),
    ("an unclosed intrinsic function", machine({"Parameters": {"x.$": "States.Array(1"}}),
     schema("The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function "
            "call", "/States/X/Parameters")),
    ("a number under a .$ key", machine({"Parameters": {"x.$": 1}}), [(SCHEMA, None, None)]),
    ("Arguments in a JSONPath state", machine({"Output": "x"}), [(SCHEMA, None, None)]),
    ("InputPath in a JSONata state", machine({"InputPath": "$"}, QueryLanguage="JSONata"),
     [(SCHEMA, None, None)]),
    ("an assignment to states", machine({"Assign": {"states": 1}}),
     [("RESERVED_VARIABLE_NAME", None, "/States/X/Assign")]),
]

TASK_CASES = [
    ("no Resource", only({"Type": "Task", "End": True}), [(SCHEMA, None, None)]),
    ("a Resource that is no ARN", task(Resource="do-it"), [(SCHEMA, None, None)]),
    ("an unknown integration", task(Resource="arn:aws:states:::dynamodb:query"),
     schema("The resource provided arn:aws:states:::dynamodb:query is not recognized. The value is "
            "not a valid resource ARN, or the resource is not available in this region.",
            "/States/X/Resource")),
    ("lambda:invoke without Parameters", task(Resource="arn:aws:states:::lambda:invoke"),
     schema("Parameters field is required for resource ARN: arn:aws:states:::lambda:invoke", None)),
    ("lambda:invoke without FunctionName",
     task(Resource="arn:aws:states:::lambda:invoke", Parameters={"Payload": {}}),
     schema("The field 'FunctionName' is required but was missing", "/States/X/Parameters")),
    ("Credentials without RoleArn", task(Credentials={}),
     schema("The field 'RoleArn' is required but was missing", "/States/X/Credentials")),
    ("TimeoutSeconds 0", task(TimeoutSeconds=0), schema("Minimum value is 1", None)),
    ("TimeoutSeconds too large", task(TimeoutSeconds=100000000),
     schema("Maximum value is 99999999", "/States/X/TimeoutSeconds")),
    ("TimeoutSeconds with a fraction", task(TimeoutSeconds=1.5), [(SCHEMA, None, None)]),
    ("TimeoutSeconds and its path", task(TimeoutSeconds=1, TimeoutSecondsPath="$.t"),
     [(SCHEMA, None, "/States/X")]),
    ("HeartbeatSeconds 0", task(TimeoutSeconds=5, HeartbeatSeconds=0),
     [(SCHEMA, "Minimum value is 1", None)]),
    ("Retry is an object", task(Retry={}), [(SCHEMA, None, None)]),
    ("a retrier without ErrorEquals", task(Retry=[{"MaxAttempts": 1}]),
     schema("These fields are required: [ErrorEquals]", "/States/X/Retry[0]")),
    ("a retrier with an empty ErrorEquals", task(Retry=[{"ErrorEquals": []}]),
     schema("Value cannot be empty", "/States/X/Retry[0]/ErrorEquals")),
    ("a number among ErrorEquals", task(Retry=[{"ErrorEquals": [1]}]), [(SCHEMA, None, None)]),
    ("States.ALL in company", task(Retry=[{"ErrorEquals": ["States.ALL", "E"]}]),
     [(SCHEMA, "States.ALL must appear alone and at end of list", None)]),
    ("States.ALL not last", task(Retry=[{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}]),
     [(SCHEMA, "States.ALL must appear alone and at end of list", None)]),
    ("BackoffRate under 1", task(Retry=[{"ErrorEquals": ["E"], "BackoffRate": 0.5}]),
     [(SCHEMA, None, "/States/X/Retry[0]/BackoffRate")]),
    ("negative MaxAttempts", task(Retry=[{"ErrorEquals": ["E"], "MaxAttempts": -1}]),
     schema("Minimum value is 0", "/States/X/Retry[0]/MaxAttempts")),
    ("MaxDelaySeconds too large", task(Retry=[{"ErrorEquals": ["E"], "MaxDelaySeconds": 31622401}]),
     schema("Maximum value is 31622400", "/States/X/Retry[0]/MaxDelaySeconds")),
    ("an unknown jitter", task(Retry=[{"ErrorEquals": ["E"], "JitterStrategy": "SOME"}]),
     schema("Value should be one of the following: [NONE, FULL]",
            "/States/X/Retry[0]/JitterStrategy")),
    ("a catcher without Next", task(Catch=[{"ErrorEquals": ["E"]}]),
     schema("These fields are required: [Next]", "/States/X/Catch[0]")),
    ("a catcher to nowhere", task(Catch=[{"ErrorEquals": ["E"], "Next": "N"}]),
     [(TARGET, "Missing 'Next' target: N", "/States/X/Catch[0]/Next")]),
    ("a catcher whose ResultPath is none",
     task(Catch=[{"ErrorEquals": ["E"], "Next": "X", "ResultPath": "$.a[*]"}]),
     schema("Value is not a Reference Path", "/States/X/Catch[0]/ResultPath")),
]

CHOICE_CASES = [
    ("no Choices", only({"Type": "Choice"}), [(SCHEMA, None, None)]),
    ("empty Choices", choice(Default="Y"), schema("Value cannot be empty", "/States/X/Choices")),
    ("End on Choice", choice({"Variable": "$.a", "IsNull": True, "Next": "Y"}, End=True),
     schema("Field 'End' is not supported", "/States/X")),
    ("a rule without Next", choice({"Variable": "$.a", "IsNull": True}, Default="Y"),
     schema("These fields are required: [Next]", "/States/X/Choices[0]")),
    ("a rule without operator", choice({"Variable": "$.a", "Next": "Y"}), [(SCHEMA, None, None)]),
    ("two operators", choice({"Variable": "$.a", "IsNull": True, "IsString": True, "Next": "Y"}),
     [(SCHEMA, None, None)]),
    ("an unknown operator", choice({"Variable": "$.a", "StringIs": "x", "Next": "Y"}),
     [(SCHEMA, None, None)]),
    ("an empty And", choice({"And": [], "Next": "Y"}), [(SCHEMA, None, None)]),
    ("Next inside And", choice({"And": [{"Variable": "$.a", "IsNull": True, "Next": "Y"}],
                                "Next": "Y"}),
     [(SCHEMA, "Field 'Next' is not supported", None)]),
    ("Not of a list", choice({"Not": [], "Next": "Y"}), [(SCHEMA, None, None)]),
    ("And and Variable", choice({"And": [{"Variable": "$.a", "IsNull": True}], "Variable": "$.a",
                                 "Next": "Y"}), [(SCHEMA, None, "/States/X/Choices[0]")]),
    ("a text for NumericEquals", choice({"Variable": "$.a", "NumericEquals": "1", "Next": "Y"}),
     [(SCHEMA, None, None)]),
    ("a number for StringEquals", choice({"Variable": "$.a", "StringEquals": 1, "Next": "Y"}),
     schema("Expected value of type [STRING]", None)),
    ("no timestamp for TimestampEquals",
     choice({"Variable": "$.a", "TimestampEquals": "noon", "Next": "Y"}), [(SCHEMA, None, None)]),
    ("Default to nowhere",
     choice({"Variable": "$.a", "IsNull": True, "Next": "Y"}, Default="Nowhere"),
     [(TARGET, "Missing 'Next' target: Nowhere", "/States/X/Default")]),
    ("a rule to nowhere", choice({"Variable": "$.a", "IsNull": True, "Next": "N"}, Default="Y"),
     [(TARGET, "Missing 'Next' target: N", "/States/X/Choices[0]/Next")]),
]

WAIT_CASES = [
    ("nothing to wait for", only({"Type": "Wait", "End": True}), [(SCHEMA, None, None)]),
    ("two things to wait for", only({"Type": "Wait", "Seconds": 1, "SecondsPath": "$.s",
                                     "End": True}),
     [(SCHEMA, "There should only be one of the following fields: "
               "[SecondsPath, Seconds, TimestampPath, Timestamp]", "/States/X")]),
    ("negative Seconds", only({"Type": "Wait", "Seconds": -1, "End": True}),
     schema("Minimum value is 0", "/States/X/Seconds")),
    ("Seconds too large", only({"Type": "Wait", "Seconds": 100000000, "End": True}),
     schema("Maximum value is 99999999", "/States/X/Seconds")),
    ("Seconds as text", only({"Type": "Wait", "Seconds": "1", "End": True}),
     schema("Expected value of type Integer", "/States/X/Seconds")),
    ("a date without time", only({"Type": "Wait", "Timestamp": "2026-01-01", "End": True}),
     schema("String does not match RFC3339 timestamp", "/States/X/Timestamp")),
    ("a time without zone", only({"Type": "Wait", "Timestamp": "2026-01-01T00:00:00", "End": True}),
     schema("String does not match RFC3339 timestamp", "/States/X/Timestamp")),
]

NESTED_CASES = [
    ("Parallel without Branches", only({"Type": "Parallel", "End": True}), [(SCHEMA, None, None)]),
    ("Parallel with no branch", only({"Type": "Parallel", "Branches": [], "End": True}),
     schema("Value cannot be empty", "/States/X/Branches")),
    ("an unreachable state in a branch",
     only({"Type": "Parallel", "End": True, "Branches": [
         {"StartAt": "I", "States": {"I": {"Type": "Succeed"}, "G": {"Type": "Succeed"}}}]}),
     [(TARGET, 'State "G" is not reachable.', "/States/X/Branches[0]/States/G")]),
    ("a branch that leaves its branch",
     {"StartAt": "X", "States": {
         "X": {"Type": "Parallel", "Next": "Y", "Branches": [inner({"Type": "Pass", "Next": "Y"})]},
         "Y": {"Type": "Succeed"}}},
     [(TARGET, "Missing 'Next' target: Y", "/States/X/Branches[0]/States/I/Next")]),
    ("Map without processor", only({"Type": "Map", "End": True}),
     schema("This object should have only one of the following fields: [ItemProcessor, Iterator]",
            "/States/X")),
    ("Map with two processors", map_state(Iterator=inner({"Type": "Pass", "End": True})),
     [(SCHEMA, None, "/States/X")]),
    ("negative MaxConcurrency", map_state(MaxConcurrency=-1),
     schema("Minimum value is 0", "/States/X/MaxConcurrency")),
    ("too tolerant", map_state(ToleratedFailurePercentage=101),
     schema("Maximum value is 100.0", "/States/X/ToleratedFailurePercentage")),
    ("an unreachable state in a processor",
     only({"Type": "Map", "End": True, "ItemProcessor": {
         "StartAt": "I", "States": {"I": {"Type": "Succeed"}, "G": {"Type": "Succeed"}}}}),
     [(TARGET, 'State "G" is not reachable.', "/States/X/ItemProcessor/States/G")]),
    ("an unknown mode", map_state(ItemProcessor={"ProcessorConfig": {"Mode": "SOME"},
                                                 **inner({"Type": "Pass", "End": True})}),
     [(SCHEMA, None, None)]),
    ("ExecutionType without distribution",
     map_state(ItemProcessor={"ProcessorConfig": {"Mode": "INLINE", "ExecutionType": "STANDARD"},
                              **inner({"Type": "Pass", "End": True})}),
     [(SCHEMA, "Field 'ExecutionType' is not supported", None)]),
    ("QueryLanguage on a processor",
     map_state(ItemProcessor={"QueryLanguage": "JSONata", **inner({"Type": "Pass", "End": True})}),
     [(SCHEMA, "Field 'QueryLanguage' is not supported", None)]),
    ("ItemsPath that is no path", map_state(ItemsPath="items"), [(SCHEMA, None, None)]),
]

DEFINITIONS = [*JSON_CASES, *STRUCTURE_CASES, *FIELD_CASES, *TASK_CASES, *CHOICE_CASES, *WAIT_CASES,
               *NESTED_CASES]

# What only Express refuses.
EXPRESS_DEFINITIONS = [
    ("a .sync task", only({"Type": "Task", "End": True, "Parameters": {"StateMachineArn": "a"},
                           "Resource": "arn:aws:states:::states:startExecution.sync"}),
     [(SCHEMA, "Express state machine does not support '.sync' service integration",
       "/States/X/Resource")]),
    ("a callback task", only({"Type": "Task", "End": True,
                              "Parameters": {"FunctionName": "f", "Payload": {}},
                              "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken"}),
     [(SCHEMA, None, "/States/X/Resource")]),
    ("an activity", only({"Type": "Task", "End": True,
                          "Resource": "arn:aws:states:us-east-1:000000000000:activity:a"}),
     [(SCHEMA, "Express state machine does not support Activity ARN", "/States/X/Resource")]),
]
