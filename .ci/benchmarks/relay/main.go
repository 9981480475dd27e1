// Relay passes requests on to a server and the answers back, and does nothing else: what any daemon of Go's own net/http
// between a client and that server costs at least. It prints where it listens.
package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: relay URL")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.WriteBufferSize, transport.DisableCompression = 64<<10, true // as the daemon's
	client := &http.Client{Transport: transport}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintf(os.Stdout, "http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := pass(client, os.Args[1]+r.URL.RequestURI(), w, r); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
		}
	})))
}

func pass(client *http.Client, url string, w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(r.Context(), r.Method, url, bytes.NewReader(body)) // leaves in one piece
	if err != nil {
		return err
	}
	request.Header = r.Header
	reply, err := client.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return err
	}
	w.WriteHeader(reply.StatusCode)
	_, err = w.Write(text)
	return err
}
