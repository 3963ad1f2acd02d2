"""What every test may use: real databases, engines, browser and issuers, each started once for the run.

They are plugins of the whole suite and not imports of single folders: an imported fixture is another one, and would
start its server again.
"""

pytest_plugins = ("tests.databases", "tests.engines", "tests.browser", "tests.peers.fixtures")
