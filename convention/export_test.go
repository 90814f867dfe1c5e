package convention

// Hash names the content of the template, for tests: others ask a [Version].
func (t Template) Hash() string { return t.hash() }
