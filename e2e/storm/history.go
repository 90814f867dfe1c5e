package storm

import (
	"encoding/json"
	"fmt"
	"os"
)

// Write writes histories to a file.
func Write(path string, histories []History) error {
	text, err := json.Marshal(histories)
	if err != nil {
		return fmt.Errorf("write the history of a storm: %w", err)
	}
	return os.WriteFile(path, text, 0o600)
}

// Read reads what [Write] wrote.
func Read(path string) (histories []History, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &histories); err != nil {
		return nil, fmt.Errorf("read the history of a storm: %w", err)
	}
	return histories, nil
}

// Judge returns everything that is wrong in a history, but for Events that are missing.
func (h History) Judge() (wrong []string, n Checked) {
	wrong, n = h.FalseDenials()
	admissions, admitted := h.FalseAdmissions()
	handOvers, count := h.HandOvers()
	n.Admitted, n.HandOvers = admitted, count
	for _, more := range [][]string{admissions, handOvers, h.Rises(), h.RoutesToDeleted(), h.Behind()} {
		wrong = append(wrong, more...)
	}
	return wrong, n
}
