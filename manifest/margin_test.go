package manifest

import "testing"

// TestKind: the kind is told without parsing only where no other reading is possible.
func TestKind(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"kind: ConfigMap\n": "ConfigMap",
		"# c\n\napiVersion: v1\nkind: ConfigMap\ndata:\n- \"x": "ConfigMap",
		"  # c\napiVersion: v1\r\nkind: ConfigMap \r\n":        "ConfigMap",
		"a: \"\nkind: ConfigMap\n  \"\n":                       "ConfigMap", // or it has none
		"kind: ConfigMap # c\n":                                "",
		"kind: \"ConfigMap\"\n":                                "",
		"kind: !!binary x\n":                                   "",
		"kind:\n  ConfigMap\n":                                 "",
		"kind: ConfigMap\nkind: Service\n":                     "",
		"kind: ConfigMap\n\"kind\": Service\n":                 "",
		"kind: ConfigMap\n? kind\n: Service\n":                 "",
		"kind: ConfigMap\nkind : Service\n":                    "",
		"kind: ConfigMap\n<<: *a\n":                            "",
		"kind: ConfigMap\n&a b: c\n":                           "",
		"kind: ConfigMap\n!!str b: c\n":                        "",
		"kind: ConfigMap\n... # c\n":                           "",
		"kind: ConfigMap\n}\n":                                 "",
		"kind: ConfigMap\rkind: Service\n":                     "",
		"kind: ConfigMap\n# \u2028kind: Service\n":             "",
		"  kind: Service\nkind: ConfigMap\n":                   "",
		"- kind: ConfigMap\nkind: ConfigMap\n":                 "",
		" |\nkind: ConfigMap\n":                                "",
		"\ufeffkind: ConfigMap\n":                              "",
		"%YAML 1.1\nkind: ConfigMap\n":                         "",
		"{a: 1,\nkind: ConfigMap\n}":                           "",
		"apiVersion: v1\n":                                     "",
		"":                                                     "",
	} {
		d := Document{Text: []byte(text)}
		d.mayHaveItems()
		if kind := d.Kind(); string(kind) != want {
			t.Errorf("%q: %q, want %q", text, kind, want)
		}
	}
}
