package convention

// Hash names the content of the template, for tests: others ask a [Version].
func (t Template) Hash() string { return t.hash() }

// ShadowName is the name of a shadow version's backend.
func ShadowName(app, version string) string { return shadowName(app, version) }

// ParseRecord reads what [Record.String] writes.
func ParseRecord(text string) Record { return parseRecord(text) }
