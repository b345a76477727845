"""Starts containers as a container runtime does, and reads their secrets as a task does, with flytekit's own SecretsManager.
Needs root and its own mount namespace.

Each line of standard input is a container: {"root": an empty folder, "variables": {name: value}, "mounts": [{"from",
"to", "readOnly"}], "reads": [...]}. Each line of standard output is {"results": [...]} with a result for each read, or
{"error": why the container does not start}.
"""

import base64
import ctypes
import json
import os
import sys

import flytekit
from flytekit.core.context_manager import ExecutionState, FlyteContextManager

CLONE_NEWNS = 0x20000
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 0x1, 0x20, 0x1000, 0x4000, 0x40000
ANY_USER = 1000

libc = ctypes.CDLL(None, use_errno=True)


def checked(status):
    if status != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def mount(source, target, kind=None, flags=0):
    checked(libc.mount(source.encode(), target.encode(), kind and kind.encode(), ctypes.c_ulong(flags), None))


def start(root, variables, mounts):
    checked(libc.unshare(CLONE_NEWNS))
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount("tmpfs", root, "tmpfs")
    os.mkdir(root + "/tmp")
    os.chmod(root + "/tmp", 0o1777)
    # containerd sorts by the number of path segments (`orderedMounts`); runc creates the mount point.
    for one in sorted(mounts, key=lambda one: one["to"].rstrip("/").count("/")):
        target = root + one["to"]
        os.makedirs(target, exist_ok=True)
        mount(one["from"], target, flags=MS_BIND)
        if one["readOnly"]:
            mount("none", target, flags=MS_REMOUNT | MS_BIND | MS_RDONLY)
    os.chroot(root)
    os.chdir("/")
    os.setgroups([])
    os.setgid(ANY_USER)
    os.setuid(ANY_USER)
    os.environ.clear()
    os.environ.update(variables)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def by_flytekit(ask):
    """Returns the text that a task gets, and its bytes."""
    secrets = flytekit.current_context().secrets
    text = secrets.get(**ask)
    variable = os.environ.get(secrets.get_secrets_env_var(**ask))
    if variable is None:
        return {"text": text, "from": "file", "bytes": encoded(content(secrets.get_secrets_file(**ask)))}
    return {"text": text, "from": "variable", "bytes": encoded(os.fsencode(variable))}


def encoded(data):
    return base64.b64encode(data).decode()


def result(read):
    """`flytekit`: the arguments of its SecretsManager. `variable`, `file`: a name. `fileOf`: a variable with a path."""
    try:
        match read:
            case {"flytekit": ask}:
                return by_flytekit(ask)
            case {"variable": name}:
                return {"bytes": encoded(os.fsencode(os.environ[name]))}
            case {"file": path}:
                return {"bytes": encoded(content(path))}
            case {"fileOf": name}:
                return {"bytes": encoded(content(os.environ[name]))}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def results(reads):
    FlyteContextManager.initialize()
    context = FlyteContextManager.current_context()
    # Outside an execution, flytekit would also look for variables without the prefix.
    state = context.execution_state.with_params(mode=ExecutionState.Mode.TASK_EXECUTION)
    with FlyteContextManager.with_context(context.with_execution_state(state)):
        return [result(read) for read in reads]


def answer(root, variables, mounts, reads):
    try:
        start(root, variables, mounts)
        return {"results": results(reads)}
    except Exception as error:
        return {"error": str(error)}


for line in sys.stdin:
    if os.fork() == 0:
        os.write(1, (json.dumps(answer(**json.loads(line))) + "\n").encode())
        os._exit(0)
    os.wait()
