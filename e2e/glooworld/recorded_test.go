package glooworld_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"aviary.dev/e2e/glooworld"
)

const sample = "testdata/worlds.jsonl"

var update = flag.Bool("update", false, "write the sample of recorded worlds")

// TestRecordedWorlds holds the model to what Gloo made of all recorded worlds, where they are at hand: in the
// folder that GLOO_WORLDS names, or beside the repository.
func TestRecordedWorlds(t *testing.T) { hold(t, recorded(t)) }

// TestSampledWorlds holds the model to the worlds that are part of the repository.
func TestSampledWorlds(t *testing.T) {
	lines, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	hold(t, lines)
}

// TestSample holds the sample to its rule: in the order of the recorded worlds, one is taken if one of its
// classes has fewer than four so far.
func TestSample(t *testing.T) {
	want := sampled(t, recorded(t))
	if *update {
		if err := os.WriteFile(sample, want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(sample); err != nil || !bytes.Equal(have, want) {
		t.Error("the sample isn't as its rule says; -update writes it", err)
	}
}

// recorded returns all recorded worlds, one in a line.
func recorded(t *testing.T) []byte {
	t.Helper()
	folder := os.Getenv("GLOO_WORLDS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "gloo-worlds")
	}
	file, err := os.Open(filepath.Join(folder, "worlds.jsonl.gz"))
	if err != nil {
		t.Skip("only the sample is at hand:", err)
	}
	defer func() { _ = file.Close() }()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func sampled(t *testing.T, lines []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	taken := map[string]int{}
	for line := range bytes.Lines(lines) {
		rare := false
		for _, class := range read(t, line)[0].Class {
			rare = rare || taken[class] < 4
		}
		if !rare {
			continue
		}
		out.Write(line)
		for _, class := range read(t, line)[0].Class {
			taken[class]++
		}
	}
	return out.Bytes()
}

func read(t *testing.T, lines []byte) []glooworld.Record {
	t.Helper()
	records, err := glooworld.ReadRecords(bytes.NewReader(lines))
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// hold reports where the model differs.
func hold(t *testing.T, lines []byte) {
	t.Helper()
	rows, differences, err := glooworld.Agreement(read(t, lines))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("agreement:\n%s", glooworld.Markdown(rows))
	for i, d := range differences {
		if i == 20 {
			t.Fatalf("and %d more differences", len(differences)-i)
		}
		t.Error(d)
	}
}
