// Package storm checks a history of requests that many clients sent at once. It finds denials that
// no order of the requests explains, removals and promotions that were admitted although the live
// table spoke against them in every order, generated tables that gave traffic to nobody or to a new
// primary too soon, and hand-made routes to absent versions that no Event reported. It has a small
// model of the rules and calls none of Aviary's code, so that both don't make the same mistake.
package storm
