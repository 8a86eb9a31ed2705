package web

import (
	"slices"

	"trame"
)

// themeTree knows the order of the themes and which stands under which.
type themeTree struct {
	byID     map[string]trame.Theme
	roots    []string
	children map[string][]string
}

// newThemeTree builds the tree. A theme whose parent does not exist, or that
// would be its own ancestor, is a root.
func newThemeTree(themes []trame.Theme) *themeTree {
	t := &themeTree{byID: map[string]trame.Theme{}, children: map[string][]string{}}
	for _, th := range themes {
		t.byID[th.ID] = th
	}
	for _, th := range themes {
		if _, ok := t.byID[th.Parent]; ok && !t.circular(th.ID) {
			t.children[th.Parent] = append(t.children[th.Parent], th.ID)
		} else {
			t.roots = append(t.roots, th.ID)
		}
	}
	return t
}

func (t *themeTree) circular(id string) bool {
	seen := map[string]bool{}
	for at := id; at != ""; at = t.byID[at].Parent {
		if seen[at] {
			return true
		}
		seen[at] = true
	}
	return false
}

// name is the label of a theme, or its id where it is not ours.
func (t *themeTree) name(id string) string {
	if th, ok := t.byID[id]; ok {
		return th.Name("fr")
	}
	return id
}

// branch is a theme with what stands under it, as the filter shows it.
type branch struct {
	id       string
	level    int
	weight   int // the largest count in the branch
	children []branch
}

// branches returns the parts of the tree that carry a count or a choice, the
// fullest first, and then the themes that the tree does not know.
func (t *themeTree) branches(counts map[string]int, chosen []string) []branch {
	var bs []branch
	for _, id := range t.roots {
		if b, ok := t.branch(id, 0, counts, chosen); ok {
			bs = append(bs, b)
		}
	}
	var strangers []string
	for id := range counts {
		strangers = append(strangers, id)
	}
	slices.Sort(strangers)
	for _, id := range strangers {
		if _, ours := t.byID[id]; !ours {
			bs = append(bs, branch{id: id, weight: counts[id]})
		}
	}
	slices.SortStableFunc(bs, heavier)
	return bs
}

func (t *themeTree) branch(id string, level int, counts map[string]int, chosen []string) (branch, bool) {
	b := branch{id: id, level: level, weight: counts[id]}
	for _, child := range t.children[id] {
		if c, ok := t.branch(child, level+1, counts, chosen); ok {
			b.children = append(b.children, c)
			b.weight = max(b.weight, c.weight)
		}
	}
	slices.SortStableFunc(b.children, heavier)
	return b, b.weight > 0 || len(b.children) > 0 || slices.Contains(chosen, id)
}

func heavier(a, b branch) int { return b.weight - a.weight }

// flat lists a branch and what is under it, in the order of the page.
func (b branch) flat() []branch {
	all := []branch{b}
	for _, c := range b.children {
		all = append(all, c.flat()...)
	}
	return all
}
