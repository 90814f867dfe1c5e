package policy

import "fmt"

// Mode says what becomes of a finding. Modes are ordered: off < audit < warn < deny.
type Mode uint8

const (
	// ModeUnset is the zero value: nothing was said, the default holds. It has no text form.
	ModeUnset Mode = iota
	// ModeOff rules are not evaluated.
	ModeOff
	// ModeAudit findings are silent at admission and show in audit and metrics.
	ModeAudit
	// ModeWarn findings admit and tell.
	ModeWarn
	// ModeDeny findings refuse.
	ModeDeny
)

// ParseMode reads deny, warn, audit or off; anything else is an error that lists them.
func ParseMode(text string) (Mode, error) {
	for m := ModeOff; m <= ModeDeny; m++ {
		if m.String() == text {
			return m, nil
		}
	}
	return ModeUnset, fmt.Errorf("mode %q must be one of deny, warn, audit, off", text)
}

// String returns the text form; it is empty for ModeUnset.
func (m Mode) String() string {
	switch m {
	case ModeDeny:
		return "deny"
	case ModeWarn:
		return "warn"
	case ModeAudit:
		return "audit"
	case ModeOff:
		return "off"
	case ModeUnset:
	}
	return ""
}

// MarshalText returns the text form.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the text form as [ParseMode] does.
func (m *Mode) UnmarshalText(text []byte) error {
	parsed, err := ParseMode(string(text))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}

// modeText is a mode as YAML has it, not yet checked: off without quotes is false there.
type modeText string

// UnmarshalJSON takes any value, for ParseMode to refuse.
func (m *modeText) UnmarshalJSON(text []byte) error {
	switch {
	case string(text) == "false":
		*m = modeText(ModeOff.String())
	case len(text) > 1 && text[0] == '"':
		*m = modeText(text[1 : len(text)-1])
	default:
		*m = modeText(text)
	}
	return nil
}
