// Package dryrun makes of manifests what they would be once they are applied: objects with their
// namespace and with what the defaulting webhook fills in, as facts, beside those of the siblings
// that Aviary would keep. A [World] holds these facts, alone or laid over those of a cluster. Audits
// and previews both start from one.
package dryrun
