package controlplane

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"syscall"
)

// The networks 127.96.0.0/16 to 127.250.0.0/16 are for control planes.
const firstNetwork, lastNetwork = 96, 250

// reservationPort is bound in a network for as long as the network is in use. It is below the ports
// for outgoing connections.
const reservationPort = 20137

// network is the loopback network of one control plane and the ports in it.
type network struct {
	Address           string // 127.N.0.1, where the servers listen.
	Range             string // 127.N.0.0/16, from which Services get their cluster IPs.
	EtcdClient        int
	EtcdPeer          int
	APIServer         int
	ControllerManager int
}

// reserveNetwork finds a network that no other control plane on this machine uses. It stays
// reserved until reservation, and every copy of it that a process inherits, is closed.
func reserveNetwork() (n network, reservation *os.File, err error) {
	count := lastNetwork - firstNetwork + 1
	start := rand.IntN(count) //nolint:gosec // because any start will do.
	for i := range count {
		second := firstNetwork + (start+i)%count
		listener, err := net.ListenTCP("tcp4",
			&net.TCPAddr{IP: net.IPv4(127, byte(second), 255, 254), Port: reservationPort})
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		if err != nil {
			return network{}, nil, fmt.Errorf("claim a loopback network: %w", err)
		}
		reservation, err := listener.File()
		if err := errors.Join(err, listener.Close()); err != nil {
			return network{}, nil, err
		}
		n := network{Address: fmt.Sprintf("127.%d.0.1", second), Range: fmt.Sprintf("127.%d.0.0/16", second)}
		if err := n.choosePorts(); err != nil {
			return network{}, nil, errors.Join(err, reservation.Close())
		}
		return n, reservation, nil
	}
	return network{}, nil, fmt.Errorf("no free network from 127.%d.0.0/16 to 127.%d.0.0/16: stop other control planes",
		firstNetwork, lastNetwork)
}

// choosePorts chooses ports that are free now.
func (n *network) choosePorts() (err error) {
	for _, port := range []*int{&n.EtcdClient, &n.EtcdPeer, &n.APIServer, &n.ControllerManager} {
		listener, err := net.Listen("tcp4", n.Address+":0")
		if err != nil {
			return fmt.Errorf("choose a port: %w", err)
		}
		defer listener.Close() //nolint:errcheck // because it is only open so that no port is chosen twice.
		*port = listener.Addr().(*net.TCPAddr).Port
	}
	return nil
}

// url returns the URL of the API server.
func (n network) url() string { return fmt.Sprintf("https://%s:%d", n.Address, n.APIServer) }

// serviceIP returns the n-th address for a Service with a fixed cluster IP. The first address of
// the range belongs to the Service kubernetes. The API server assigns addresses up to 127.N.0.255
// only when there are no others.
func (n network) serviceIP(i int) string {
	base := net.ParseIP(n.Address).To4()
	return net.IPv4(base[0], base[1], 0, byte(1+i)).String()
}
