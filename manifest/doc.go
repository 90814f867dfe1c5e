// Package manifest turns text files into documents. YAML streams, JSON streams, Lists, and folders
// of these become one [Document] for each object, with the file and the line where it begins.
//
//	list.yaml            becomes
//	1  kind: List
//	2  items:
//	3  - kind: Service   Document{File: "list.yaml", Line: 3, Item: "items[0]", Text: …}
//	4  - kind: Upstream  Document{File: "list.yaml", Line: 4, Item: "items[1]", Text: …}
//
// Documents are handed on one by one, so that neither a file nor a List has to fit in memory. The
// text stays as it was written until somebody asks for its JSON.
package manifest
