package crawler

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"

	"trame/crawler/fetch"
)

// problemOf says in French, for people, why a fetch got no whole answer.
func problemOf(err error) string {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var netErr net.Error
	switch {
	case errors.Is(err, fetch.ErrUnavailable):
		return "Le fichier robots.txt du site ne répond pas : rien n’est visité en attendant."
	case errors.Is(err, fetch.ErrRobots):
		return "Le fichier robots.txt du site demande de ne pas visiter cette adresse."
	case errors.Is(err, fetch.ErrAddress), errors.Is(err, fetch.ErrScheme):
		return "Adresse non publique : elle n’est pas visitée."
	case errors.Is(err, fetch.ErrTooLarge):
		return "La réponse est trop grande pour être lue."
	case errors.Is(err, fetch.ErrRedirect), errors.Is(err, errTooManyHops):
		return "L’adresse renvoie sans fin vers d’autres adresses."
	case errors.Is(err, fetch.ErrEncoding):
		return "La réponse est codée d’une façon qui ne peut pas être lue."
	case errors.Is(err, fetch.ErrResting):
		return "Le site demande une pause."
	case errors.As(err, &dns):
		return "Le nom « " + dns.Name + " » n’est pas connu (DNS)."
	case errors.As(err, &cert):
		return "Le certificat du site n’est pas valable."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Le serveur refuse la connexion."
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "Le serveur a coupé la connexion."
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return "Le serveur n’a pas répondu à temps."
	}
	return "La page n’a pas pu être lue : " + shortened(err.Error(), 200)
}

func statusProblem(code int) string {
	text := http.StatusText(code)
	if text != "" {
		text = ", " + text
	}
	switch {
	case code == http.StatusTooManyRequests:
		return "Le site demande d’attendre (réponse 429)."
	case code >= 500:
		return "Le serveur est en erreur (réponse " + strconv.Itoa(code) + text + ")."
	}
	return "Le site répond " + strconv.Itoa(code) + text + "."
}

// shortened cuts a text to at most n bytes, between runes.
func shortened(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
