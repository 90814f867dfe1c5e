package report

import (
	"fmt"
	"io"
	"strings"

	"aviary.dev/audit"
	"aviary.dev/policy"
)

// github writes workflow commands: each becomes an annotation of its file in a pull request, or of the
// run alone where there is no file.
func github(out io.Writer, r audit.Result, _ Options) error {
	var b strings.Builder
	for _, f := range r.Findings {
		level := map[policy.Mode]string{policy.ModeDeny: "error", policy.ModeWarn: "warning"}[f.Mode]
		if level == "" {
			level = "notice"
		}
		var where string
		if f.File != "" && f.File != audit.Stdin {
			where = fmt.Sprintf("file=%s,line=%d,", property.Replace(f.File), f.Line)
		}
		fmt.Fprintf(&b, "::%s %stitle=%s::%s\n", level, where, property.Replace(f.Rule),
			data.Replace(fmt.Sprintf("%s: %s: %s; %s", f.Object(), f.Field, f.Message, f.Fix)))
	}
	fmt.Fprintln(&b, sentence(r))
	_, err := io.WriteString(out, b.String())
	return err
}

// What may not stand in a command is written as the runner decodes it.
var (
	data     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
