// Package joined takes joined errors apart.
package joined

// Errors returns the errors that err joins, as [errors.Join] does, and those that they join in
// turn. An error that joins none is returned alone; nil returns none.
func Errors(err error) []error {
	if err == nil {
		return nil
	}
	several, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range several.Unwrap() {
		out = append(out, Errors(e)...)
	}
	return out
}
