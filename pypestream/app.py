"""Template of a solution's app.py: replace everything in angle brackets, and keep the result out of version control."""

NAME = "<Solution>"
BOTS = []
CSV_BOTS = ["<Customer.Solution>"]
PATH = "<path of the solution>"

# One entry per environment. An environment that calls itself `live` uses the entry `prod`.
PARAMS = {
    "sandbox": {
        # The address of the HTTP API: an output of the stack of this stage.
        "braze_nodes_url": "<https://….execute-api.….amazonaws.com>",
        # The value of /pypestream-braze/sandbox/node_secret in SSM Parameter Store.
        "braze_nodes_secret": "<node_secret of sandbox>",
    },
    "prod": {
        "braze_nodes_url": "<https://….execute-api.….amazonaws.com>",
        "braze_nodes_secret": "<node_secret of prod>",
    },
}
