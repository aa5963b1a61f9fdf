"""Greets whoever the event or the query names."""
import os

import words


def handler(event, context):
    name = event.get("queryStringParameters", event).get("name", "nobody")
    return words.greet(os.environ["GREETING"], name)
