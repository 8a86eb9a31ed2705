package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"
)

// postgresSchema makes a schema of its own on the server that TRAME_TEST_PG
// names and returns the DSN with which trame uses it.
func postgresSchema(t *testing.T) string {
	t.Helper()
	server := os.Getenv("TRAME_TEST_PG")
	if server == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("TRAME_TEST_PG is not set: in CI the crawl must run on PostgreSQL too")
		}
		t.Skip("TRAME_TEST_PG is not set")
	}
	c, err := pgx.ParseConfig(server)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	schema := fmt.Sprintf("cmd%d", os.Getpid())
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	q := url.Values{"host": {c.Host}, "port": {fmt.Sprint(c.Port)}, "user": {c.User}, "search_path": {schema}}
	return "postgres:///" + c.Database + "?" + q.Encode()
}

// TestPostgres lets two processes crawl into one archive on PostgreSQL at the
// same time and wants what one would have found, in the archive and in the index
// of each.
func TestPostgres(t *testing.T) {
	dsn, binary, web := postgresSchema(t), trameBinary(t), startDemo(t)
	data := []string{filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "two")}
	var both sync.WaitGroup
	for _, folder := range data {
		args := append([]string{"crawl", "--archive", dsn}, demoFolder(t, web, folder)...)
		both.Go(func() {
			if out, err := exec.CommandContext(t.Context(), binary, args...).CombinedOutput(); err != nil {
				t.Errorf("crawl: %v\n%s", err, out)
			}
		})
	}
	both.Wait()
	var found []map[string]bool
	for _, folder := range data {
		args := append([]string{"--archive", dsn}, demoFolder(t, web, folder)...)
		compareWithTruth(t, web, archived(t, command(t, binary, append([]string{"export"}, args...)...)))
		found = append(found, foundURLs(t, command(t, binary, append([]string{"search", "--json", "secret professionnel", "--per-page=100"}, args...)...)))
	}
	if len(found[0]) < 20 || fmt.Sprint(found[0]) != fmt.Sprint(found[1]) {
		t.Errorf("the two indexes answer differently: %v and %v", found[0], found[1])
	}
}
