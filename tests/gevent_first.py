"""Pytest plugin (`-p tests.gevent_first`): patch before anything else, as Locust itself does.

Locust patches the standard library when it is imported. Tests of the packages that live inside
Locust's process run in a pytest process patched from its first line; all other tests run unpatched.
"""

from gevent import monkey

monkey.patch_all()
