package fetch

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// AddrPorts is one entry of TRAME_ALLOW_NET: an address and a span of ports,
// both ends included.
type AddrPorts struct {
	Addr        netip.Addr
	First, Last uint16
}

// ParseAllowNet reads "127.0.0.1:8101-8136,127.0.0.1:9000,[::1]:80". White space
// around entries and a final comma do not matter; names and networks are
// refused, because the guard compares addresses.
func ParseAllowNet(s string) ([]AddrPorts, error) {
	var list []AddrPorts
	for entry := range strings.SplitSeq(s, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		a, err := parseAddrPorts(entry)
		if err != nil {
			return nil, fmt.Errorf("%q: %w: want 127.0.0.1:8080, 127.0.0.1:8101-8136 or [::1]:80", entry, err)
		}
		list = append(list, a)
	}
	return list, nil
}

func parseAddrPorts(s string) (AddrPorts, error) {
	host, ports, err := cutPorts(s)
	if err != nil {
		return AddrPorts{}, err
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return AddrPorts{}, fmt.Errorf("%q is not an IP address", host)
	}
	if addr.Zone() != "" {
		return AddrPorts{}, fmt.Errorf("an address with a zone")
	}
	first, last, span := strings.Cut(ports, "-")
	if !span {
		last = first
	}
	a := AddrPorts{Addr: addr.Unmap()}
	if a.First, err = parsePort(first); err != nil {
		return AddrPorts{}, err
	}
	if a.Last, err = parsePort(last); err != nil {
		return AddrPorts{}, err
	}
	if a.Last < a.First {
		return AddrPorts{}, fmt.Errorf("ports %d-%d run backwards", a.First, a.Last)
	}
	return a, nil
}

// cutPorts parts "host:ports" and "[host]:ports"; a bare IPv6 address is not
// taken for one with a port.
func cutPorts(s string) (host, ports string, err error) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return "", "", fmt.Errorf("no port")
	}
	host, ports = s[:i], s[i+1:]
	inner, open := strings.CutPrefix(host, "[")
	inner, shut := strings.CutSuffix(inner, "]")
	if open != shut || open != strings.Contains(inner, ":") {
		return "", "", fmt.Errorf("an IPv6 address stands in brackets, another does not")
	}
	return inner, ports, nil
}

func parsePort(s string) (uint16, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is not a port", s)
	}
	return uint16(n), nil
}

// String returns the form that ParseAllowNet reads.
func (a AddrPorts) String() string {
	s := netip.AddrPortFrom(a.Addr, a.First).String()
	if a.Last != a.First {
		s += "-" + strconv.Itoa(int(a.Last))
	}
	return s
}

// holds reports whether the entry lets an address through. The address must be
// unmapped.
func (a AddrPorts) holds(ap netip.AddrPort) bool {
	return a.Addr == ap.Addr() && a.First <= ap.Port() && ap.Port() <= a.Last
}
