"""Runs BrazeNode once, in a solution laid out as on Braze's partner page, for tests written in another language.

Standard input:  {"params": PARAMS of app.py, "payload": …, "context": …}
Standard output: {"answer": what execute() returned, "log": [the lines it logged]}
"""

import importlib
import json
import pathlib
import shutil
import sys
import tempfile

NODE_FILE = pathlib.Path(__file__).resolve().parents[2] / "pypestream" / "BrazeNode.py"


def load_node(root, package, params):
    """The class BrazeNode of a new solution: root/package/app.py and root/package/nodes/BrazeNode.py."""
    nodes = pathlib.Path(root, package, "nodes")
    nodes.mkdir(parents=True)
    for folder in (nodes, nodes.parent):
        (folder / "__init__.py").touch()
    (nodes.parent / "app.py").write_text(f"PARAMS = {params!r}\n", encoding="utf-8")
    shutil.copy(str(NODE_FILE), str(nodes))
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    return importlib.import_module(f"{package}.nodes.BrazeNode").BrazeNode


if __name__ == "__main__":
    call = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    lines = []
    with tempfile.TemporaryDirectory() as root:
        node = load_node(root, "solution", call.get("params"))
        answer = node().execute(lines.append, call.get("payload"), call.get("context"))
    print(json.dumps({"answer": answer, "log": lines}))
