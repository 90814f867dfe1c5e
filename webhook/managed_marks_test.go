package webhook_test

import (
	"strings"
	"testing"
)

// Aviary puts back one mark that is taken away, and leaves alone who says that he manages the object. A request that
// takes both away hands the object over, and is judged like anybody's.
func TestMarksOfAManagedTable(t *testing.T) {
	t.Parallel()
	const (
		label, managedBy = `"aviary.dev/app":"echo",`, `"app.kubernetes.io/managed-by":"aviary"`
		helms            = `"app.kubernetes.io/managed-by":"Helm"`
		owners           = `"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"echo-v1","uid":"v1"}],`
		record           = `"aviary.dev/was-primary":"v1@a"`
	)
	const written = `"managedFields":[{"manager":"aviary","operation":"Update","apiVersion":"gateway.solo.io/v1"}],`
	owned := strings.Replace(keptTable, `"labels"`, written+owners+`"labels"`, 1)
	without := func(table string, parts ...string) string {
		for _, part := range parts {
			if !strings.Contains(table, part) {
				t.Fatalf("the table has no %s", part)
			}
			table = strings.Replace(table, part, "", 1)
		}
		return table
	}
	with := func(table, old, new string) string {
		_ = without(table, old)
		return strings.Replace(table, old, new, 1)
	}
	wrong := func(table string) string { return with(table, `"weight":10`, `"weight":20`) }
	strange := with(owned, `"uid":"v1"`, `"uid":"v0"`)
	cases := map[string]struct {
		reason, old, new string
		allowed          bool
		says, not        string
	}{
		"Helms":      {"its label stays", owned, with(owned, managedBy, helms), true, "", "Aviary keeps"},
		"HelmsWrong": {"it is kept", owned, wrong(with(owned, managedBy, helms)), true, putsBack + "|[weights-sum]", ""},
		"WasHelms":   {"it is kept", with(owned, managedBy, helms), wrong(owned), true, putsBack + "|[weights-sum]", ""},
		"Unmanaged":  {"the label comes back", owned, without(owned, managedBy+",\n"), true, putsBack, ""},
		"Unlabelled": {"an owner lives", owned, without(owned, label), true, putsBack, ""},
		"Relabelled": {"an owner lives", owned, with(owned, label, `"aviary.dev/app":"fox",`), true, putsBack, ""},
		"StillBare":  {"before it is put back", without(owned, label), wrong(without(owned, label)), true, putsBack, ""},
		"RecordTaken": {
			"in two steps", without(owned, label), without(owned, label, record+","), false,
			"[annotations-valid]", "",
		},
		"HandedOver": {"both at once", owned, without(owned, label, owners), true, "", "Aviary keeps"},
		"HandedOverWrong": {
			"as anybody's", owned, wrong(without(owned, label, owners)), false, "[weights-sum]", "Aviary keeps",
		},
		"HandedOverRecord": {
			"the record is no part of it", owned, without(owned, label, owners, record+","), false, "[annotations-valid]",
			"Aviary keeps",
		},
		"HandedBack": {
			"kept from now on", without(keptTable, label), wrong(keptTable), false,
			"[weights-sum]", "Aviary keeps",
		},
		"AnothersOwner": {
			"of another UID", strange, wrong(without(strange, label)), false,
			"[weights-sum]", "Aviary keeps",
		},
		"NeverWritten": {
			"Aviary never wrote it", without(owned, label, written), wrong(without(owned, label, written)), false,
			"[weights-sum]", "Aviary keeps",
		},
		"RestoredTaken": {"nobody owns it yet", keptTable, without(keptTable, label), true, "", "Aviary keeps"},
		"OnlyAnOwner": {
			"no name of Aviary's", copyOf(owned), wrong(copyOf(owned)), false,
			"[weights-sum]", "Aviary keeps",
		},
		"OwnersOnlyGone": {"the label is there", owned, wrong(without(owned, owners)), true, putsBack, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := review(t, "routetables", tableKind.Group, tableKind.Kind, "UPDATE", text(c.new), text(c.old))
			got := post(t, setting{}.webhook(t), body)
			said := strings.Join(got.Warnings, "\n")
			if got.Result != nil {
				said += got.Result.Message
			}
			for part := range strings.SplitSeq(c.says, "|") {
				if !strings.Contains(said, part) {
					t.Errorf("%s: must say %q, says %s", c.reason, part, said)
				}
			}
			if got.Allowed != c.allowed || c.not != "" && strings.Contains(said, c.not) {
				t.Errorf("%s: allowed %v, says %s", c.reason, got.Allowed, said)
			}
		})
	}
}

func copyOf(table string) string { return strings.Replace(table, "echo-routes", "copy", 1) }
