package policy

import (
	"encoding/json"
	"testing"
)

func TestParamCheck(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ schema, value, want string }{
		"Plain":       {`100`, `7`, ""},
		"PlainType":   {`100`, `"7"`, "must be a whole number, is a text"},
		"PlainList":   {`["a"]`, `["b", "c"]`, ""},
		"EmptyList":   {`["a"]`, `[]`, ""},
		"ListType":    {`["a"]`, `"b"`, "must be a list of texts, is a text"},
		"WholeForAny": {`0.5`, `1`, ""},
		"Minimum":     {`{"default": 5, "minimum": 1}`, `0`, "must be a whole number of at least 1, is 0"},
		"Maximum":     {`{"default": 0.5, "maximum": 1}`, `1.5`, "must be a number of at most 1, is 1.5"},
		"Edge":        {`{"default": 5, "minimum": 1, "maximum": 100}`, `100`, ""},
		"Range": {
			`{"default": 5, "minimum": 1, "maximum": 100}`, `1000000`,
			"must be a whole number from 1 to 100, is 1000000",
		},
		"RangeType": {
			`{"default": 5, "minimum": 1, "maximum": 100}`, `true`,
			"must be a whole number from 1 to 100, is true or false",
		},
		"Enum":     {`{"default": "a", "enum": ["a", "b"]}`, `"c"`, `must be one of "a", "b", is "c"`},
		"EnumGood": {`{"default": 1, "enum": [1, 10]}`, `10`, ""},
		"EnumList": {
			`{"default": ["a"], "enum": ["a", "b"]}`, `["b", "c"]`,
			`must be a list of "a", "b", is ["b","c"]`,
		},
		"EnumListGood": {`{"default": ["a"], "enum": ["a", "b"]}`, `["b", "a"]`, ""},
		"Mapping":      {`{"default": {"a": 1}, "description": "d"}`, `{"b": 2}`, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p Param
			var value any
			if err := json.Unmarshal([]byte(c.schema), &p); err != nil {
				t.Fatal(err)
			}
			if err := p.complete(); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(c.value), &value); err != nil {
				t.Fatal(err)
			}
			if got := p.check(value); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
