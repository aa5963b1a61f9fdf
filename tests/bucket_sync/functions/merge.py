"""One dict out of a list of them."""


def handler(event, _):
    merged = {}
    for each in event:
        merged.update(each)
    return merged
