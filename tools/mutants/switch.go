package main

import "fmt"

const (
	// awake is the function that tells a mutant whether it is the one; variable names it in the environment.
	awake    = "mutantIsAwake"
	variable = "MUTANT"
	// record names in the environment a file that has a byte for each mutant, which one that asks makes 1.
	record = "MUTANTS_ASKED"
)

const switchFile = `package %s

import (
	"os"
	"strconv"
	"syscall"
)

var awakeMutant, _ = strconv.Atoi(os.Getenv("` + variable + `"))

var askedMutants = func() []byte {
	file, err := os.OpenFile(os.Getenv("` + record + `"), os.O_RDWR, 0)
	if err != nil {
		return nil
	}
	asked, err := syscall.Mmap(int(file.Fd()), 0, %d, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	return asked
}()

func ` + awake + `(id int) bool {
	if askedMutants != nil {
		askedMutants[id] = 1
	}
	return id == awakeMutant
}
`

// switchOf is the file that wakes a package's mutants, whose ids are 1 to total with those of others.
func switchOf(name string, total int) []byte { return fmt.Appendf(nil, switchFile, name, total+1) }
