package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// peers asks the engine in process beside the engines that ../shared/peers/run.sh
// has built and indexed in work, in one rotation, on the same n articles and
// queries. The articles are imported by the real binary where that has not been
// done yet. JAVA_HOME names a JDK for Lucene.
func (b bench) peers(ctx context.Context, work string, n int) error {
	shared, err := filepath.Abs("../shared/peers")
	if err != nil {
		return err
	}
	own, err := os.Executable()
	if err != nil {
		return err
	}
	folder := filepath.Join(work, fmt.Sprintf("n%d", n))
	data, queries := filepath.Join(folder, "trame"), filepath.Join(work, "queries.txt")
	if _, err := os.Stat(filepath.Join(data, "archive.db")); err != nil {
		c := exec.CommandContext(ctx, b.trame, "import", filepath.Join(folder, "articles.jsonl"), "--data", data)
		c.Stdout, c.Stderr = os.Stderr, os.Stderr
		if err := c.Run(); err != nil {
			return fmt.Errorf("import the articles that ../shared/peers/run.sh %s %d makes: %w", work, n, err)
		}
		used := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
		fmt.Printf("import: %d articles, %.1f s of CPU, %.0f a CPU-second\n", n, used.Seconds(), float64(n)/used.Seconds())
	}
	args := []string{filepath.Join(shared, "drive.py"), queries, "--warm", "1", "--warm-jvm", "10", "--passes", "1", "--out", filepath.Join(b.dir, "raw.jsonl")}
	args = append(args, fmt.Sprintf("trame=a,b,c=%s engine serve %s %s", own, data, queries))
	for _, p := range []struct{ name, index, modes, command string }{
		{"tantivy", "tantivy", "a,b,c", filepath.Join(work, "target/release/peer-tantivy") + " serve %s %s own"},
		{"tantivy-ram", "tantivy", "b", filepath.Join(work, "target/release/peer-tantivy") + " serve %s %s ram"},
		{"lucene", "lucene", "a,b,c", filepath.Join(os.Getenv("JAVA_HOME"), "bin/java") + " -Xms2g -Xmx4g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --add-modules jdk.incubator.vector -cp " +
			filepath.Join(work, "build/lucene/classes") + ":" + filepath.Join(work, "build/lucene/lib/*") + " Peer serve %s %s stock"},
		{"bleve", "bleve", "a,b,c", filepath.Join(work, "build/bin/stock-bleve") + " serve %s %s"},
		{"fts5", "fts5", "a,b,c", filepath.Join(work, "build/bin/fts5") + " serve %s %s"},
	} {
		if _, err := os.Stat(filepath.Join(folder, p.index)); err == nil {
			args = append(args, p.name+"="+p.modes+"="+fmt.Sprintf(p.command, filepath.Join(folder, p.index), queries))
		}
	}
	c := exec.CommandContext(ctx, "python3", args...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	return c.Run()
}
