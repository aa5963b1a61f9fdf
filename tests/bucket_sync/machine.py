"""The state machine that makes one bucket equal to another one; resources are functions' names.

Two loops in parallel, each a page of keys a turn: one copies what is missing, one deletes what has
no original. A loop takes 12 events a turn, everything else 42.
"""


def task(function, seconds, following, **more):
    ending = {"Next": following} if following else {"End": True}
    return {"Type": "Task", "Resource": function, "TimeoutSeconds": seconds, **ending, **more}


def region_branch(name, role):
    return {"StartAt": name, "States": {name: task(
        "bucket_region", 15, None, InputPath=f"$.{role}", ResultPath=f"$.{role}Region",
        OutputPath="$")}}


def loop_branch(role, what, function, **more):
    """One side: a page, the work on it, and again while there is a token."""
    begin, page, decide, finish = (f"{verb} {what}" for verb in ("Begin", "List", "More", "End"))
    return {"StartAt": begin, "States": {
        begin: {"Type": "Pass", "Result": role, "ResultPath": "$.listBucket", "OutputPath": "$",
                "Next": page},
        page: task("list_keys", 65, what, ResultPath="$.listResult"),
        what: task(function, 305, decide, ResultPath=None, **more),
        decide: {"Type": "Choice", "Default": finish, "Choices": [
            {"Not": {"Variable": "$.listResult.token", "StringEquals": ""}, "Next": page}]},
        finish: {"Type": "Pass", "InputPath": None, "End": True}}}


DEFINITION = {
    "Comment": "Makes the destination bucket equal to the source bucket.",
    "StartAt": "Find Regions",
    "TimeoutSeconds": 1800,
    "States": {
        "Find Regions": {
            "Type": "Parallel", "InputPath": "$", "ResultPath": "$", "OutputPath": "$",
            "Branches": [region_branch("Find Source Region", "source"),
                         region_branch("Find Destination Region", "destination")],
            "Next": "Merge Regions"},
        "Merge Regions": task("merge", 15, "Compare Regions", ResultPath="$"),
        "Compare Regions": task("same_region", 15, "Same Region?", ResultPath="$.regionsAreSame"),
        "Same Region?": {
            "Type": "Choice", "Default": "Different Regions",
            "Choices": [{"Variable": "$.regionsAreSame", "BooleanEquals": True,
                         "Next": "Synchronise"}]},
        "Different Regions": {"Type": "Fail", "Error": "BucketRegionsNotEqualError",
                              "Cause": "The buckets are in different regions."},
        "Synchronise": {
            "Type": "Parallel",
            "Branches": [
                loop_branch("source", "Copy Missing", "copy_missing", Retry=[
                    {"ErrorEquals": ["Lambda.Unknown", "States.Timeout"], "IntervalSeconds": 0,
                     "MaxAttempts": 3}]),
                loop_branch("destination", "Delete Orphans", "delete_orphans")],
            "Next": "Done"},
        "Done": {"Type": "Succeed"}}}
