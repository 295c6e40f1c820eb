"""Template of a solution's app.py.

Replace every <placeholder>. The result holds secrets: keep it out of version control.
"""

NAME = "<Solution>"
BOTS = []
CSV_BOTS = ["<Customer.Solution>"]
PATH = "<path of the solution>"

# One entry for each environment. The environments `live` and `prod` use each other's entry where their own is missing.
PARAMS = {
    "sandbox": {
        # The output NodesUrl of this stage's CloudFormation stack.
        "braze_nodes_url": "<https://….execute-api.….amazonaws.com>",
        # The value of the stage's parameter node_secret in SSM Parameter Store.
        "braze_nodes_secret": "<node_secret of sandbox>",
    },
    "prod": {
        "braze_nodes_url": "<https://….execute-api.….amazonaws.com>",
        "braze_nodes_secret": "<node_secret of prod>",
    },
}
