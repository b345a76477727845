"""Writes the annotations of secrets as their real producers do: flytekit's and the Flyte 2 SDK's own messages, in protobuf's
text format, in base32 (flytepropeller, `MarshalSecretsToMapStrings`).

Standard input: a JSON list of {"sdk": "flytekit" | "flyte", "fields": {...}}. Standard output: a JSON list of values.
"""

import base64
import json
import pathlib
import sys

import flyte
from flyte._internal.runtime.task_serde import get_security_context
from flytekit import Secret
from google.protobuf import text_format

ALPHABET = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "abcdefghijklmnopqrstuvwxyz123456")


def of_flytekit(fields):
    mount = Secret.MountType[fields.pop("mount_requirement")]
    return Secret(mount_requirement=mount, **fields).to_flyte_idl()


def of_flyte(fields):
    if "mount" in fields:
        fields["mount"] = pathlib.Path(fields["mount"])
    return get_security_context([flyte.Secret(**fields)]).secrets[0]


def annotation(request):
    message = {"flytekit": of_flytekit, "flyte": of_flyte}[request["sdk"]](request["fields"])
    text = text_format.MessageToString(message, as_utf8=False).encode()
    return base64.b32encode(text).decode().rstrip("=").translate(ALPHABET)


json.dump([annotation(request) for request in json.load(sys.stdin)], sys.stdout)
