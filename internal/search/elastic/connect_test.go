package elastic_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/search/elastic"
)

// health asks a cluster how it is, and gives the error's code, message and hint.
func health(t *testing.T, c elastic.Config) (catalog.Code, string, string) {
	t.Helper()
	_, err := elastic.Open(c).Health(t.Context())
	var said *catalog.Error
	if err == nil {
		return "", "", ""
	}
	if !errors.As(err, &said) {
		t.Fatalf("not one of ours: %v", err)
	}
	return said.Code, said.Message, said.Hint
}

// cluster answers like a healthy one.
func cluster(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	fmt.Fprint(w, `{"nodes":{"a":{"version":"8.19.20"}}}`)
}

func TestSomethingElseThanElasticsearchIsNamed(t *testing.T) {
	answers := func(answer http.HandlerFunc) string {
		server := httptest.NewServer(answer)
		t.Cleanup(server.Close)
		return server.URL
	}
	body := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, text)
		}
	}
	open := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, map[bool]string{true: `{"version":{"distribution":"opensearch","number":"2.19.1"}}`, false: `{"nodes":{"a":{"version":"2.19.1"}}}`}[r.URL.Path == "/"])
	}
	of := func(version string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Elastic-Product", "Elasticsearch")
			fmt.Fprintf(w, `{"nodes":{"a":{"version":%q}}}`, version)
		}
	}
	plain := answers(cluster)
	for _, c := range []struct{ name, url, says, hint string }{
		{"a website", answers(body(200, "<html>")), "answers 200 OK, and is no Elasticsearch", "is the port right"},
		{"a website without that page", answers(body(404, "<html>")), "answers 404 Not Found, and is no Elasticsearch", "is the port right"},
		{"another program's error", answers(body(404, `{"detail":"Not Found"}`)), "answers 404 Not Found, and is no Elasticsearch", "is the port right"},
		{"a proxy without a cluster", answers(body(502, "Bad Gateway")), "answers 502 Bad Gateway", "a proxy"},
		{"OpenSearch", answers(open), "is OpenSearch 2.19.1 and is no Elasticsearch", "vectory elastic up"},
		{"an old version", answers(of("7.16.2")), "Elasticsearch 7.16.2 is not supported", "from 8.15.0 on versions 8 and 9"},
		{"one that lacks what is needed", answers(of("8.14.3")), "Elasticsearch 8.14.3 is not supported", "from 8.15.0 on"},
		{"one that is not known yet", answers(of("10.0.0-SNAPSHOT")), "Elasticsearch 10.0.0-SNAPSHOT is not supported", "8 and 9"},
		{"https to one that speaks http", strings.Replace(plain, "http:", "https:", 1), "does not answer", "write http://"},
		{"no address", "127.0.0.1:9200", "ELASTICSEARCH_URL is no address", "http://127.0.0.1:9200"},
		{"none", "", "no Elasticsearch is named", "vectory elastic up"},
		{"nobody there", "http://127.0.0.1:1", "connection refused", "is it running"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, message, hint := health(t, elastic.Config{URL: c.url})
			if want := map[bool]catalog.Code{true: catalog.Invalid, false: catalog.Unavailable}[c.name == "no address"]; code != want || !strings.Contains(message, c.says) || !strings.Contains(hint, c.hint) {
				t.Errorf("%s: %s; hint: %s", code, message, hint)
			}
		})
	}
}

// Who asks is told with every request, whichever way it was given, and each refusal names what was given.
func TestWhoAsks(t *testing.T) {
	var sent string
	known := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent = r.Header.Get("Authorization")
		if !known {
			w.WriteHeader(http.StatusUnauthorized) // without the header of the product, as the real one
			fmt.Fprint(w, `{"error":{"type":"security_exception","reason":"unable to authenticate"},"status":401}`)
			return
		}
		cluster(w, r)
	}))
	defer server.Close()
	for _, c := range []struct {
		name       string
		config     elastic.Config
		sent, says string
	}{
		{"nobody", elastic.Config{URL: server.URL}, "", "wants to know who asks"},
		{"a key", elastic.Config{URL: server.URL, APIKey: "aWQ6a2V5"}, "APIKey aWQ6a2V5", "does not accept the key of ELASTICSEARCH_API_KEY"},
		{"a key that is not encoded", elastic.Config{URL: server.URL, APIKey: "id:key"}, "APIKey aWQ6a2V5", "does not accept the key"},
		{"a user", elastic.Config{URL: server.URL, Username: "ann", Password: "pass"}, "Basic YW5uOnBhc3M=", "does not accept the user 'ann' with this password"},
		{"a user in the address", elastic.Config{URL: strings.Replace(server.URL, "//", "//ann:pass@", 1)}, "Basic YW5uOnBhc3M=", "does not accept the user 'ann'"},
	} {
		known = false
		code, message, hint := health(t, c.config)
		if code != catalog.Unauthorized || sent != c.sent || !strings.Contains(message, c.says) || !strings.Contains(hint, "ELASTICSEARCH_") && c.name != "a key" && c.name != "a key that is not encoded" {
			t.Errorf("%s: sent %q; %s: %s; hint: %s", c.name, sent, code, message, hint)
		}
		if strings.Contains(message+hint, "pass@") || strings.Contains(message+hint, "aWQ6a2V5") {
			t.Errorf("%s: a secret is told: %s", c.name, message)
		}
		known = true
		if err := elastic.Open(c.config).Publish(t.Context(), "alias", "index"); err != nil || sent != c.sent {
			t.Errorf("%s: sent %q, %v", c.name, sent, err)
		}
	}
}

// A certificate is believed by its fingerprint, as any program writes it, by its authority, or not at all.
func TestCertificatesAreBelievedByNameOnly(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(cluster))
	defer server.Close()
	server.Config.ErrorLog = nil
	sum := sha256.Sum256(server.Certificate().Raw)
	fingerprint := hex.EncodeToString(sum[:])
	colons := strings.ToUpper(strings.TrimSuffix(regexp.MustCompile("..").ReplaceAllString(fingerprint, "$0:"), ":"))
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name       string
		config     elastic.Config
		says, hint string
	}{
		{"unknown", elastic.Config{}, "unknown authority", "ELASTICSEARCH_CA or ELASTICSEARCH_FINGERPRINT"},
		{"by its authority", elastic.Config{CA: authority}, "", ""},
		{"by its fingerprint", elastic.Config{Fingerprint: fingerprint}, "", ""},
		{"as openssl prints it", elastic.Config{Fingerprint: colons}, "", ""},
		{"another", elastic.Config{Fingerprint: strings.Repeat("0", 64)}, "another fingerprint", "was its certificate renewed"},
		{"no fingerprint", elastic.Config{Fingerprint: "hello"}, "is no SHA-256", "openssl x509"},
		{"no file", elastic.Config{CA: text + "s"}, "cannot be read: no such file", "PEM file"},
		{"no certificate", elastic.Config{CA: text}, "holds no certificate", "PEM file"},
		{"another name", elastic.Config{CA: authority, URL: strings.Replace(server.URL, "127.0.0.1", "localhost", 1)}, "certificate is valid for", "a name that its certificate has"},
	} {
		if c.config.URL == "" {
			c.config.URL = server.URL
		}
		_, message, hint := health(t, c.config)
		if (message == "") != (c.says == "") || !strings.Contains(message, c.says) || !strings.Contains(hint, c.hint) {
			t.Errorf("%s: %s; hint: %s", c.name, message, hint)
		}
	}
}

// That a certificate is sent along proves nothing: who has another one cannot pass for its owner.
func TestACertificateThatIsOnlySentAlongIsNotBelieved(t *testing.T) {
	owner := httptest.NewTLSServer(http.HandlerFunc(cluster))
	defer owner.Close()
	sum := sha256.Sum256(owner.Certificate().Raw)
	thief := httptest.NewUnstartedServer(http.HandlerFunc(cluster))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	own, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	thief.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{own, owner.Certificate().Raw}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	thief.StartTLS()
	defer thief.Close()
	if _, message, _ := health(t, elastic.Config{URL: thief.URL, Fingerprint: hex.EncodeToString(sum[:])}); !strings.Contains(message, "unknown authority") {
		t.Errorf("it is believed: %q", message)
	}
}
