// A gRPC server that does nothing and notes when each call arrives: the target of `python -m bench.peers`.
//
// It speaks spin.v1.Spinner/Spin and grpc.health.v1.Health; what it notes it notes of plain HTTP too, on a port of its own.
// Messages are not looked into: the reply is empty.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/types/known/emptypb"
)

const (
	// More than any client here has under way at once: no client is to wait for a free stream.
	streams = 100_000
	window  = 1 << 20
)

type noop struct {
	delay time.Duration
}

// answer is a method handler as generated code would have it.
func (n noop) answer(_ any, ctx context.Context, decode func(any) error, icpt grpc.UnaryServerInterceptor) (any, error) {
	request := new(emptypb.Empty)
	if err := decode(request); err != nil {
		return nil, err
	}
	handle := func(context.Context, any) (any, error) {
		time.Sleep(n.delay)
		return new(emptypb.Empty), nil
	}
	if icpt == nil {
		return handle(ctx, request)
	}
	return icpt(ctx, request, &grpc.UnaryServerInfo{FullMethod: "/spin.v1.Spinner/Spin"}, handle)
}

func (n noop) register(server *grpc.Server) {
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "spin.v1.Spinner",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "Spin", Handler: n.answer}},
	}, n)
}

func main() {
	address := flag.String("address", "127.0.0.1:0", "where to listen")
	out := flag.String("out", "", "where the arrival times go (int64 ns since 1970, little-endian), at SIGUSR1 and at the end")
	room := flag.Int("room", 4_000_000, "arrivals noted at most")
	stallEvery := flag.Duration("stall-every", 0, "from the start of one stall to the next; 0 for none")
	stallFor := flag.Duration("stall-for", time.Second, "length of each stall, at the end of its period")
	delay := flag.Duration("delay", 0, "held so long before each reply")
	flag.Parse()

	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	noted := newStamps(*room)
	server := grpc.NewServer(
		grpc.MaxConcurrentStreams(streams),
		grpc.InitialWindowSize(window),
		grpc.InitialConnWindowSize(window),
		grpc.StatsHandler(noted),
		grpc.UnaryInterceptor(stalling(*stallEvery, *stallFor)),
	)
	noop{delay: *delay}.register(server)
	healthpb.RegisterHealthServer(server, health.NewServer())
	go writeWhenAsked(noted, *out)
	go func() { log.Fatal(answerHTTP(plain, noted)) }()
	fmt.Printf("noop server, HTTP on %s, listening on %s\n", plain.Addr(), listener.Addr())
	log.Fatal(server.Serve(listener))
}

// stalling holds every call that arrives in a stall, health checks too, until the stall is over.
func stalling(every, length time.Duration) grpc.UnaryServerInterceptor {
	began := time.Now()
	return func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
		if every > 0 {
			if into := time.Since(began) % every; into >= every-length {
				time.Sleep(every - into)
			}
		}
		return handle(ctx, request)
	}
}

func writeWhenAsked(noted *stamps, out string) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1, syscall.SIGTERM, syscall.SIGINT)
	for number := range asked {
		if out != "" {
			if err := noted.write(out); err != nil {
				log.Fatal(err)
			}
		}
		if number != syscall.SIGUSR1 {
			os.Exit(0)
		}
	}
}
