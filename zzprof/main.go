package main

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"syscall"
	"time"

	"trame/archive"
	"trame/index"
)

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(0, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func main() {
	ctx := context.Background()
	a, err := archive.Open(ctx, "sqlite:"+os.Args[1]+"/archive.db", archive.Options{})
	if err != nil {
		panic(err)
	}
	dir := os.Args[2]
	os.RemoveAll(dir)
	e, err := index.Open(ctx, "bleve:"+dir, a, index.Options{})
	if err != nil {
		panic(err)
	}
	f, _ := os.Create("/tmp/wt/idx.prof")
	pprof.StartCPUProfile(f)
	t, c := time.Now(), cpu()
	err = index.CatchUp(ctx, a, e, nil)
	fmt.Println("catchup", err, time.Since(t), cpu()-c)
	e.Close()
	fmt.Println("closed", time.Since(t), cpu()-c)
	pprof.StopCPUProfile()
	f.Close()
}
