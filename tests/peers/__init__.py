"""Real programs at the other end of the wire.

``providers``: two certified OpenID providers (npm's oidc-provider) on two loopback addresses, since cookies ignore
ports. ``hostile``: an issuer of our own that tells any lie it is given. A conftest that wants them imports the fixtures
from ``tests.peers.fixtures``; however often that happens, each provider is started once.
"""
