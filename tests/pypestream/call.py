"""Runs BrazeNode once, for tests written in another language.

Standard input:  {"params": PARAMS of app.py, "payload": …, "context": …}
Standard output: {"answer": what execute() returned, "log": [the lines it logged]}
"""

import importlib.util
import json
import pathlib
import sys
import types

NODE_FILE = pathlib.Path(__file__).resolve().parents[2] / "pypestream" / "BrazeNode.py"


def load_node():
    """The class BrazeNode, without putting the template app.py beside it on the path."""
    spec = importlib.util.spec_from_file_location("BrazeNode", str(NODE_FILE))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.BrazeNode


def install_app(params):
    """Makes `import app` find a module with these PARAMS."""
    sys.modules["app"] = types.ModuleType("app")
    sys.modules["app"].PARAMS = params


if __name__ == "__main__":
    call = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    install_app(call.get("params"))
    lines = []
    answer = load_node()().execute(lines.append, call.get("payload"), call.get("context"))
    print(json.dumps({"answer": answer, "log": lines}))
