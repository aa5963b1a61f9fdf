"""A layer: how to greet."""


def greet(greeting, name):
    return f"{greeting}, {name}!"
