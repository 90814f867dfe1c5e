package route

import (
	"slices"
	"testing"
)

// TestSamples: of what an expression fits a short path, and one with all that may be left out and the last choice; of a
// prefix itself, and some beneath it.
func TestSamples(t *testing.T) {
	t.Parallel()
	cases := map[Path][]string{
		{Exact, "/echo"}:               {"/echo"},
		{Prefix, "/echo"}:              {"/echo", "/echo/", "/echo/a", "/echo/0/a"},
		{Prefix, "/echo/"}:             {"/echo/", "/echo/", "/echo/a", "/echo/0/a"},
		{Prefix, "/echo//"}:            {"/echo//"},
		{Regex, "/(ab|cd)e?"}:          {"/ab", "/cde"},
		{Regex, "/(ab|cd|ef)x*"}:       {"/ab", "/efx"},
		{Regex, "/[a-z]+"}:             {"/a", "/z"},
		{Regex, "/[0-9]"}:              {"/0", "/9"},
		{Regex, "/[x-y]"}:              {"/x", "/x"},
		{Regex, "/[^a]"}:               {"/0", "/_"},
		{Regex, "/[^a-z]"}:             {"/0", "/_"},
		{Regex, "/[!-0]"}:              {"/0", "/-"},
		{Regex, "/..(?s:.)"}:           {"/aaa", "/aaa"},
		{Regex, `/a\bc`}:               nil, // no word ends there
		{Regex, `/[^\x00-\x{10FFFF}]`}: nil,
		{Regex, "/e("}:                 nil,
		{Kind: NoPath}:                 nil,
		{Kind: Connect}:                nil,
	}
	for p, want := range cases {
		if got := p.samples(); !slices.Equal(got, want) {
			t.Errorf("samples of %s = %q, want %q", p, got, want)
		}
	}
}
