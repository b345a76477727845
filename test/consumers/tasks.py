"""Runs the tasks of a Python module that a document shows, outside of a pod, and tells what they ask for.

Argument: the folder of the module, `report.py`; standard output: {"requests": the module's secrets as messages, in their
order, "results": {task: what it returns}}.
"""

import importlib
import json
import sys

import flyte
from flyte._internal.runtime.task_serde import get_security_context
from flytekit import Secret
from flytekit.core.python_function_task import PythonFunctionTask
from google.protobuf.json_format import MessageToDict


def message_of(secret):
    message = secret.to_flyte_idl() if isinstance(secret, Secret) else get_security_context([secret]).secrets[0]
    return MessageToDict(message, preserving_proto_field_name=True)


def result_of(task):
    return task.task_function() if isinstance(task, PythonFunctionTask) else task.func()


sys.path.insert(0, sys.argv[1])
module = vars(importlib.import_module("report"))
json.dump(
    {
        "requests": [message_of(one) for one in module.values() if isinstance(one, (Secret, flyte.Secret))],
        "results": {name: result_of(one) for name, one in module.items() if name.startswith("read_")},
    },
    sys.stdout,
)
