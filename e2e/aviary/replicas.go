package aviary

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// balancer does kube-proxy's work: it accepts connections at the Service's address and connects
// each to a replica that accepts it.
type balancer struct {
	mu       sync.Mutex
	replicas []*Instance
	next     int
	open     map[net.Conn]bool // Connections of clients.
}

// balance puts a balancer at the Service's address and moves the process to another one.
func (i *Instance) balance() error {
	if i.external {
		return errors.New("balance replicas: in a cluster that existed before there are no addresses for them")
	}
	listener, err := net.Listen("tcp", i.Address)
	if err != nil {
		return err
	}
	i.cp.CloseAtStop(listener)
	i.balancer = &balancer{open: map[net.Conn]bool{}}
	i.assignAddresses(i.balancer)
	go i.balancer.serve(listener)
	return nil
}

// Join starts one more replica, with the same configuration and certificate, and waits until it is
// ready.
func (i *Instance) Join(ctx context.Context) (*Instance, error) {
	if i.balancer == nil {
		return nil, errors.New("join a replica: the first one was not installed with Options.Balanced")
	}
	replica := *i
	replica.stopCerts = nil
	replica.assignAddresses(i.balancer)
	replica.name = fmt.Sprintf("%s-%d", processName, len(i.balancer.replicas))
	if err := replica.goVia(); err != nil {
		return nil, err
	}
	return &replica, replica.Start(ctx)
}

// assignAddresses gives the replica addresses of its own, after the Service's.
func (i *Instance) assignAddresses(b *balancer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.replicas = append(b.replicas, i)
	host := i.cp.ServiceIP(max(i.options.Address, 10) + len(b.replicas))
	for _, address := range []*string{&i.listen, &i.health, &i.metrics} {
		_, port, _ := net.SplitHostPort(*address)
		*address = net.JoinHostPort(host, port)
	}
}

// serve accepts connections until the listener is closed.
func (b *balancer) serve(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go b.connect(client)
	}
}

// connect connects a client to the next replica, in turn, that accepts the connection.
func (b *balancer) connect(client net.Conn) {
	b.note(client, true)
	defer b.note(client, false)
	defer client.Close() //nolint:errcheck // because what was to be said has been said.
	server, err := b.dial()
	if err != nil {
		return
	}
	defer server.Close() //nolint:errcheck // because what was to be said has been said.
	done := make(chan struct{}, 2)
	for _, pair := range [][2]net.Conn{{client, server}, {server, client}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1])
			done <- struct{}{}
		}()
	}
	<-done // Either side has ended, and so must the other.
}

// note notes that a connection is open, or not any more.
func (b *balancer) note(client net.Conn, open bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open[client] = true; !open {
		delete(b.open, client)
	}
}

// Reconnect ends the connections of clients, so that the next replica, in turn, is asked next.
func (i *Instance) Reconnect() {
	i.balancer.mu.Lock()
	defer i.balancer.mu.Unlock()
	for client := range i.balancer.open {
		_ = client.Close() // It may have ended by itself.
	}
}

// dial connects to the next replica, in turn, that accepts the connection.
func (b *balancer) dial() (server net.Conn, err error) {
	b.mu.Lock()
	first := b.next
	b.next++
	replicas := append([]*Instance(nil), b.replicas...)
	b.mu.Unlock()
	for n := range replicas {
		if server, err = net.Dial("tcp", replicas[(first+n)%len(replicas)].listen); err == nil {
			return server, nil
		}
	}
	return nil, err
}

// Leads reports whether this replica is the leader.
func (i *Instance) Leads(ctx context.Context) bool {
	metrics, err := i.Metrics(ctx)
	return err == nil && metrics.Sum("leader_election_master_status") > 0
}
