package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"os"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/stats"
)

// stamps notes the moment at which each call's headers were read, before any handler or stall.
type stamps struct {
	count atomic.Int64
	ns    []int64
}

func newStamps(room int) *stamps {
	return &stamps{ns: make([]int64, room)}
}

func (s *stamps) note() {
	if i := s.count.Add(1) - 1; i < int64(len(s.ns)) {
		s.ns[i] = time.Now().UnixNano()
	}
}

func (s *stamps) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context {
	s.note()
	return ctx
}

func (s *stamps) HandleRPC(context.Context, stats.RPCStats)                         {}
func (s *stamps) HandleConn(context.Context, stats.ConnStats)                       {}
func (s *stamps) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

// write puts the stamps in a file that is there as a whole or not at all.
func (s *stamps) write(path string) error {
	file, err := os.Create(path + ".part")
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(file)
	count := min(s.count.Load(), int64(len(s.ns)))
	if err := binary.Write(buffered, binary.LittleEndian, s.ns[:count]); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
