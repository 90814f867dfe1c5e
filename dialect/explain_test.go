package dialect_test

import (
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"aviary.dev/dialect"
)

func TestExplainNumbers(t *testing.T) {
	t.Parallel()
	type object struct {
		Weight int32
		Port   uint32
		Name   string
	}
	for text, want := range map[string]string{
		`{"Weight": 99999999999}`: "Weight: is 99999999999, must be a whole number from -2147483648 to 2147483647",
		`{"Port": -1}`:            "Port: is -1, must be a whole number from 0 to 4294967295",
		`{"Weight": 0.5}`:         "Weight: is a number, must be a whole number",
		`{"Weight": "1"}`:         "Weight: is text, must be a whole number",
		`{"Name": 1}`:             "Name: is a number, must be text; write it in quotes",
	} {
		err := dialect.Explain(jsonv2.Unmarshal([]byte(text), &object{}))
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}
