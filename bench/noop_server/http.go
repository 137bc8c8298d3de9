package main

import (
	"io"
	"net"
	"net/http"
)

// embedded is the least that AIPerf takes for an answer.
const embedded = `{"object":"list","model":"none","data":[{"object":"embedding","index":0,"embedding":[0]}],"usage":{"prompt_tokens":1,"total_tokens":1}}`

// answerHTTP serves those who do not speak gRPC: each request is noted once its headers were read, and answered.
func answerHTTP(listener net.Listener, noted *stamps) error {
	return http.Serve(listener, http.HandlerFunc(func(reply http.ResponseWriter, request *http.Request) {
		noted.note()
		_, _ = io.Copy(io.Discard, request.Body)
		reply.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(reply, embedded)
	}))
}
