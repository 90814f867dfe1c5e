// Command show prints its version; a test builds it with the flag that releases are built with.
package main

import (
	"fmt"

	"aviary.dev/version"
)

func main() { fmt.Println(version.Current()) }
