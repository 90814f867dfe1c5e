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

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:10]
}
