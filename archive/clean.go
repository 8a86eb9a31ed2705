package archive

import (
	"reflect"
	"strings"
	"unicode/utf8"
)

// clean returns s as text that both databases, a log and a page can bear: valid
// UTF-8, without NUL, other control characters than tab and line feed, the
// controls that turn the direction of text around (Unicode UAX #9: U+202A–U+202E,
// U+2066–U+2069), and the byte order mark. PostgreSQL refuses NUL; SQLite stores
// it and then cuts the text there.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if isForbidden(r) {
			return -1
		}
		return r
	}, s) // Map turns each invalid byte into U+FFFD
	return s
}

func isClean(s string) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < 0x7f {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if isForbidden(r) || r == utf8.RuneError && n == 1 {
			return false
		}
		i += n
	}
	return true
}

func isForbidden(r rune) bool {
	switch {
	case r == '\t' || r == '\n':
		return false
	case r < 0x20, 0x7f <= r && r <= 0x9f:
		return true
	case 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069, r == 0xfeff:
		return true
	}
	return false
}

// cleaned returns v with every string in it clean: fields, slices, maps and
// what pointers lead to, copied where they change hands. Going through the type
// rather than a list of fields means that a new field is clean from the start.
func cleaned[T any](v T) T {
	cleanValue(reflect.ValueOf(&v).Elem())
	return v
}

func cleanValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); !isClean(s) {
			v.SetString(clean(s))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				cleanValue(v.Field(i))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(v.Elem())
			cleanValue(p.Elem())
			v.Set(p)
		}
	case reflect.Slice:
		cleanSlice(v)
	case reflect.Map:
		cleanMap(v)
	}
}

func cleanSlice(v reflect.Value) {
	if v.Len() == 0 || v.Type().Elem().Kind() == reflect.Uint8 {
		return
	}
	s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	reflect.Copy(s, v)
	for i := range s.Len() {
		cleanValue(s.Index(i))
	}
	v.Set(s)
}

func cleanMap(v reflect.Value) {
	if v.Len() == 0 {
		return
	}
	m := reflect.MakeMapWithSize(v.Type(), v.Len())
	for it := v.MapRange(); it.Next(); {
		key, val := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		key.Set(it.Key())
		val.Set(it.Value())
		cleanValue(key)
		cleanValue(val)
		m.SetMapIndex(key, val)
	}
	v.Set(m)
}
