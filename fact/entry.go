package fact

// Entry is how requests come in at a root.
type Entry struct {
	// Domains are those that it serves, as written; where none is, those that the dialect then takes.
	Domains []string
	// Field is the path of the domains in the object. Stated: some are written.
	Field  string
	Stated bool
	// Encryption tells entries with TLS apart by all but Names, which are the server names that it is for, in lower
	// case; empty without TLS.
	Encryption string
	Names      []string
}

// Beside reports whether both are on one listener, on which a domain stands once.
func (e *Entry) Beside(o *Entry) bool { return (e.Encryption == "") == (o.Encryption == "") }

// ServerNames are those that it is for; an empty one if it has TLS for all.
func (e *Entry) ServerNames() []string {
	if e.Encryption != "" && len(e.Names) == 0 {
		return everyName
	}
	return e.Names
}

var everyName = []string{""}

// Keys are those by which a root is found: its domains, its server names and its encryption. Some may stand twice.
func (e *Entry) Keys() []string {
	out := make([]string, 0, len(e.Domains)+len(e.Names)+2)
	for _, domain := range e.Domains {
		out = append(out, FoldDomain(domain))
	}
	for _, name := range e.ServerNames() {
		out = append(out, NameKey(name))
	}
	if e.Encryption != "" {
		out = append(out, EncryptionKey(e.Encryption))
	}
	return out
}

// NameKey is the key of the roots with a server name, or, of an empty one, with TLS for all.
func NameKey(name string) string { return "\x00name " + FoldDomain(name) }

// EncryptionKey is the key of the roots with an encryption.
func EncryptionKey(encryption string) string { return "\x00tls " + FoldDomain(encryption) }
