package convention

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// hash names the content of the template: ten hexadecimal digits that do not depend on the order of keys. It is
// computed when asked for, since most requests don't need it.
func (t Template) hash() string {
	var content any
	if len(t.raw) == 0 || json.Unmarshal(t.raw, &content) != nil {
		return ""
	}
	canonical, err := json.Marshal(content) // sorts the keys
	if err != nil {
		return ""
	}
	return digest(canonical)
}

// containers is a digest of what the template runs, which does not depend on the order of keys; see
// [Version.Containers].
func (t Template) containers() string {
	var content struct {
		Spec struct {
			Containers []struct {
				Name    string   `json:"name"`
				Image   string   `json:"image"`
				Command []string `json:"command"`
				Args    []string `json:"args"`
				Env     []any    `json:"env"`
			} `json:"containers"`
		} `json:"spec"`
	}
	if len(t.raw) == 0 || json.Unmarshal(t.raw, &content) != nil {
		return ""
	}
	canonical, err := json.Marshal(content.Spec.Containers) // sorts the keys
	if err != nil {
		return ""
	}
	return digest(canonical)
}

// SameTemplate reports whether both versions have the same pod template, to the last label; false where one was not
// read from an object.
func (v *Version) SameTemplate(o *Version) bool {
	if v.template == nil || o.template == nil {
		return false
	}
	hash := v.template.hash()
	return hash != "" && hash == o.template.hash()
}

const digestLength = 10

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:digestLength]
}
