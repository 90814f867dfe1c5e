// A peer that make bench BENCH=audit measures.
module aviary.dev/tools/conftest

go 1.26.0

tool github.com/open-policy-agent/conftest

require github.com/open-policy-agent/conftest v0.71.1
