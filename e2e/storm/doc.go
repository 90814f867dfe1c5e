// Package storm judges a history of requests that many clients made at once: which denials no order of the requests
// can explain, which generated routes did wrong, and which hand-made ones nobody told of. It has a small model of the
// rules of its own and calls nothing of Aviary's, so that both are not wrong in the same way.
package storm
