"""Requests that are wrong below the API: (what is wrong, bytes to send, statuses that are right).

Sent over a plain socket, one connection each. Status 0 means that the server may just close.
"""

AUTHORIZATION = (b"Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/states/"
                 b"aws4_request, SignedHeaders=host, Signature=0\r\n")
TARGET = b"X-Amz-Target: AWSStepFunctions.ListStateMachines\r\n"
JSON = b"Content-Type: application/x-amz-json-1.0\r\n"
HOST = b"Host: 127.0.0.1\r\n"
REFUSED = (400, 403, 404, 405, 408, 411, 413, 414, 415, 417, 431, 501, 505, 0)


def post(body, *headers, length=None):
    size = str(len(body) if length is None else length).encode()
    return (b"POST / HTTP/1.1\r\n" + HOST + AUTHORIZATION + JSON + b"".join(headers)
            + b"Content-Length: " + size + b"\r\nConnection: close\r\n\r\n" + body)


def xml(path, body):
    return (b"POST /absent-box" + path + b" HTTP/1.1\r\n" + HOST + AUTHORIZATION.replace(
        b"states", b"s3") + b"Content-Length: " + str(len(body)).encode()
            + b"\r\nConnection: close\r\n\r\n" + body)


LAUGHS = (b'<!DOCTYPE l [<!ENTITY a "ha">'
          + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
          + b"]><Delete><Object><Key>&m;</Key></Object></Delete>")


WIRE = [
    ("no HTTP at all", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64, REFUSED),
    ("a line of noise", b"\xff\xfe\xfd\r\n\r\n", REFUSED),
    ("only line ends", b"\r\n\r\n\r\n\r\n", REFUSED),
    ("an unknown method", b"FROB / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", REFUSED),
    ("an unknown version", b"POST / HTTP/9.9\r\n" + HOST + b"\r\n", REFUSED),
    ("a path without a slash", b"POST x HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
     REFUSED),
    ("a path of 100 KB", b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", REFUSED),
    ("a header of 1 MB", b"GET / HTTP/1.1\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n", REFUSED),
    ("50,000 headers", b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 50_000 + b"\r\n", REFUSED),
    ("a header without colon", b"GET / HTTP/1.1\r\nnonsense\r\n\r\n", REFUSED),
    ("a header with a nul", b"GET / HTTP/1.1\r\nA: a\x00b\r\n\r\n", REFUSED),
    ("a negative length", post(b"{}", TARGET, length=-1), REFUSED),
    ("a length that is no number", post(b"{}", TARGET, length="many"), REFUSED),
    ("a length past 64 bits", post(b"{}", TARGET, length=10 ** 30), REFUSED),
    ("a length of 100 GB", post(b"{}", TARGET, length=10 ** 11), REFUSED),
    ("two lengths that differ", post(b"{}", TARGET, b"Content-Length: 1\r\n"), REFUSED),
    ("a length and chunks", post(b"0\r\n\r\n", TARGET, b"Transfer-Encoding: chunked\r\n"), REFUSED),
    ("chunks of nonsense size", b"POST / HTTP/1.1\r\n" + HOST + AUTHORIZATION + JSON + TARGET
     + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", REFUSED),
    ("a chunk past 64 bits", b"POST / HTTP/1.1\r\n" + HOST + AUTHORIZATION + JSON + TARGET
     + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", REFUSED),
    ("an unknown transfer encoding", post(b"{}", TARGET, b"Transfer-Encoding: frob\r\n"), REFUSED),
    ("a body that is no JSON", post(b"not JSON", TARGET), (400,)),
    ("a body that is no object", post(b"[1]", TARGET), (400,)),
    ("a body that is no text", post(b"\xff\xfe\x00", TARGET), (400,)),
    ("a body with bad UTF-8 in a string", post(b'{"nextToken":"\xc3\x28"}', TARGET), (400,)),
    ("a body of thousands of brackets", post(b'{"a":' * 100_000, TARGET), (400,)),
    ("a body nested and closed", post(b"[" * 100_000 + b"]" * 100_000, TARGET), (400,)),
    ("a body of 12 MB", post(b'{"nextToken":"' + b"a" * 12_000_000 + b'"}', TARGET), REFUSED),
    ("no target", post(b"{}"), REFUSED),
    ("a target without operation", post(b"{}", b"X-Amz-Target: AWSStepFunctions.\r\n"), REFUSED),
    ("an operation that is none", post(b"{}", b"X-Amz-Target: AWSStepFunctions.Frob\r\n"), REFUSED),
    ("a service that is none", post(b"{}", b"X-Amz-Target: AWSFrob.List\r\n"), REFUSED),
    ("a target of 1 KB", post(b"{}", b"X-Amz-Target: " + b"a" * 1000 + b"\r\n"), REFUSED),
    ("a foreign origin", post(b"{}", TARGET, b"Origin: http://evil.example\r\n"), (403,)),
    ("a request across sites", post(b"{}", TARGET, b"Sec-Fetch-Site: cross-site\r\n"), (403,)),
    ("a path that climbs", b"GET /../../../etc/passwd HTTP/1.1\r\n" + HOST
     + b"Connection: close\r\n\r\n", REFUSED),
    ("a path that climbs in code", b"GET /_pawl/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + HOST
     + b"Connection: close\r\n\r\n", REFUSED),
    ("a path with a bad escape", b"GET /%zz%1 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
     REFUSED),
    ("a function with a climbing name", b"GET /2015-03-31/functions/..%2f..%2fetc HTTP/1.1\r\n"
     + HOST + AUTHORIZATION + b"Connection: close\r\n\r\n", REFUSED),
    ("XML that is none", xml(b"?delete", b"<Delete><Object>"), (400, 404)),
    ("XML that is nothing", xml(b"?delete", b""), (400, 404)),
    ("XML with entities within entities", xml(b"?delete", LAUGHS), (400, 404)),
    ("XML with a file for an entity", xml(b"?delete", b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///'
     b'etc/passwd">]><Delete><Object><Key>&e;</Key></Object></Delete>'), (400, 404)),
    ("XML nested without end", xml(b"?delete", b"<a>" * 200_000), (400, 404)),
    ("XML of another root", xml(b"?delete", b"<Frob/>"), (400, 404)),
    ("1,001 keys at once", xml(b"?delete", b"<Delete>" + b"<Object><Key>k</Key></Object>" * 1001
     + b"</Delete>"), (400, 404)),
    ("a call without authorization", b"POST / HTTP/1.1\r\n" + HOST + JSON
     + b"X-Amz-Target: AWSStepFunctions.CreateActivity\r\nContent-Length: 12\r\n"
     + b'Connection: close\r\n\r\n{"name":"a"}', (400, 403)),
]
