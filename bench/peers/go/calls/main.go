// Sends calls to a gRPC server one after the other, as an engine does, and prints the milliseconds that all of them took.
//
//	calls ADDRESS < calls
//
// Standard input holds the calls: for each, the length of the method's name in four bytes, the name, the length of the
// message in four bytes, the message. The answers are written to standard output in the same form, without names; the
// milliseconds are the last line on standard error.
package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// raw hands messages through as they are.
type raw struct{}

func (raw) Name() string                       { return "proto" }
func (raw) Marshal(v any) ([]byte, error)      { return *v.(*[]byte), nil }
func (raw) Unmarshal(data []byte, v any) error { *v.(*[]byte) = append([]byte(nil), data...); return nil }

type call struct {
	method  string
	message []byte
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(address string) error {
	calls, err := read(bufio.NewReader(os.Stdin))
	if err != nil {
		return err
	}
	conn, err := grpc.NewClient("passthrough:///"+address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(raw{})))
	if err != nil {
		return err
	}
	defer conn.Close()
	answers := make([][]byte, len(calls))
	started := time.Now()
	for i, c := range calls {
		if err := conn.Invoke(context.Background(), c.method, &c.message, &answers[i]); err != nil {
			return fmt.Errorf("%s: %w", c.method, err)
		}
	}
	took := time.Since(started)
	out := bufio.NewWriter(os.Stdout)
	for _, answer := range answers {
		if err := binary.Write(out, binary.BigEndian, uint32(len(answer))); err != nil {
			return err
		}
		if _, err := out.Write(answer); err != nil {
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "%.1f\n", float64(took.Microseconds())/1000)
	return out.Flush()
}

func read(in *bufio.Reader) ([]call, error) {
	var calls []call
	for {
		method, err := field(in)
		if errors.Is(err, io.EOF) {
			return calls, nil
		}
		if err != nil {
			return nil, err
		}
		message, err := field(in)
		if err != nil {
			return nil, err
		}
		calls = append(calls, call{string(method), message})
	}
}

func field(in *bufio.Reader) ([]byte, error) {
	var length uint32
	if err := binary.Read(in, binary.BigEndian, &length); err != nil {
		return nil, err
	}
	bytes := make([]byte, length)
	_, err := io.ReadFull(in, bytes)
	return bytes, err
}
