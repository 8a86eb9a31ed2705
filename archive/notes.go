package archive

import (
	"context"
	"fmt"

	"trame"
)

// Note returns a small value that another room keeps here between two runs, or
// trame.ErrNotFound.
func (a *Archive) Note(ctx context.Context, key string) (string, error) {
	found, err := collect(ctx, a, func(row scanner) (v string, err error) { return v, row.Scan(&v) },
		`SELECT value FROM notes WHERE name = $1`, clean(key))
	if err == nil && len(found) == 0 {
		err = trame.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("note %s: %w", key, err)
	}
	return found[0], nil
}

// SetNote keeps a small value, and forgets it when it is empty. Keys begin with
// the name of the room: "crawler/robots/example.org".
func (a *Archive) SetNote(ctx context.Context, key, value string) error {
	err := a.write(ctx, func(t *tx) error {
		query, args := `DELETE FROM notes WHERE name = $1`, []any{clean(key)}
		if value != "" {
			query = `INSERT INTO notes (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
			args = append(args, clean(value))
		}
		_, err := t.exec(query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("set note %s: %w", key, err)
	}
	return nil
}
