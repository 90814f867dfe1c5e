package convention

import "time"

// Stamp layout: RFC 3339 with milliseconds, in UTC.
const stampLayout = "2006-01-02T15:04:05.000Z"

// fresh is how old a stamp in a request may be to count as a retry or a reinvocation.
const fresh = 30 * time.Second

// stamp decides the value of one stamp of the object in a request.
type stamp struct {
	old, sent string // in the old object and in the request; empty if absent
	created   bool   // the request creates the object
	changed   bool   // what the stamp describes changes
	now       time.Time
	newest    time.Time // the newest such stamp among the app's other versions
}

// value returns what the stamp must be; empty for none. Without a change the old one stays. With
// one it is the time now, or just after the newest of the others, so that clocks that differ never
// reverse an order; a stamp in the request is kept if it can't lie about the future and is a
// restore or a retry.
func (s stamp) value() string {
	if !s.changed {
		return s.old
	}
	if at, err := time.Parse(time.RFC3339Nano, s.sent); err == nil && !at.After(s.now) {
		before, _ := time.Parse(time.RFC3339Nano, s.old)
		if s.created || at.After(before) && s.now.Sub(at) < fresh {
			return s.sent
		}
	}
	at := s.now
	if next := s.newest.Add(time.Millisecond); next.After(at) {
		at = next
	}
	return at.UTC().Format(stampLayout)
}
