// Package lagging stands between a client and the API server and has it see
// changes late, or no more, while all that it asks for itself passes at once:
// what happens to the caches of a busy cluster, made to last.
//
//	proxy, err := lagging.Start(cp.Config())
//	if err != nil {
//		return err
//	}
//	defer proxy.Close()
//	proxy.Delay(2 * time.Second)
package lagging
