// Package lagging is a proxy between a client and the API server. It delays or stops the client's
// watches, and answers all other requests at once. So it makes caches lag as in a busy cluster, for
// as long as a test needs that. It can also cut the client off altogether.
//
//	proxy, err := lagging.Start(cp.Config())
//	if err != nil {
//		return err
//	}
//	defer proxy.Close()
//	proxy.Delay(2 * time.Second)
package lagging
