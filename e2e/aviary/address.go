package aviary

import (
	"cmp"
	"fmt"
	"net"
	"os"
	"strconv"
)

// addressVariable names the environment variable with this machine's address, as the API server of
// an existing cluster reaches it.
const addressVariable = "AVIARY_E2E_ADDRESS"

// chooseAddresses decides where Aviary listens. The API server reaches it through the Service,
// whose address is a loopback address. An existing cluster has no such addresses; its API server
// gets a URL.
func (i *Instance) chooseAddresses() error {
	const port, healthPort, metricsPort = 9443, 8081, 8080
	i.port = port
	defer func() { i.listen = i.Address }()
	if i.host = i.cp.ServiceIP(cmp.Or(i.options.Address, 10)); i.host != "" {
		i.health = net.JoinHostPort(i.host, strconv.Itoa(healthPort))
		i.metrics = net.JoinHostPort(i.host, strconv.Itoa(metricsPort))
		i.Address = net.JoinHostPort(i.host, strconv.Itoa(i.port))
		return nil
	}
	i.external = true
	i.host = cmp.Or(os.Getenv(addressVariable), "127.0.0.1")
	for _, address := range []*string{&i.Address, &i.health, &i.metrics} {
		listener, err := net.Listen("tcp", net.JoinHostPort(i.host, "0"))
		if err != nil {
			return fmt.Errorf("choose a port of %s, which the API server must be able to reach (%s): %w", i.host,
				addressVariable, err)
		}
		defer listener.Close() //nolint:errcheck // because it is only open so that no port is chosen twice.
		*address = listener.Addr().String()
		if address == &i.Address {
			i.port = listener.Addr().(*net.TCPAddr).Port
		}
	}
	return nil
}
