package policy

import "os"

// ReadFolder reads the platform team's own rules, which have the form of the built-in ones: each folder in dir is a rule.
func ReadFolder(dir string) ([]Rule, error) {
	rules, err := readRules(os.DirFS(dir))
	for i := range rules {
		rules[i].Source = dir + "/" + rules[i].ID
	}
	return rules, err
}
