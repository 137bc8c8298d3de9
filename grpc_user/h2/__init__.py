"""gRPC over HTTP/2 written for one thing: many small calls at little cost.

`frames`, `frame_reader`, `headers`, `messages`, `status`, `flow`, `peer_settings`, `incoming`,
`exchange`, `plain_calls` and `connection` know neither sockets nor time; `dialing` opens sockets,
whatever waits for them; `session`, `wire`, `deadlines`, `unary_call`, `running_call` and
`h2_transport` are the shell in gevent's hub.
"""
