package convention

// Stamped finds the stamps that a write of the status changes. Defaulting, which writes them and keeps others from
// doing so, is asked about the Deployment itself only.
func Stamped(old, now map[string]string) (out []Finding) {
	for _, key := range []string{KeyPromotedAt, KeyWeightRaisedAt, KeyOverriddenAt} {
		was, had := old[key]
		if is, has := now[key]; has == had && is == was {
			continue
		}
		out = append(out, Finding{
			Key: key, Field: Annotation(key),
			Message: "is Aviary's, nobody may change it by way of the status", Fix: "leave it as it is",
		})
	}
	return out
}
