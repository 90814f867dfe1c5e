package input

import (
	"fmt"
	"reflect"
)

// Schema returns the JSON schema of the document: each object has the keys of its struct and no
// others. It is new each time.
func Schema() any {
	s := schemas{definitions: map[string]any{}}
	document := s.object(reflect.TypeFor[Document]())
	document["$schema"] = "http://json-schema.org/draft-07/schema#"
	document["title"] = "The input document of Aviary's rules"
	document["definitions"] = s.definitions
	return document
}

// schemas gathers one definition for each struct.
type schemas struct {
	definitions map[string]any
}

func (s schemas) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []any{}
	for field := range fieldsOf(t) {
		key, optional := tagOf(field)
		properties[key] = s.of(field.Type)
		if !optional {
			required = append(required, key)
		}
	}
	return map[string]any{
		"type": "object", "properties": properties, "required": required, "additionalProperties": false,
	}
}

func (s schemas) of(t reflect.Type) map[string]any {
	if t == reflect.TypeFor[Int]() {
		return map[string]any{"type": "integer"}
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return map[string]any{"type": "integer"}
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": s.of(t.Elem())}
	case reflect.Struct:
		if _, known := s.definitions[t.Name()]; !known {
			s.definitions[t.Name()] = s.object(t)
		}
		return map[string]any{"$ref": "#/definitions/" + t.Name()}
	default:
		panic(fmt.Sprintf("the input document can't have a %s", t))
	}
}
