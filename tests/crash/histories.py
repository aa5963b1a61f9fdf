"""Whether a history is whole: dense, ordered, ended once, and the same facts as another run's."""
import collections
import json
import re

TERMINAL = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"}
# Where branches meet, the event before is whichever branch came last: chance, not fact.
JOINS = {"MapStateSucceeded", "MapStateExited", "ParallelStateSucceeded", "ParallelStateExited"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def well_formed(events):
    """What is wrong with the ids, times and ends of a history; empty when nothing is."""
    problems = []
    ids = [event["id"] for event in events]
    if ids != list(range(1, len(events) + 1)):
        problems.append(f"ids are not 1..{len(events)}: {ids}")
    for before, event in zip([None, *events], events):
        if event.get("previousEventId", 0) >= event["id"]:
            problems.append(f"event {event['id']} follows {event['previousEventId']}")
        if before and event["timestamp"] < before["timestamp"]:
            problems.append(f"event {event['id']} is before its predecessor in time")
    ends = [event["id"] for event in events if event["type"] in TERMINAL]
    if ends != [len(events)]:
        problems.append(f"ends at {ends} of {len(events)} events")
    return problems


def _scrubbed(value, name):
    """Without what two runs of the same machine may differ in."""
    if isinstance(value, str):
        value = value.replace(name, "<name>")
        if value.startswith("{") and '"errorType"' in value:  # a function's error: no trace, no id
            error = json.loads(value)
            return {key: error.get(key) for key in ("errorType", "errorMessage")}
        return TIME.sub("<time>", UUID.sub("<uuid>", value))
    if isinstance(value, dict):
        return {key: _scrubbed(item, name) for key, item in value.items()}
    return [_scrubbed(item, name) for item in value] if isinstance(value, list) else value


def _without_lost_polls(events):
    """Activity tasks that a poller never saw, because the answer to its poll died with the server,
    time out and are retried: the one difference that a crash may make."""
    lost = set()
    for event in events:
        if event["type"] == "ActivityTimedOut":
            lost.update({event["id"], event["previousEventId"]})
    by_id = {event["id"]: event for event in events}
    for number in list(lost):
        if by_id[number]["type"] == "ActivityStarted":
            lost.add(by_id[number]["previousEventId"])

    def parent(number):
        while number in lost:
            number = by_id[number]["previousEventId"]
        return number

    kept = [event for event in events if event["id"] not in lost]
    return [{**event, "previousEventId": parent(event["previousEventId"])} for event in kept], lost


def facts(events, name):
    """The multiset of (event before, event) without times, ids and names."""
    events, _ = _without_lost_polls(events)
    signatures = {0: None}
    for event in events:
        details = {key: value for key, value in event.items()
                   if key not in ("id", "previousEventId", "timestamp")}
        signatures[event["id"]] = json.dumps(_scrubbed(details, name), sort_keys=True)
    return collections.Counter(
        ("joins" if event["type"] in JOINS else signatures[event["previousEventId"]],
         signatures[event["id"]]) for event in events)


def difference(events, name, reference):
    """What this run has and the reference has not, and the other way round; empty when equal."""
    mine = facts(events, name)
    extra, missing = mine - reference, reference - mine
    return [f"has    {edge[1][:300]}" for edge in extra] + \
           [f"lacks  {edge[1][:300]}" for edge in missing]


def lost_polls(events):
    return sum(event["type"] == "ActivityTimedOut" for event in events)
