//go:build race

package read

// slower is how much longer than usual anything may take here.
const slower = 10
