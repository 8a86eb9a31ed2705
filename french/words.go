package french

import (
	_ "embed"
	"strings"
)

//go:embed acronyms.txt
var acronymList string

var (
	// elided are the words that lose their vowel before another.
	elided = set("l d j m t s n c qu jusqu lorsqu puisqu quoiqu presqu quelqu entr parcequ tandisqu")

	// stopWords are grammar alone. The list is short: sans, vers, non, chez, tout
	// carry meaning here, and what is merely common weighs little by itself.
	stopWords = set(`le la les l un une des du de d au aux et ou a en dans par pour sur avec ce cet cette ces que qu qui
		se s sa son ses leur leurs il elle ils elles je j tu nous vous on y n ne est sont etre c m t me te mon ma mes votre
		vos notre nos lui eux ai as avons avez ont quel quelle quels quelles comment quoi`)

	// acronymsLikeStopWords stay when written in capitals: assistant social,
	// éducateur spécialisé, comité d'entreprise, allocation d'insertion, conseil
	// économique et social, service éducatif, ministère.
	acronymsLikeStopWords = set("as es ce ai ces ses mes")

	// sansWords are the stems that make one term with sans before them, hyphen or not.
	sansWords = map[string]string{
		"abri": "sans-abri", "papi": "sans-papier", "domicil": "sans-domicile", "abrism": "sans-abrisme",
	}

	// acronyms are never stemmed: CPAS is not CPA.
	acronyms = set(acronymList)
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
