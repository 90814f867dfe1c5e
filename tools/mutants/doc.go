// Command mutants measures the tests: it makes one small mistake after the other in packages
// convention and route and in the rules' Rego (a condition negated, a comparison moved by one, a
// line dropped) and sees whether a test fails. A mistake that nobody notices is a survivor;
// docs/mutants.md lists each with the reason why it may live.
//
//	go run ./tools/mutants                      # all of them; fails below 98 %, and on a survivor without a reason
//	go run ./tools/mutants route weights-sum    # one package, one rule
//	go run ./tools/mutants -own route           # by its own tests only, which is quicker
//	go run ./tools/mutants -n 100 -seed 7       # a sample
//	go run ./tools/mutants -write               # all of them, and docs/mutants.md anew; reasons there are kept
//
// All mutants of the Go packages are compiled into one test binary, of which a variable of the environment wakes one
// ([instrument]). Each test is run once to learn which mutants it comes by and what it costs; a mutant meets only the
// tests that come by it, cheap ones first, until one fails. Those of Rego are judged in this process. So a mutant costs
// a fraction of a second. Nothing is written into the tree but docs/mutants.md.
package main
