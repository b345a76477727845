"""Runs tasks as the playground writes them, and prints their requests.

Standard input: a JSON list of {"sdk": "flytekit" | "flyte", "code": "…"}; standard output: a JSON list of the requests of each,
as the fields of Flyte's Secret message.
"""

import json
import sys

from flyte._internal.runtime.task_serde import get_security_context
from google.protobuf.json_format import MessageToDict


def asked(program):
    # The SDKs look up the module of a task.
    names = {"__name__": "__main__"}
    exec(program["code"], names)
    if program["sdk"] == "flytekit":
        return [secret.to_flyte_idl() for secret in names["my_task"].security_context.secrets]
    return get_security_context(names["env"].secrets).secrets


def fields(message):
    return MessageToDict(message, preserving_proto_field_name=True)


json.dump([[fields(secret) for secret in asked(program)] for program in json.load(sys.stdin)], sys.stdout)
