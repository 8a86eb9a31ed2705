package french

// maxima answers which numbers of a extent are the greatest, without reading the
// extent: level 0 holds the numbers, and each level above the greatest of every
// sixteen below.
type maxima [][]uint32

const (
	maximaBits = 4 // of sixteen
	maximaWide = 1 << maximaBits
)

// extent is a half-open range of forms or of words.
type extent struct{ from, to uint32 }

// branch is a place in maxima.
type branch struct {
	count uint32
	at    uint32
	level uint32
}

// before orders branches: the greater number first, of equal ones that which
// begins first, of those that begin together the wider.
func (b branch) before(c branch) bool {
	if b.count != c.count {
		return b.count > c.count
	}
	if x, y := uint64(b.at)<<(maximaBits*b.level), uint64(c.at)<<(maximaBits*c.level); x != y {
		return x < y
	}
	return b.level > c.level
}

func newMaxima(numbers []uint32) maxima {
	m := maxima{numbers}
	for len(numbers) > 1 {
		above := make([]uint32, (len(numbers)+maximaWide-1)/maximaWide)
		for i, n := range numbers {
			above[i/maximaWide] = max(above[i/maximaWide], n)
		}
		m = append(m, above)
		numbers = above
	}
	return m
}

// greatest returns the places of the n greatest numbers above 0 in extents, the
// greatest first, of equal ones the first.
func (m maxima) greatest(n int, extents ...extent) []uint32 {
	var heap branches
	for _, s := range extents {
		heap = m.cover(heap, s)
	}
	var found []uint32
	for len(heap) > 0 && len(found) < n {
		b := heap.pop()
		if b.level == 0 {
			if k := len(found); k == 0 || found[k-1] != b.at { // extents may overlap
				found = append(found, b.at)
			}
			continue
		}
		below := m[b.level-1]
		for i := b.at << maximaBits; i < min((b.at+1)<<maximaBits, uint32(len(below))); i++ {
			heap = m.push(heap, i, b.level-1)
		}
	}
	return found
}

// cover pushes the fewest branches that make up a extent.
func (m maxima) cover(heap branches, s extent) branches {
	for level := uint32(0); s.from < s.to; level++ {
		for s.from < s.to && s.from%maximaWide != 0 {
			heap = m.push(heap, s.from, level)
			s.from++
		}
		for s.from < s.to && s.to%maximaWide != 0 {
			s.to--
			heap = m.push(heap, s.to, level)
		}
		s.from >>= maximaBits
		s.to >>= maximaBits
	}
	return heap
}

func (m maxima) push(heap branches, at, level uint32) branches {
	if count := m[level][at]; count > 0 {
		heap.push(branch{count, at, level})
	}
	return heap
}

// branches is a heap: no branch comes before that at half its place.
type branches []branch

func (h *branches) push(b branch) {
	*h = append(*h, b)
	a := *h
	for i := len(a) - 1; i > 0 && a[i].before(a[(i-1)/2]); i = (i - 1) / 2 {
		a[i], a[(i-1)/2] = a[(i-1)/2], a[i]
	}
}

func (h *branches) pop() branch {
	a := *h
	top := a[0]
	last := len(a) - 1
	a[0] = a[last]
	a = a[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(a) {
			break
		}
		if child+1 < len(a) && a[child+1].before(a[child]) {
			child++
		}
		if !a[child].before(a[i]) {
			break
		}
		a[i], a[child] = a[child], a[i]
		i = child
	}
	*h = a
	return top
}
