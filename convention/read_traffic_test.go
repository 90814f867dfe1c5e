package convention_test

import (
	"strings"
	"testing"
)

// noCanary is said of what only a canary may have.
const noCanary = "has no effect on a version that is no canary; set aviary.dev/role: canary, or remove it"

func TestReadTraffic(t *testing.T) {
	t.Parallel()
	testRead(t, map[string]readCase{
		"RolePrimary": {"stated", "", map[string]string{"role": "primary"}, nil},
		"RoleTypo": {"no guessing", "", map[string]string{"role": "Canary"}, []string{
			at + `role]: "Canary" must be primary, canary, shadow or standby; for example canary`,
		}},
		"RoleEmpty": {"absent is not empty", "", map[string]string{"role": ""}, []string{
			at + `role]: "" must be primary, canary, shadow or standby; for example canary`,
		}},
		"Role60": {
			"a value is shown up to here", "",
			map[string]string{"role": strings.Repeat("a", 60)},
			[]string{
				at + `role]: "` + strings.Repeat("a", 60) + `" must be primary, canary, shadow or standby; for example canary`,
			},
		},
		"Weight": {"a canary's", "", map[string]string{"role": "canary", "weight": "100"}, nil},
		"WeightOver": {"percent", "", map[string]string{"role": "canary", "weight": "101"}, []string{
			at + `weight]: "101" must be a whole number from 0 to 100; for example "10"`,
		}},
		"WeightZero": {"the least", "", map[string]string{"role": "canary", "weight": "0"}, nil},
		"WeightNegative": {"percent", "", map[string]string{"role": "canary", "weight": "-1"}, []string{
			at + `weight]: "-1" must be a whole number from 0 to 100; for example "10"`,
		}},
		"WeightPercent": {"no sign", "", map[string]string{"role": "canary", "weight": "10%"}, []string{
			at + `weight]: "10%" must be a whole number from 0 to 100; for example "10"`,
		}},
		"WeightOctal": {
			"010 is not 10 everywhere", "",
			map[string]string{"role": "canary", "weight": "010"},
			[]string{at + `weight]: "010" must be a whole number from 0 to 100; for example "10"`},
		},
		"WeightFraction": {"whole", "", map[string]string{"role": "canary", "weight": "1.5"}, []string{
			at + `weight]: "1.5" must be a whole number from 0 to 100; for example "10"`,
		}},
		"WeightPrimary": {
			"a likely slip, but harmless", "",
			map[string]string{"role": "primary", "weight": "10"},
			[]string{"warning: " + at + "weight]: " + noCanary},
		},
		"Headers":    {"two", "", map[string]string{"role": "canary", "headers": "stage=canary, x-team=a b"}, nil},
		"HeadersOff": {"empty turns the route off", "", map[string]string{"role": "canary", "headers": ""}, nil},
		"HeadersName": {
			"a space is no part of a name", "",
			map[string]string{"role": "canary", "headers": "my stage=canary"},
			[]string{
				at + `headers]: "my stage=canary" must be name=value[,name=value]: "my stage" is no header name; ` +
					`for example stage=canary`,
			},
		},
		"HeadersColon": {"YAML habit", "", map[string]string{"role": "canary", "headers": "stage: canary"}, []string{
			at + `headers]: "stage: canary" must be name=value[,name=value]: "stage: canary" is no header name; ` +
				`for example stage=canary`,
		}},
		"HeadersNoValue": {
			"presence would take too much", "",
			map[string]string{"role": "canary", "headers": "stage="},
			[]string{
				at + `headers]: "stage=" must give header stage a value: ` +
					`an empty one fits every request that has the header; for example stage=canary`,
			},
		},
		"HeadersNonASCII": {"HTTP", "", map[string]string{"role": "canary", "headers": "stage=ä"}, []string{
			at + `headers]: "stage=ä" must hold printable ASCII only: the value of header stage does not; ` +
				`for example stage=canary`,
		}},
		"HeadersSpace": {
			"a proxy trims it, so nothing would fit", "",
			map[string]string{"role": "canary", "headers": "stage= canary"},
			[]string{
				at + `headers]: "stage= canary" must not begin or end the value of header stage with a space; ` +
					`for example stage=canary`,
			},
		},
		"HeadersTwice": {
			"names have no case", "",
			map[string]string{"role": "canary", "headers": "a=1,A=2"},
			[]string{at + `headers]: "a=1,A=2" must name each header once: A stands twice; for example stage=canary`},
		},
		"HeadersMany": {
			"a limit", "",
			map[string]string{"role": "canary", "headers": "a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1"},
			[]string{at + `headers]: must name at most 8 headers, not 9; for example stage=canary`},
		},
		"Headers8": {
			"the limit itself", "", map[string]string{"role": "canary", "headers": "a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1"}, nil,
		},
		"HeadersLong": {
			"the limit of an annotation", "",
			map[string]string{"role": "canary", "headers": "a=" + strings.Repeat("a", 4094)},
			nil,
		},
		"HeadersStandby": {"no effect", "", map[string]string{"role": "standby", "headers": "a=1"}, []string{
			"warning: " + at + "headers]: " + noCanary,
		}},
	})
}
