package elastic

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"

	"github.com/pentoai/vectory/internal/catalog"
)

// Config says where the cluster is and who asks.
type Config struct {
	URL                string        // "": the one that Local names
	Local              func() string // asked before each request; it may give "": none
	APIKey             string        // as Elasticsearch encodes it, or id:key
	Username, Password string
	CA                 string // path of a PEM file
	Fingerprint        string // SHA-256 of the certificate or of its authority's, in hexadecimal
}

// connection is the way to one address; without a transport there is none.
type connection struct {
	url       string // as it was named
	address   string // without credentials
	user      string // who asks; "": a key, or nobody
	transport *elastictransport.Client
}

// restart ends the hints about what a daemon reads at its start.
const restart = "; then restart with: vectory stop"

func (c Config) connect(named string) (connection, error) {
	if named == "" {
		return connection{}, nil
	}
	address, err := url.Parse(named)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return connection{}, catalog.Errorf(catalog.Invalid, "ELASTICSEARCH_URL is no address: it is http:// or https://, a host and a port").WithHint("for example http://127.0.0.1:9200%s", restart)
	}
	options, err := c.options(address)
	if err != nil {
		return connection{}, err
	}
	client, err := elastictransport.NewClient(options...)
	if err != nil {
		return connection{}, catalog.Errorf(catalog.Invalid, "the connection to %s cannot be prepared: %s", address.Redacted(), err)
	}
	bare := *address // the transport reads the other
	bare.User = nil
	user := c.Username
	if address.User != nil {
		user = address.User.Username()
	} else if c.APIKey != "" {
		user = ""
	}
	return connection{named, bare.String(), user, client}, nil
}

// idleConnections stay open for the next requests.
const idleConnections = 16

// options are those of the transport; what was not said is left out.
func (c Config) options(address *url.URL) ([]elastictransport.Option, error) {
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, errors.New("the standard transport is another")
	}
	transport = transport.Clone()
	transport.DisableCompression = true // answers are short, and a cluster takes longer to press them than to send them
	transport.MaxIdleConnsPerHost = idleConnections
	transport.WriteBufferSize = 64 << 10 // a query leaves in one piece
	var err error
	if transport.TLSClientConfig, err = c.trusted(); err != nil {
		return nil, err
	}
	options := []elastictransport.Option{elastictransport.WithURLs(address), elastictransport.WithTransport(transport), elastictransport.WithDisableRetry(), elastictransport.WithUserAgent("vectory")}
	if key := c.APIKey; key != "" {
		if strings.Contains(key, ":") { // not encoded yet
			key = base64.StdEncoding.EncodeToString([]byte(key))
		}
		options = append(options, elastictransport.WithAPIKey(key))
	}
	if c.Username != "" {
		options = append(options, elastictransport.WithBasicAuth(c.Username, c.Password))
	}
	return options, nil
}

// trusted says which certificates are believed: nil, those that this machine trusts.
func (c Config) trusted() (*tls.Config, error) {
	if c.Fingerprint != "" {
		want, err := hex.DecodeString(strings.ReplaceAll(c.Fingerprint, ":", ""))
		if err != nil || len(want) != sha256.Size {
			return nil, catalog.Errorf(catalog.Invalid, "ELASTICSEARCH_FINGERPRINT is no SHA-256 in hexadecimal: that has 64 digits").
				WithHint("openssl x509 -in http_ca.crt -noout -fingerprint -sha256 prints it%s", restart)
		}
		return &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true, //nolint:gosec // VerifyPeerCertificate does it
			VerifyPeerCertificate: func(sent [][]byte, _ [][]*x509.Certificate) error { return hasFingerprint(sent, want) }}, nil
	}
	if c.CA == "" {
		return nil, nil //nolint:nilnil // the standard one
	}
	pem, err := os.ReadFile(c.CA)
	if err != nil {
		return nil, catalog.Errorf(catalog.Invalid, "ELASTICSEARCH_CA=%q cannot be read: %s", c.CA, lastCause(err)).WithHint("name the PEM file of the authority that signed the cluster's certificate%s", restart)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, catalog.Errorf(catalog.Invalid, "ELASTICSEARCH_CA=%q holds no certificate", c.CA).WithHint("name the PEM file of the authority that signed the cluster's certificate%s", restart)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}, nil
}

// errFingerprint is the error of a certificate that is not the one that was named.
var errFingerprint = errors.New("its certificate has another fingerprint than ELASTICSEARCH_FINGERPRINT")

// hasFingerprint accepts the certificate of a server that is the one named, or that the one named, which it sends along,
// has signed: that a certificate is sent proves nothing by itself.
func hasFingerprint(sent [][]byte, want []byte) error {
	var certificates []*x509.Certificate
	for _, raw := range sent {
		certificate, err := x509.ParseCertificate(raw)
		if err != nil {
			return err
		}
		certificates = append(certificates, certificate)
	}
	for i, certificate := range certificates {
		if sum := sha256.Sum256(certificate.Raw); !bytes.Equal(sum[:], want) {
			continue
		}
		if i == 0 {
			return nil
		}
		roots, between := x509.NewCertPool(), x509.NewCertPool()
		roots.AddCert(certificate)
		for _, other := range certificates[1:] {
			between.AddCert(other)
		}
		_, err := certificates[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between})
		return err
	}
	return errFingerprint
}

// unreachable says why there was no answer.
func (c *Cluster) unreachable(ctx context.Context, now connection, err error) error {
	if ctx.Err() != nil {
		return catalog.Errorf(catalog.Canceled, "the request to Elasticsearch was stopped: %w", context.Cause(ctx))
	}
	hint := "is it running? check ELASTICSEARCH_URL"
	if c.config.URL == "" {
		hint = "it was started here: vectory elastic up starts it again"
	}
	text := err.Error()
	var noTLS tls.RecordHeaderError
	var unknown x509.UnknownAuthorityError
	var otherName x509.HostnameError
	switch {
	case errors.As(err, &noTLS):
		hint = "it speaks http: write http:// in ELASTICSEARCH_URL" + restart
	case errors.As(err, &otherName):
		hint = "write a name that its certificate has in ELASTICSEARCH_URL, or name the certificate by ELASTICSEARCH_FINGERPRINT" + restart
	case errors.As(err, &unknown):
		hint = "name its certificate with ELASTICSEARCH_CA or ELASTICSEARCH_FINGERPRINT" + restart
	case errors.Is(err, errFingerprint):
		hint = "is it the right cluster, or was its certificate renewed? openssl x509 -in http_ca.crt -noout -fingerprint -sha256 prints one" + restart
	case strings.Contains(text, "malformed HTTP response"), strings.Contains(text, "EOF"):
		hint = "perhaps it speaks https: write https:// in ELASTICSEARCH_URL" + restart
	}
	return &catalog.Error{Code: catalog.Unavailable, Message: "Elasticsearch at " + now.address + " does not answer: " + lastCause(err).Error(), Hint: hint, Err: err}
}

func lastCause(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}

// unknown says that a cluster does not take who asks.
func (c *Cluster) unknown(now connection) error {
	switch {
	case now.user != "":
		return catalog.Errorf(catalog.Unauthorized, "Elasticsearch at %s does not accept the user '%s' with this password", now.address, now.user).
			WithHint("check ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD%s", restart)
	case c.config.APIKey != "":
		return catalog.Errorf(catalog.Unauthorized, "Elasticsearch at %s does not accept the key of ELASTICSEARCH_API_KEY", now.address).
			WithHint("it may have expired or be another cluster's: make one, and take what it is called 'encoded'%s", restart)
	}
	return catalog.Errorf(catalog.Unauthorized, "Elasticsearch at %s wants to know who asks", now.address).
		WithHint("set ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD%s", restart)
}
