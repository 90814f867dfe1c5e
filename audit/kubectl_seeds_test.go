package audit

// kubectlSeeds are files that are read in unusual ways.
var kubectlSeeds = []string{
	"apiVersion: v1\nkind: List\nitems:\n- &b\n  apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: a}" +
		"\n- <<: *b\n  metadata: {name: c}\n",
	"apiVersion: v1\nkind: List\nitems:\n- {apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace" +
		": b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7\"}}}\n- kind: Service\n  apiVersion: v1\n  met" +
		"adata:\n    name: a\n    name: c\n",
	"{apiVersion: v1, kind: List, items: [\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespac" +
		"e: b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7\"}}},\n{\"apiVersion\":\"v1\",\"kind\":\"Serv" +
		"ice\",\"metadata\":{\"name\":\"s\",\"namespace\":\"b\"}}]}\n",
	"kind: List\napiVersion: v1\nitems:\n  - kind: List\n    apiVersion: v1\n    items: [{apiVersion: apps/v1, k" +
		"ind: Deployment, metadata: {name: a, namespace: b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7" +
		"\"}}}]\n",
	"apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: a}\n- metadata:\n    name: b\n  spec:" +
		" {replicas: 2}\n",
	"apiVersion: v1\nkind: Menu\nitems:\n- {apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace" +
		": b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7\"}}}\n- soup\n",
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nitems: [{apiVersion: apps/v1, kind: Deployment, metad" +
		"ata: {name: a, namespace: b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7\"}}}]\n",
	"apiVersion: apps/v1\nkind: Deployment\nitems:\n- metadata: {name: a}\nmetadata: {name: b}\n",
	"apiVersion: v1\nkind: List\n\"it\\u0065ms\": [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, n" +
		"amespace: b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7\"}}}]\n",
	"apiVersion: v1\n\"kind\": \"\\x4cist\"\nitems: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a," +
		" namespace: b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7\"}}}]\n",
	"apiVersion: v1\nkind: List\n!!binary aXRlbXM=: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a," +
		" namespace: b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7\"}}}]\n",
	"apiVersion: v1\nkind: List\nitems: []\nitems: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, " +
		"namespace: b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7\"}}}]\n",
	"apiVersion: v1\nkind: List\n? items\n: - {apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namesp" +
		"ace: b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7\"}}}\n",
	"a: &l\n  items: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: b, annotations: {av" +
		"iary.dev/app: a, aviary.dev/weight: \"7\"}}}]\n<<: *l\napiVersion: v1\nkind: List\n",
	"x-items: &i [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: b, annotations: {aviary" +
		".dev/app: a, aviary.dev/weight: \"7\"}}}]\napiVersion: v1\nkind: List\nitems: *i\n",
	"{\"apiVersion\":\"v1\",\"items\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name" +
		"\":\"a\",\"namespace\":\"b\"}}],\"kind\":\"List\"}",
	"{\"apiVersion\":\"v1\",\"kind\":\"Menu\",\"items\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"m" +
		"etadata\":{\"name\":\"a\",\"namespace\":\"b\"}}, 1]}",
	"{\"apiVersion\":\"v1\",\"items\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name" +
		"\":\"a\",\"namespace\":\"b\"}}],\"kind\":\"Menu\"}",
	"{\"apiVersion\":\"apps/v1\",\"kind\":\"DeploymentList\",\"items\":[{\"metadata\":{\"name\":\"a\"}},{}]}",
	"{\"apiVersion\":\"v1\",\"kind\":\"List\",\"it\\u0065ms\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment" +
		"\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}]}",
	"{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"m" +
		"etadata\":{\"name\":\"a\",\"namespace\":\"b\"}},\n{apiVersion: v1}]}",
	"{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}\n---" +
		"\n{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"namespace\":\"b\"}}\n",
	"{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}\n\n " +
		"---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: b, annotations: {aviary.dev/app" +
		": a, aviary.dev/weight: \"7\"}}}\n---\n{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":" +
		"\"s\",\"namespace\":\"b\"}}",
	"{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}{\"ap" +
		"iVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"namespace\":\"b\"}}\n---\n{\"apiVersi" +
		"on\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}",
	"{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}\n# c" +
		"\n---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: b, annotations: {aviary.dev/a" +
		"pp: a, aviary.dev/weight: \"7\"}}}\n",
	"{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}} {api" +
		"Version: apps/v1, kind: Deployment, metadata: {name: a, namespace: b, annotations: {aviary.dev/app: a, avia" +
		"ry.dev/weight: \"7\"}}}",
	"{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}\nkin" +
		"d: Service\napiVersion: v1\nmetadata: {name: x}\n",
	"---\n{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}" +
		"\n---\n{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"namespace\":\"b\"}}\n",
	"---\n{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}" +
		"\n{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"namespace\":\"b\"}}\n",
	"--- # c\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: b, annotations: {aviary.dev" +
		"/app: a, aviary.dev/weight: \"7\"}}}\n---#c\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, na" +
		"mespace: b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7\"}}}\n...\n{apiVersion: apps/v1, kind: " +
		"Deployment, metadata: {name: a, namespace: b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7\"}}}" +
		"\n",
	"--- {apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: b, annotations: {aviary.dev/app:" +
		" a, aviary.dev/weight: \"7\"}}}\n",
	"\n \t{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}" +
		"\n---\n{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"namespace\":\"b\"}}",
	"\ufeff{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: b, annotations: {aviary.dev/ap" +
		"p: a, aviary.dev/weight: \"7\"}}}\r\n---\r\n\ufeffapiVersion: v1\r\nkind: Service\r\nmetadata:\r\n  name: x" +
		"\r\n",
	"\u00a0{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: b, annotations: {aviary.dev/ap" +
		"p: a, aviary.dev/weight: \"7\"}}}\n",
	"\u2028{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}" +
		"}{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"namespace\":\"b\"}}",
	"                                                                                                           " +
		"                                                                                                           " +
		"                                                                                                           " +
		"                                                                                                           " +
		"                                                                                                           " +
		"                                                                 {\"apiVersion\":\"apps/v1\",\"kind\":\"Dep" +
		"loyment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"m" +
		"etadata\":{\"name\":\"s\",\"namespace\":\"b\"}}",
	"---                                                                      \n{apiVersion: apps/v1, kind: Depl" +
		"oyment, metadata: {name: a, namespace: b, annotations: {aviary.dev/app: a, aviary.dev/weight: \"7\"}}}",
	"apiVersion: apps/v1\nmetadata: {name: a}\nx: \"y\nkind: ConfigMap\n\"\n\"kind\": Deployment\n",
	"apiVersion: apps/v1\nmetadata: {name: a}\nx: 'y\nkind: ConfigMap\n'\n? kind\n: Deployment\n",
	"apiVersion: apps/v1\nmetadata: {name: a}\nkind: ConfigMap\n<<: {kind: Deployment}\n",
	"apiVersion: apps/v1\nmetadata: {name: a}\nkind: ConfigMap\n\"k\\x69nd\": Deployment\n",
	"apiVersion: apps/v1\nmetadata: {name: a}\nkind: ConfigMap\n!!binary a2luZA==: Deployment\n",
	"apiVersion: apps/v1\nmetadata: {name: a}\nkind: !!binary RGVwbG95bWVudA==\n",
	"apiVersion: apps/v1\nmetadata: {name: a}\nx: &k Deployment\nkind: *k\n",
	"apiVersion: apps/v1\nmetadata: {name: a}\n&k kind: ConfigMap\n*k : Deployment\n",
	"  apiVersion: apps/v1\n  metadata: {name: a}\n  kind: Deployment\nkind: ConfigMap\n",
	"{apiVersion: apps/v1, metadata: {name: a},\nkind: ConfigMap\n, \"kind\": Deployment}\n",
	"apiVersion: apps/v1\nmetadata: {name: a}\nkind: ConfigMap\rkind: Deployment\n",
	"apiVersion: apps/v1\nmetadata: {name: a}\nkind: ConfigMap\u2028kind: Deployment\n",
	"apiVersion: apps/v1\nmetadata: {name: a}\nkind: ConfigMap\nkind : Deployment\n",
	"apiVersion: apps/v1\nmetadata: {name: a}\nkind:\n  Deployment\n",
	"kind: Deployment\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n",
	"kind: \"Deploy\\\n  ment\"\napiVersion: apps/v1\nmetadata: {name: a}\n",
	"apiVersion: 1\nkind: Deployment\nmetadata: {name: a}\n",
	"kind: Deployment\nmetadata: {name: a}\n",
	"replicas: 1\n",
	"just words\n",
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, annotations: {aviary.dev/weight: 10}}\nspec: {re" +
		"plicas: \"2\"}\n",
	"{\"apiVersion\":\"apps/v1\",\"kind\":\"ConfigMap\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\"}}",
	"kind: Service\napiVersion: v1\nmetadata: {name: caf\u00e9}\n",
	// Bytes that are no UTF-8.
	"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"x\":\"\xff\"}}",
	"apiVersion: v1\nkind: ConfigMap\nx: \"\xff\"\nitems: [{apiVersion: v1, kind: Service, metadata: {name: a}}]\n",
	utf16Text("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"),
}

// kubectlPieces are pieces of text that mean different things in different places.
var kubectlPieces = []string{
	"apiVersion: v1\n", "apiVersion: apps/v1\n", "kind: Service\n", "metadata: {name: a}\n", "kind: List\n",
	"kind: Deployment\n", "kind: DeploymentList\n", "kind: ConfigMap\n", "\"kind\": Deployment\n", "kind : Service\n",
	"\"k\\x69nd\": \"Serv\\x69ce\"\n", "? kind\n", ": Service\n", "<<: *a\n", "items:\n", "items: ", "\"items\": ",
	"!!binary aXRlbXM=: ", "it\\u0065ms", "- ", "  ", "\n", "\r", "\r\n", "\t", "\"", "'", "|\n", ">-\n", "&a ", "*a",
	"{", "}", "[", "]", ", ", ": ", "# c\n", "---\n", "--- ", "---#\n", "...\n", "%YAML 1.1\n", "\\", "\ufeff", "\u2028",
	"\u0085", "\u00a0", "\x00", "\xff\xfe", "null", "[]\n", "x: \"\n", "\n\"\n", "x: |\n", "x: {\n", "  kind: Service\n",
	`{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"}}`, `{"apiVersion":"v1","kind":"List","items":[`, `]}`,
	`{"apiVersion":"apps/v1","items":[`, `],"kind":"Menu"}`, `"kind":"Deployment"`, `"apiVersion":"apps/v1"`,
	`"metadata":`, "- {apiVersion: v1, kind: Service, metadata: {name: i}}\n",
	"- metadata: {name: i}\n", "- &a {metadata: {name: j}}\n",
	"- apiVersion: v1\n  kind: Service\n  metadata:\n    name: k\n",
}

// utf16Text is a text as Windows writes it.
func utf16Text(text string) string {
	out := "\xff\xfe"
	for _, c := range text {
		out += string([]byte{byte(c), 0})
	}
	return out
}
