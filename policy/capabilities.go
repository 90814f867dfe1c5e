package policy

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// allowed are the built-in functions that rules may call. It is a list of what may be, so that what
// a later OPA brings has to be looked at first. Left out is what reaches out of the evaluation
// (http.send, net.*, opa.runtime), answers differently each time (rand, uuid), has no business
// here (crypto, JWTs, GraphQL), or can take endless time or memory over a short input that no
// deadline stops (graph.reachable_paths, bits.lsh, regex.globs_match, yaml.unmarshal, templates).
var allowed = strings.Fields(`
eq assign equal neq gt gte lt lte internal.member_2 internal.member_3 internal.print internal.template_string
internal.test_case print
plus minus mul div rem round ceil floor abs numbers.range numbers.range_step to_number
and or minus intersection union count sum product max min sort
array.concat array.flatten array.slice array.reverse
object.filter object.get object.keys object.remove object.subset object.union object.union_n
json.filter json.remove json.marshal json.unmarshal json.is_valid walk graph.reachable
is_array is_boolean is_null is_number is_object is_set is_string type_name
concat contains endswith format_int indexof indexof_n lower replace split sprintf startswith substring trim trim_left
trim_prefix trim_right trim_space trim_suffix upper
strings.any_prefix_match strings.any_suffix_match strings.count strings.replace_n strings.reverse strings.split_n
regex.find_all_string_submatch_n regex.find_n regex.is_valid regex.match regex.replace regex.split
glob.match glob.quote_meta semver.compare semver.is_valid units.parse units.parse_bytes
base64.decode base64.encode base64.is_valid urlquery.decode urlquery.encode
time.add_date time.clock time.date time.diff time.format time.now_ns time.parse_duration_ns time.parse_ns
time.parse_rfc3339_ns time.weekday
`)

// capabilities are OPA's, with the functions of the list alone.
func capabilities() *ast.Capabilities {
	caps := ast.CapabilitiesForThisVersion()
	caps.Builtins = slices.DeleteFunc(caps.Builtins, func(b *ast.Builtin) bool { return !isAllowed(b.Name) })
	caps.AllowNet = []string{}
	return caps
}

func isAllowed(function string) bool { return slices.Contains(allowed, function) }
