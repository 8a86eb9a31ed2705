package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/net/idna"
)

// guard decides which addresses may be connected to. It looks twice: at the
// address as written, before anything is resolved, and at the address that is
// dialled, which alone can be trusted (names resolve to anything).
type guard struct {
	allow []AddrPorts
}

// special are the parts of 2000::/3 and of IPv4 that are not public, from IANA's
// special-purpose address registries (RFC 6890 and its updates). The predicates
// of net/netip miss half of them.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

// globalUnicast6 is all that IANA has given out for public IPv6. What is not in
// it (::/96, 64:ff9b::/96, fc00::/7, fe80::/10, ff00::/8…) is not public.
var globalUnicast6 = netip.MustParsePrefix("2000::/3")

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// public reports whether an unmapped address is one of the public internet.
func public(a netip.Addr) bool {
	if a.Zone() != "" || a.Is6() && !globalUnicast6.Contains(a) {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return a.IsValid()
}

// address returns nil where a connection may be opened, else ErrAddress.
func (g guard) address(ap netip.AddrPort) error {
	ap = netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	for _, a := range g.allow {
		if a.holds(ap) {
			return nil
		}
	}
	if !public(ap.Addr()) {
		return fmt.Errorf("%s: %w: not a public address", ap, ErrAddress)
	}
	if ap.Port() != 80 && ap.Port() != 443 {
		return fmt.Errorf("%s: %w: ports 80 and 443 only", ap, ErrAddress)
	}
	return nil
}

// port is address where only the port is known.
func (g guard) port(host string, port uint16) error {
	if port == 80 || port == 443 {
		return nil
	}
	for _, a := range g.allow {
		if a.First <= port && port <= a.Last {
			return nil
		}
	}
	return fmt.Errorf("%s port %d: %w: ports 80 and 443 only", host, port, ErrAddress)
}

// control is a net.Dialer's ControlContext: it sees the address of every socket
// before it connects, after all resolving.
func (g guard) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("%s %s: %w: TCP only", network, address, ErrAddress)
	}
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%s: %w: %v", address, ErrAddress, err)
	}
	return g.address(ap)
}

// check looks at an address as written and returns its host as "host:port", in
// lower case and ASCII: the key of its pace and its robots.txt. It resolves
// nothing, so that a refused address causes no DNS query.
func (g guard) check(u *url.URL) (string, error) {
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("scheme %q: %w", u.Scheme, ErrScheme)
	}
	if u.User != nil {
		return "", fmt.Errorf("%s: %w: it carries a user name", u.Host, ErrAddress)
	}
	if n := len(u.Host) + len(u.Path) + len(u.RawPath) + len(u.RawQuery); n > maxURL {
		return "", fmt.Errorf("%w: %d bytes long", ErrAddress, n)
	}
	name, err := hostName(u)
	if err != nil {
		return "", err
	}
	port, err := portOf(u)
	if err != nil {
		return "", err
	}
	if a, err := netip.ParseAddr(name); err == nil {
		if err := g.address(netip.AddrPortFrom(a, port)); err != nil {
			return "", err
		}
	} else if numeric(name) {
		return "", fmt.Errorf("%s: %w: not a name, and no plain IP address", name, ErrAddress)
	} else if err := g.port(name, port); err != nil {
		return "", err
	}
	return net.JoinHostPort(name, strconv.Itoa(int(port))), nil
}

// hostName returns the host in lower case and ASCII, as net/http resolves it:
// IDNA maps ①②⑦.⓪.⓪.① and 127。0。0。1 to 127.0.0.1.
func hostName(u *url.URL) (string, error) {
	name := strings.ToLower(u.Hostname())
	for i := range len(name) {
		if name[i] < 0x80 {
			continue
		}
		ascii, err := idna.Lookup.ToASCII(name)
		if err != nil {
			return "", fmt.Errorf("host %q: %w: %v", u.Hostname(), ErrAddress, err)
		}
		name = ascii
		break
	}
	name = strings.TrimSuffix(name, ".")
	if name == "" || len(name) > 253 {
		return "", fmt.Errorf("host %q: %w: no host name", u.Hostname(), ErrAddress)
	}
	return name, nil
}

func portOf(u *url.URL) (uint16, error) {
	switch s := u.Port(); {
	case s != "":
		n, err := parsePort(s)
		if err != nil {
			return 0, fmt.Errorf("%s: %w: %v", u.Host, ErrAddress, err)
		}
		return n, nil
	case u.Scheme == "https":
		return 443, nil
	}
	return 80, nil
}

// numeric reports whether a host ends in a number, which the URL standard takes
// for an IPv4 address and some resolvers too (127.1, 2130706433, 0x7f.1): no
// name of the public DNS does (URL standard, "ends in a number").
func numeric(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}
