package policy

import (
	"errors"
	"fmt"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"

	"aviary.dev/policy/input"
)

// newCompiler returns one that is strict, knows the functions that rules may call, and refuses keys
// that the input document can't have: a rule that reads such a key would never find anything.
func newCompiler() *ast.Compiler {
	return ast.NewCompiler().WithStrict(true).WithCapabilities(capabilities()).WithSchemas(inputSchema())
}

var inputSchema = sync.OnceValue(func() *ast.SchemaSet {
	schemas := ast.NewSchemaSet()
	schemas.Put(ast.SchemaRootRef, input.Schema())
	return schemas
})

// explain words a compiler's errors about the input for people, each with its place: "x.rego:12:
// …". Others stay as OPA words them.
func explain(found ast.Errors) error {
	errs := make([]error, len(found))
	for i, e := range found {
		errs[i] = e
		if text := explanation(e.Details); text != "" {
			errs[i] = fmt.Errorf("%s: %s", e.Location, text)
		}
	}
	return errors.Join(errs...)
}

// explanation returns "" for what isn't about a key or a type.
func explanation(details ast.ErrorDetails) string {
	switch d := details.(type) {
	case *ast.RefErrInvalidDetail:
		key, isText := d.Ref[d.Pos].Value.(ast.String)
		if isText && len(d.OneOf) > 0 {
			return fmt.Sprintf("%s does not exist%s", d.Ref[:d.Pos+1], suggestKey(string(key), texts(d.OneOf)))
		}
		return fmt.Sprintf("%s does not exist: %s has no such keys", d.Ref[:d.Pos+1], d.Ref[:d.Pos])
	case *ast.RefErrUnsupportedDetail:
		if _, isFunction := d.Have.(*types.Function); !isFunction {
			return fmt.Sprintf("%s does not exist: %s is %s", d.Ref[:d.Pos+2], d.Ref[:d.Pos+1], typeName(d.Have))
		}
	case *ast.UnificationErrDetail:
		return fmt.Sprintf("compares %s with %s, which is never true", typeName(d.Left), typeName(d.Right))
	}
	return ""
}

func texts(values []ast.Value) []string {
	var out []string
	for _, v := range values {
		if text, ok := v.(ast.String); ok {
			out = append(out, string(text))
		}
	}
	return out
}

// typeName names a type as kindOf names the kind of a value.
func typeName(t types.Type) string {
	switch t.(type) {
	case types.String:
		return "a text"
	case types.Number:
		return "a number"
	case types.Boolean:
		return "true or false"
	case *types.Array, *types.Set:
		return "a list"
	case *types.Object:
		return "a mapping"
	}
	return types.Sprint(t)
}
