package stories

import (
	"fmt"
	"strings"
	"syscall"

	"aviary.dev/e2e/controlplane"
)

// outage is a state in which Aviary's webhooks don't answer as they should.
type outage struct {
	id, title, about string
	// message is the end of the API server's error message.
	message    string
	slow       bool
	begin, end func(s *story)
}

// outages are the sections of docs/failure-policy.md.
var outages = []outage{
	{
		id: "down", title: "Aviary is down", message: "connection refused",
		about: "No replica runs, or none is ready: the Service has no endpoint. " +
			"It ends when one is ready, seconds after it starts.",
		begin: func(s *story) { s.must(s.aviary.Stop()) },
		end:   func(s *story) { s.must(s.aviary.Start(s.Context())) },
	},
	{
		id: "slow", title: "Aviary is slow beyond its time-out", message: "context deadline exceeded", slow: true,
		about: "It takes connections and does not answer (here its process is halted). The API server waits for as " +
			"long as the entry's `timeoutSeconds`; validating entries are asked side by side, after the mutating " +
			"ones. Where the object changed meanwhile it asks again, so all may take twice as long. A leader that " +
			"is halted for 10 s loses its Lease, ends, and is started again.",
		begin: func(s *story) { s.must(s.aviary.Signal(syscall.SIGSTOP)) },
		end:   func(s *story) { s.must(s.aviary.Signal(syscall.SIGCONT)) },
	},
	{
		id: "certificate", title: "Aviary's certificate is not valid",
		message: "certificate signed by unknown authority",
		about: "It is of another CA than the configurations' `caBundle` (one that expired is refused alike). The API " +
			"server notices when it connects anew. It ends when the right certificate is in the Secret, without a " +
			"restart.",
		begin: func(s *story) {
			other, err := controlplane.NewCA("another")
			s.must(err)
			s.must(s.aviary.ReissueFrom(other))
			s.must(s.aviary.Restart(s.Context()))
		},
		end: func(s *story) { s.must(s.aviary.Reissue()) },
	},
	{
		id: "starting", title: "Aviary is starting", message: "Aviary is starting and has not yet seen all",
		about: "It runs but has not yet seen every object, so `/readyz` says no and the Service does not send " +
			"requests to it; with no other replica that is *down*. This is what is seen if it is asked " +
			"nevertheless. It ends when it has seen all.",
		begin: func(s *story) {
			s.must(s.aviary.Stop())
			s.kubectl("", "delete", "clusterrolebinding", "aviary").mustSucceed()
			s.must(s.aviary.Launch())
			s.eventually("Aviary to listen and not to be ready", func() error {
				if _, err := s.served(s.bundles()); err != nil {
					return err
				}
				err := s.aviary.Ready(s.Context())
				if err == nil || !strings.Contains(err.Error(), "inventory") {
					return fmt.Errorf("/readyz must say that the inventory is not complete, says %w", err)
				}
				return nil
			})
		},
		end: func(s *story) {
			s.kubectl("", "create", "clusterrolebinding", "aviary", "--clusterrole=aviary",
				"--serviceaccount=aviary-system:aviary").mustSucceed()
			s.must(s.aviary.Start(s.Context()))
		},
	},
}
